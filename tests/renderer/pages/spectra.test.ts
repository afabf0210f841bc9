// @vitest-environment happy-dom
import { flushPromises, type DOMWrapper, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import {
  LabError,
  spectrumRequest,
  windowInside,
  type MeasuredRequest,
  type ModelEntry,
  type ModelSpectrum,
  type SpectrumRequest,
} from '../../../contract/index.js'
import { spectrumFits, windowMap } from '../../../engine/probes/spectra/fits.js'
import { publishedSlope } from '../../../figures/published.js'
import {
  belowAxis,
  curveNames,
  NO_SURROUNDINGS,
  pushedApart,
  spectraOption,
} from '../../../renderer/charts/spectraOption.js'
import { useFigureData } from '../../../renderer/pages/figures/useFigureData.js'
import { bends, errorText, slopeText } from '../../../renderer/pages/spectra/fitWords.js'
import { parsedUnits } from '../../../renderer/pages/spectra/parsedUnits.js'
import SpectraPage from '../../../renderer/pages/spectra/SpectraPage.vue'
import {
  dependsOnWindow,
  FIRST_SETUP,
  openingWindow,
  paperLabel,
  requestOf,
  setupOfStored,
  spectraRows,
  spectrumCommand,
} from '../../../renderer/pages/spectra/spectraSetup.js'
import { roundedTicks, shadeOf, slopeRange } from '../../../renderer/pages/spectra/windowMap.js'
import { fakeLab, type FakeLab } from '../fakeLab.js'
import { button, mountPage } from '../mountPage.js'
import { drawnOptions } from '../stillCharts.js'

vi.mock('../../../renderer/charts/engine.js', async () => (await import('../stillCharts.js')).stillEngine())

const entry = (name: string, label: string, changes: Partial<ModelEntry> = {}): ModelEntry => ({
  name,
  label,
  origin: 'imported',
  run: null,
  note: null,
  source: null,
  sha256: 'ab',
  bytes: 1,
  addedAt: '2026-11-25T13:00:00.000Z',
  facts: {
    type: 'SHLP',
    inputSize: 3072,
    hiddenUnits: 200,
    classes: 10,
    activationExponent: 1,
    batchNorm: false,
    batchesSeen: 0,
  },
  ...changes,
})
const ENTRIES = [
  entry('bp', 'BP, CIFAR-10'),
  entry('mine', 'mine'),
  entry('digits', 'digits', {
    facts: {
      type: 'SHLP',
      inputSize: 784,
      hiddenUnits: 100,
      classes: 10,
      activationExponent: 1,
      batchNorm: false,
      batchesSeen: 0,
    },
  }),
  entry('layer', 'KH layer', {
    facts: {
      type: 'FKHL3',
      inputSize: 3072,
      hiddenUnits: 200,
      activationExponent: 4.5,
      lebesgueNorm: 3,
      inverseLearningRate: 50,
      rank: 2,
      antiHebbianStrength: 0.4,
      radius: 1,
    },
  }),
]

/** λ_n = 3 n^-exponent: its fit has that slope, no error and no bend. */
const law = (ranks: number, exponent: number): Float64Array =>
  Float64Array.from({ length: ranks }, (_, index) => 3 * (index + 1) ** -exponent)
function measured(asked: SpectrumRequest): ModelSpectrum {
  const request: MeasuredRequest = { ...asked, window: asked.window ?? [1, 3] }
  const ranks = request.source === 'data' ? 3072 : request.source === 'logits' ? 10 : 200
  const eigenvalues = law(ranks, request.dataset.kind === 'gaussianNoise' ? 0.5 : 2)
  return {
    id: `s-${[request.model ?? 'data', request.dataset.kind].join(' ')}`,
    origin: {
      version: 1,
      createdAt: '2026-11-25T13:00:00.000Z',
      seconds: 1,
      executor: 'wasm',
      versions: {},
      datasetHashes: {},
      dataset: request.dataset,
      split: 'test',
    },
    request,
    model: null,
    images: request.images ?? 10_000,
    width: ranks,
    growing: (request.units ?? [ranks]).map((units) => ({ units, eigenvalues: eigenvalues.slice(0, units) })),
    eigenvalues,
    participationRatio: 4.25,
    rank: ranks,
    map: null,
    mapNote: null,
    bootstrap:
      request.resamples === 0
        ? null
        : {
            lower: eigenvalues.map((value) => value * 0.9),
            upper: eigenvalues.map((value) => value * 1.1),
            slope: { lower: -2.1, upper: -1.9 },
            participationRatio: { lower: 4, upper: 5 },
          },
    shuffled:
      request.shuffles === 0
        ? null
        : { mean: eigenvalues.map(() => 0.1), upper: eigenvalues.map(() => 0.2), above: 17 },
    marchenkoPastur: { lower: 0.1, upper: 0.3, above: 23 },
    crossValidated:
      request.crossValidation === null
        ? null
        : { covariances: eigenvalues.map((value) => value * 0.8), reliable: 150, fit: null, fitNote: 'x' },
    ...spectrumFits(eigenvalues, request.window, ranks),
  }
}

const ROW = { key: 'x', model: null, run: null, label: 'x', short: 'x', slot: 0, paper: null, width: 200 }

let open: VueWrapper | null = null
beforeEach(() => window.localStorage.clear())
afterEach(() => {
  open?.unmount()
  open = null
  drawnOptions.length = 0
})
const labWith = (answers: Parameters<typeof fakeLab>[0] = {}): FakeLab =>
  fakeLab({
    'model.list': () => ENTRIES,
    'spectrum.list': () => [],
    'spectrum.ofModel': measured,
    'spectrum.fits': ({ eigenvalues, window: ranks, rank }) => spectrumFits(eigenvalues, ranks, rank),
    'spectrum.map': ({ eigenvalues, size, rank }) => windowMap(eigenvalues, size, rank),
    ...answers,
  })
async function show(lab: FakeLab, address = '/spectra'): Promise<Awaited<ReturnType<typeof mountPage>>> {
  const page = await mountPage(SpectraPage, lab, address)
  open = page.wrapper
  await flushPromises()
  return page
}
const box = (page: VueWrapper, words: string): DOMWrapper<Element> => {
  const found = page.findAll('label').find((candidate) => candidate.text().includes(words))
  if (found === undefined) throw new Error(`no box ${words}`)
  return found.find('input')
}
async function measure(page: VueWrapper, models: readonly string[]): Promise<void> {
  for (const model of models) await box(page, model).trigger('change')
  await button(page, 'Measure').trigger('click')
  await flushPromises()
  await flushPromises()
}
const rest = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 200))
  await flushPromises()
}

describe('the page of spectra', () => {
  it('restores models, windows and the highlighted one from its address, and carries them', async () => {
    const { wrapper, router } = await show(
      labWith({ 'spectrum.list': () => [] }),
      '/spectra?models=bp,mine&front=mine&window=5-40&noise=40-5',
    )
    expect(wrapper.text()).toContain('2 selected')
    await button(wrapper, 'Measure').trigger('click')
    await rest()
    expect(wrapper.find('[data-testid="window dataset"]').text()).toContain('5 to 40')
    expect(wrapper.find('[data-testid="window noise"]').text()).not.toContain('40 to 5')
    await box(wrapper, 'mine').trigger('change')
    await flushPromises()
    expect(router.currentRoute.value.query).toMatchObject({ models: 'bp', window: '5-40' })
  })
  it('says what to do without models, and without a choice', async () => {
    const { wrapper } = await show(labWith({ 'model.list': () => [] }))
    expect(wrapper.text()).toContain('No models yet')
    expect(wrapper.text()).toContain('No model selected')
    expect(button(wrapper, 'Make figure').attributes('disabled')).toBe('')
  })
  it('measures both scopes of each model and shows fits beside the published exponents', async () => {
    const lab = labWith()
    const { wrapper } = await show(lab)
    await measure(wrapper, ['BP, CIFAR-10', 'mine'])
    const asked = lab.inputs('spectrum.ofModel')
    expect(asked.map(({ model, dataset }) => [model, dataset.kind])).toEqual([
      ['bp', 'cifar10'],
      ['bp', 'gaussianNoise'],
      ['mine', 'cifar10'],
      ['mine', 'gaussianNoise'],
    ])
    for (const request of asked) expect(spectrumRequest.parse(request)).toEqual(request)
    const [first, second] = wrapper.findAll('.fits tbody tr').map((row) => row.text().replace(/\s+/g, ' '))
    for (const words of ['−2.000 ± 0.000', '−2.92', '−0.97', '−0.500', '4.25']) expect(first).toContain(words)
    // μ = 1 + 1/2 and 1 + 1/0.5; the paper has no model "mine".
    for (const words of ['1.50', '3.00', '–']) expect(second).toContain(words)
    expect(wrapper.find('[data-testid="window dataset"]').text()).toBe('11 to 100')
    expect(button(wrapper, 'All measured').attributes('disabled')).toBe('')
  })
  it('a window that is moved is fitted by the lab, and no measurement yet again', async () => {
    const lab = labWith()
    const { wrapper } = await show(lab)
    await measure(wrapper, ['BP, CIFAR-10'])
    await rest()
    const before = lab.inputs('spectrum.fits').length
    const [first] = wrapper.findAll('[role="slider"]')
    await first?.trigger('keydown', { key: 'ArrowRight', shiftKey: true })
    await rest()
    expect(wrapper.find('[data-testid="window dataset"]').text()).toBe('21 to 100')
    expect(
      lab
        .inputs('spectrum.fits')
        .slice(before)
        .map(({ window: ranks }) => ranks),
    ).toContainEqual([21, 100])
    expect(lab.inputs('spectrum.ofModel').length).toBe(2)
    expect(wrapper.find('.command').text()).toContain('--window 21:100')
  })
  it('a click on the map sets the window of its scope', async () => {
    const { wrapper } = await show(labWith())
    await measure(wrapper, ['mine'])
    await flushPromises()
    const map = windowMap(law(200, 2), 20, 200)
    const [start, end] = [map.starts[3] ?? 0, map.ends[15] ?? 0]
    await wrapper.find(`[data-window="${start} ${end}"]`).trigger('pointerenter')
    expect(wrapper.find('[data-testid="map-slope"]').text()).toBe('−2.00')
    await wrapper.find(`[data-window="${start} ${end}"]`).trigger('click')
    expect(wrapper.find('[data-testid="window dataset"]').text()).toBe(`${start} to ${end}`)
    expect(wrapper.find('[data-testid="window noise"]').text()).toBe('11 to 100')
  })
  it('one that fails says why in its scope; the others go on', async () => {
    const lab = labWith({
      'spectrum.ofModel': (request) => {
        if (request.model === 'bp' && request.dataset.kind === 'cifar10')
          throw new LabError('shape.mismatch', 'images of another size')
        return measured(request)
      },
    })
    const { wrapper } = await show(lab)
    await measure(wrapper, ['BP, CIFAR-10', 'mine'])
    expect(wrapper.find('[role="alert"]').text()).toContain('mages of another size')
    expect(wrapper.findAll('.fits .bad').map((cell) => cell.attributes('title'))).toEqual(['images of another size'])
    expect(wrapper.find('[data-testid="slope dataset mine"]').text()).toContain('−2.000')
    expect(button(wrapper, 'Measure 1 spectrum').attributes('disabled')).toBeUndefined()
  })
  it('shows its progress, and cancel ends it', async () => {
    const signals: boolean[] = []
    const lab = labWith({ 'spectrum.ofModel': () => new Promise<ModelSpectrum>(() => signals.push(true)) })
    const { wrapper } = await show(lab)
    await measure(wrapper, ['mine'])
    lab.emit('lab.progress', { topic: 'spectrum.ofModel', subject: 's-1', done: 3, total: 20, unit: 'steps', text: '' })
    await flushPromises()
    expect(wrapper.find('.work').text()).toMatch(/mine, CIFAR-10\s*1 of 2, step 3 of 20, about /)
    await button(wrapper, 'Cancel').trigger('click')
    expect(button(wrapper, 'Measure 2 spectra').attributes('disabled')).toBeUndefined()
    expect(signals.length).toBe(1)
  })
  it('asks for the band, the null and cross-validation, draws them about the model in front and counts outliers', async () => {
    const lab = labWith()
    const { wrapper } = await show(lab)
    for (const words of ['Bootstrap band', 'Shuffled null', 'Cross-validated'])
      await box(wrapper, words).trigger('change')
    await box(wrapper, 'Marchenko-Pastur').setValue(true)
    await measure(wrapper, ['mine'])
    const [request] = lab.inputs('spectrum.ofModel')
    expect([request?.resamples, request?.shuffles, request?.crossValidation]).toEqual([
      100,
      20,
      { shift: 2, mirror: true, noise: 0 },
    ])
    for (const words of [
      '95 % of 100 bootstrap resamples',
      'columns shuffled, 17 above',
      'edge, 23 above',
      '150 reliable',
    ])
      expect(wrapper.text().replaceAll('\u00a0', ' ')).toContain(words)
    await button(wrapper, 'Bootstrap').trigger('click')
    expect(wrapper.find('[data-testid="slope dataset mine"]').text()).toContain('−2.10 to −1.90')
    // Another window keeps the spectrum and its band, but not what was fitted with the old one.
    await wrapper.find('[role="slider"]').trigger('keydown', { key: 'ArrowRight' })
    await rest()
    expect(wrapper.find('[data-testid="window dataset"]').text()).toBe('12 to 100')
    expect(wrapper.find('[data-testid="slope dataset mine"]').text().replace(/\s+/g, ' ')).toBe('−2.000 –')
    await button(wrapper, 'Measure 1 spectrum').trigger('click')
    await flushPromises()
    expect(lab.inputs('spectrum.ofModel').at(-1)?.window).toEqual([12, 100])
    expect(wrapper.find('[data-testid="slope dataset mine"]').text()).toContain('−2.10 to −1.90')
  })
  it('keeps measured spectra on screen while a null, a band or a check is still missing', async () => {
    const { wrapper } = await show(labWith())
    await measure(wrapper, ['mine'])
    const slope = wrapper.find('[data-testid="slope dataset mine"]').text().replace(/\s+/g, ' ')
    expect(slope).toContain('2.000')
    for (const words of ['Shuffled null', 'Bootstrap band', 'Cross-validated']) {
      await box(wrapper, words).trigger('change')
      await flushPromises()
      expect(wrapper.find('[data-testid="slope dataset mine"]').text().replace(/\s+/g, ' ')).toBe(slope)
      expect(wrapper.find('.dataset [role="group"]').attributes('aria-label')).toContain('mine falls with exponent')
    }
    expect(button(wrapper, 'Measure 2 spectra').attributes('disabled')).toBeUndefined()
  })
  it('models of other images cannot be chosen, nor layers for logits', async () => {
    const { wrapper } = await show(labWith())
    expect(box(wrapper, 'digits').attributes('disabled')).toBe('')
    await button(wrapper, 'Logits').trigger('click')
    expect(box(wrapper, 'KH layer').attributes('disabled')).toBe('')
  })
  it("a spectrum too short for the paper's window gets one of its own", async () => {
    const { wrapper } = await show(labWith())
    await button(wrapper, 'Logits').trigger('click')
    await measure(wrapper, ['mine'])
    await rest()
    expect(wrapper.find('[data-testid="window dataset"]').text()).toBe('1 to 5')
    expect(wrapper.find('[data-testid="slope dataset mine"]').text()).toContain('−2.000')
  })
  it('reads back what the lab has measured before', async () => {
    const setup = { ...FIRST_SETUP, models: ['mine'] }
    window.localStorage.setItem('workbench.spectra.setup', JSON.stringify(setup))
    const [row] = spectraRows(setup, ENTRIES)
    if (row === undefined) throw new Error('no row')
    const known = measured(requestOf(setup, row, 'dataset', [11, 500]))
    const lab = labWith({ 'spectrum.list': () => [known] })
    const { wrapper } = await show(lab)
    await flushPromises()
    expect(lab.inputs('spectrum.ofModel').length).toBe(1)
    expect(wrapper.text()).toContain('Measure 1 spectrum')
  })
  it('hands its spectra to the studio for Figure 3, with their windows', async () => {
    const { wrapper, router } = await show(labWith())
    await measure(wrapper, ['BP, CIFAR-10', 'Raw data'])
    await rest()
    await button(wrapper, 'Make figure').trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.fullPath).toBe('/figures?figure=3')
    const taken = useFigureData(
      ref('3'),
      () => null,
      () => null,
      ref(false),
    ).resultsOf('3')
    expect(taken?.names.map(({ label }) => label)).toEqual(['Dataset', 'Dataset', 'BP', 'BP'])
    expect(new Set(taken?.names.map(({ name }) => name)).size).toBe(4)
    expect(taken?.windows).toEqual({ dataset: [11, 100], noise: [11, 100] })
  })
})

describe('what is asked', () => {
  const [row] = spectraRows({ ...FIRST_SETUP, models: ['mine'] }, ENTRIES)
  if (row === undefined) throw new Error('no row')
  it("grows through the numbers of units below the model's own, which is the last", () => {
    expect(requestOf({ ...FIRST_SETUP, units: [10, 50, 200, 500] }, row, 'dataset', [11, 500]).units).toEqual([
      10, 50, 200,
    ])
    expect(requestOf({ ...FIRST_SETUP, source: 'logits', units: [10, 50] }, row, 'dataset', [11, 500]).units).toBeNull()
    expect(parsedUnits('500, 10 50,50 x -3 2.5')).toEqual([10, 50, 500])
  })
  it('serves every window with one measurement, unless something was fitted with it', () => {
    const at = (changes: object): SpectrumRequest => requestOf({ ...FIRST_SETUP, ...changes }, row, 'noise', [5, 60])
    expect(
      [{}, { resamples: 10 }, { crossValidation: true }, { shuffles: 3 }].map((changes) =>
        dependsOnWindow(at(changes)),
      ),
    ).toEqual([false, true, true, false])
  })
  it('opens with the window of the runs that were chosen, else with one that the smallest spectrum can carry', () => {
    const runRow = { ...ROW, run: 'r-0001' as string, width: 400 }
    const windows = new Map([
      ['r-0001', [11, 200] as const],
      ['r-0002', [5, 60] as const],
    ])
    const opening = (rows: (typeof runRow)[], setup: object = {}, scope: 'dataset' | 'noise' = 'dataset') =>
      openingWindow(scope, rows, { ...FIRST_SETUP, ...setup }, windows)
    expect(opening([runRow])).toEqual([11, 200])
    expect(opening([{ ...runRow, run: 'r-0002' }])).toEqual([5, 60])
    expect(opening([runRow, { ...runRow, run: 'r-0002' }])).toEqual([11, 200])
    expect(opening([runRow, { ...runRow, run: 'r-0002', width: 100 }])).toEqual([11, 50])
    expect(opening([runRow], { images: 100 })).toEqual([11, 99])
    expect(opening([runRow], { source: 'logits' })).toEqual([11, 200])
    expect(opening([runRow], {}, 'noise')).toEqual([11, 100])
    expect(opening([])).toEqual([11, 500])
  })
  it('is the same from a terminal', () => {
    const setup = {
      ...FIRST_SETUP,
      models: ['my model'],
      kind: 'syntheticScenes',
      images: 500,
      units: [10],
      resamples: 20,
      shuffles: 5,
      crossValidation: true,
      seed: 7,
    } as const
    expect(spectrumCommand(requestOf(setup, { ...row, model: 'my model' }, 'noise', [1, 30]))).toBe(
      "lab spectrum --model 'my model' --source hidden --dataset gaussianNoise --window 1:30 --images 500 --units 10,200 --map 20 --bootstrap 20 --shuffles 5 --cross-validation --shift 2 --mirror --seed 7 --data-seed 7",
    )
  })
  it('takes noise in the shape of the images beside it', () => {
    const noise = requestOf({ ...FIRST_SETUP, kind: 'mnist' }, row, 'noise', [1, 30])
    expect(noise.dataset).toMatchObject({ kind: 'gaussianNoise', shape: [28, 28, 1] })
    expect(spectrumCommand(noise)).toContain('--shape 28x28x1')
    expect('shape' in requestOf(FIRST_SETUP, row, 'noise', [1, 30]).dataset).toBe(false)
  })
  it('takes the looks of the page, by model and not by place', () => {
    const looks = {
      models: new Map([
        ['mine', 8],
        ['bp', 1],
        ['layer', 0],
      ]),
      data: 5,
    }
    for (const models of [
      ['mine', 'bp', 'layer'],
      ['layer', 'mine', 'bp'],
    ]) {
      const rows = spectraRows({ ...FIRST_SETUP, data: true, models }, ENTRIES, looks)
      expect(new Map(rows.map(({ key, slot }) => [key, slot]))).toEqual(
        new Map([
          ['', 5],
          ['mine', 8],
          ['bp', 1],
          ['layer', 0],
        ]),
      )
    }
  })
  it("knows the paper's models by the names of presets and of the original's files", () => {
    const labels = [
      'KH, CIFAR-10',
      'KH layer, CIFAR-10, 400 units',
      'SpecReg, CIFAR-10',
      'SpecReg-KH, CIFAR-10',
      'shlp_l2',
      'khmodel_cifar10_pruned',
      'shlp_specreg_kh',
      'KHX',
      'L2 7',
    ]
    expect(labels.map((label) => paperLabel(entry('x', label)))).toEqual([
      'KH',
      'KH',
      'SpecReg',
      null,
      'L2',
      'KH',
      null,
      null,
      'L2',
    ])
    expect(
      paperLabel(
        entry('x', 'KH', {
          facts: {
            type: 'FKHL3',
            inputSize: 784,
            hiddenUnits: 9,
            activationExponent: 1,
            lebesgueNorm: 3,
            inverseLearningRate: 1,
            rank: 2,
            antiHebbianStrength: 0,
            radius: 1,
          },
        }),
      ),
    ).toBeNull()
  })
  it("of an archive with measurements: as the newest was made, with all models measured alike, the paper's first", async () => {
    const summaryOf = (model: string | null, changes: Partial<SpectrumRequest> = {}) =>
      measured({
        ...requestOf({ ...FIRST_SETUP, images: 500, units: [10, 50] }, { ...ROW, model }, 'dataset', [11, 500]),
        ...changes,
      })
    const stored = [
      summaryOf('gone'),
      summaryOf(null, { source: 'data' }),
      summaryOf('mine'),
      summaryOf('bp'),
      summaryOf('digits', { images: 400 }),
      summaryOf('layer', { dataset: { kind: 'mnist', imageLimit: null } }),
    ]
    expect(setupOfStored(stored, ENTRIES)).toEqual({
      ...FIRST_SETUP,
      models: ['bp', 'mine'],
      images: 500,
      units: [10, 50],
    })
    expect(setupOfStored(stored.slice(0, 2), ENTRIES)).toBeNull()
    const lab = labWith({ 'spectrum.list': () => stored })
    const { wrapper } = await show(lab)
    expect(wrapper.get('.sub').text()).toContain('BP, mine')
    wrapper.unmount()
    // What was chosen before stays.
    window.localStorage.setItem('workbench.spectra.setup', JSON.stringify({ models: ['digits'] }))
    expect((await show(lab)).wrapper.get('.sub').text()).toMatch(/, digits$/)
  })

  it('a window inside a spectrum', () => {
    expect([windowInside([11, 500], 200), windowInside([11, 500], 12), windowInside([11, 100], 2000)]).toEqual([
      [11, 200],
      [1, 6],
      [11, 100],
    ])
  })
})

describe('how it is shown', () => {
  it('published exponents replace rows of Figures 2 and 3', () => {
    expect([
      publishedSlope('JReg', 'noise'),
      publishedSlope('Dataset', 'dataset'),
      publishedSlope('other', 'noise'),
    ]).toEqual([{ slope: -1.42, standardError: 0.03 }, { slope: -1.47, standardError: 0 }, null])
  })
  it('one digit of the error decides how many a slope has', () => {
    expect([
      slopeText({ slope: -2.9754, standardError: 0.005 }),
      errorText({ standardError: 0.0234 }),
      bends({ curvature: -0.2 }),
      bends({ curvature: null }),
    ]).toEqual(['−2.975', '0.02', true, false])
  })
  it('shades of the map run from the flattest to the steepest and leave outliers out', () => {
    const map = windowMap(law(300, 1.5), 24, 300)
    const [low, high] = slopeRange({
      ...map,
      slopes: Float64Array.from([...Array.from({ length: 200 }, (_, index) => -1 - index / 200), 50, NaN]),
    })
    expect(low).toBeCloseTo(-1.98, 2)
    expect(high).toBeLessThan(0)
    expect([shadeOf(-2, [-2, -1]), shadeOf(-1, [-2, -1]), shadeOf(NaN, [-2, -1])]).toEqual([
      'color-mix(in oklab, var(--trace) 92%, var(--pane))',
      'color-mix(in oklab, var(--trace) 8%, var(--pane))',
      undefined,
    ])
    expect(roundedTicks([-5.4, -2.6]).map(({ text }) => text)).toEqual(['−5', '−4', '−3'])
    expect(roundedTicks([-1.52, -1.48]).map(({ text }) => text)).toEqual(['−1.52', '−1.51', '−1.50', '−1.49', '−1.48'])
  })
  it('names are at the ends of their spectra, pushed apart and above the axis', () => {
    expect(pushedApart([50, 10, 52], 14, 400)).toEqual([50, 10, 64])
    expect(pushedApart([395, 398, 399], 14, 400)).toEqual([372, 386, 400])
    const curves = [2, 1].map((exponent, slot) => ({
      key: String(slot),
      label: 'm',
      slot,
      values: law(100, exponent),
      fit: null,
    }))
    // Ends at 10^-4 and 10^-2 of the first eigenvalue; 100 pixels a decade.
    expect(
      curveNames(curves, true, (value) => -100 * Math.log10(value), 350).map(({ top }) => Math.round(top)),
    ).toEqual([350, 200])
  })
  it('draws every spectrum, the one in front as points with its fit', () => {
    const theme = {
      ink1: '#000',
      ink2: '#111',
      ink3: '#222',
      trace: '#00f',
      null: '#777',
      fit: '#000',
      grid: '#eee',
      axis: '#aaa',
      plot: '#fff',
      live: '#0f0',
      warn: '#fa0',
      bad: '#f00',
      accent: '#00f',
      series: ['#010101', '#020202'],
      dark: false,
    }
    const curves = [0, 1].map((slot) => ({
      key: String(slot),
      label: `m${slot}`,
      slot,
      values: law(100, 1 + slot),
      fit: { slope: -1 - slot, intercept: 0 },
    }))
    const draw = (front: string | null) =>
      spectraOption(theme, curves, {
        front,
        window: [11, 500],
        normalise: true,
        surroundings: { ...NO_SURROUNDINGS, edge: 0.5, growing: [{ units: 10, values: law(10, 2) }] },
      })['series'] as { type: string; data: number[][] }[]
    const series = draw('1')
    const dots = series.filter(({ type, data }) => type === 'scatter' && data.length === 100)
    expect(dots.length).toBe(1)
    expect(dots[0]?.data[9]?.[1]).toBeCloseTo(1e-2, 12)
    // The law ends where the spectrum does: (100/1)^-2.
    expect(series.at(-1)?.data.at(-1)).toEqual([100, expect.closeTo(1e-4, 12)])
    // Nine decades below 1: n^-6 lies there for n > 31.6 of 100.
    expect(belowAxis([{ key: 'x', label: 'x', slot: 0, values: law(100, 6), fit: null }], true, 'x')).toBe(100 - 31)
    // All alike: no points, no surroundings, a fit for each.
    expect(draw(null).map(({ type }) => type)).toEqual(['scatter', 'line', 'line', 'line', 'line'])
  })
})
