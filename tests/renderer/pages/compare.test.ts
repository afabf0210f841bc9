// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FieldMatch } from '../../../contract/compare/fieldMatch.js'
import type { ComparedProbes } from '../../../contract/compare/probes.js'
import type { ArrayRecord, CommandOutput, PowerLawFit, RobustnessSeries, RunRecord } from '../../../contract/index.js'
import { LabError } from '../../../contract/index.js'
import ComparePage from '../../../renderer/pages/compare/ComparePage.vue'
import { compareQuery, IDS } from '../../../renderer/pages/compare/compareAddress.js'
import { shownPlaces } from '../../../renderer/pages/compare/fieldRuns.js'
import { forestDomain } from '../../../renderer/pages/compare/forest.js'
import { classifierSpecOf, fakeLab, presetSpec, runRecord, type FakeLab } from '../fakeLab.js'
import { mountPage, type MountedPage } from '../mountPage.js'
import { drawnOptions, plotsSettled as settle } from '../stillCharts.js'

vi.mock('../../../renderer/charts/engine.js', async () => (await import('../stillCharts.js')).stillEngine())

const classifier = (id: string, seed: number, testAccuracy: number | null, more: Partial<RunRecord> = {}): RunRecord =>
  runRecord({
    id,
    kind: 'classifier',
    name: 'a classifier',
    seed,
    state: 'finished',
    epoch: 2,
    epochs: 2,
    testAccuracy,
    startedAt: '2026-11-25T10:00:00.000Z',
    createdAt: `2026-11-25T10:00:0${seed}.000Z`,
    ...more,
  })
/** Four seeds of 100 units, and four of 200. */
const small = [0.5, 0.52, 0.54, 0.53].map((value, index) => classifier(`r-0000000${index + 1}`, index + 1, value))
const large = [0.6, 0.61, 0.65, 0.625].map((value, index) => classifier(`r-0000001${index + 1}`, index + 1, value))
const layer = runRecord({ id: 'r-000000aa', name: 'a layer', state: 'finished', createdAt: '2026-11-23T10:00:00.000Z' })
const ALL = [...small, ...large, layer]
const isLarge = (id: string): boolean => large.some((run) => run.id === id)
const column = (value: number[]) => ({
  epoch: Float64Array.from(value, (_, index) => index + 1),
  step: Float64Array.from(value, (_, index) => index + 1),
  value: Float64Array.from(value),
})
const metricsOf = (id: string): CommandOutput<'run.metrics'> => {
  const last = ALL.find((run) => run.id === id)?.testAccuracy ?? 0.5
  return { testAccuracy: column([last - 0.1, last]), loss: column([2, 1]) }
}
const summary = { count: 2, first: 2, last: 1, min: 1, max: 2 }
const curves = (id: string) => ({
  testAccuracy: { ...summary, last: metricsOf(id).testAccuracy?.value[1] ?? 0 },
  loss: summary,
})

let page: MountedPage
let lab: FakeLab
const show = async (
  address: string,
  answers: Parameters<typeof fakeLab>[0] = {},
  more: Record<string, typeof summary> = {},
): Promise<void> => {
  lab = fakeLab(
    {
      'run.list': () => ALL,
      'run.metrics': ({ id, names }) =>
        Object.fromEntries(Object.entries(metricsOf(id)).filter(([name]) => names?.includes(name as 'loss') !== false)),
      'run.get': ({ id }) => ({
        record: ALL.find((run) => run.id === id) ?? layer,
        spec:
          id === layer.id
            ? presetSpec('quick-look')
            : classifierSpecOf({
                model: {
                  kind: 'perceptron',
                  hiddenUnits: isLarge(id) ? 200 : 100,
                  activationExponent: 1,
                  batchNorm: true,
                  imageNorm: 3,
                },
              }),
      }),
      ...answers,
    },
    Object.fromEntries(ALL.filter(({ id }) => id !== layer.id).map(({ id }) => [id, { ...curves(id), ...more }])),
  )
  page = await mountPage(ComparePage, lab, address)
  await settle()
}
beforeEach(() => {
  window.localStorage.clear()
  drawnOptions.length = 0
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 600 })
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 900 })
})
afterEach(() => page.wrapper.unmount())

const ids = (runs: readonly RunRecord[]): string => runs.map(({ id }) => id).join(',')
const BOTH = `/compare?ids=${ids(small)};${ids(large)}`
const pane = (title: string) => page.wrapper.get(`section[aria-label="${title}"]`)
const words = (text: string): string => text.replaceAll('\u00a0', ' ').replace(/\s+/g, ' ')
const query = () => page.router.currentRoute.value.query
const press = async (name: string): Promise<void> => {
  await page.wrapper
    .findAll('button')
    .find((button) => button.text() === name)
    ?.trigger('click')
  await settle()
}

describe('two groups side by side', () => {
  it('are named by what differs, with means, intervals and n', async () => {
    await show(BOTH)
    expect(page.wrapper.get('.sub').text()).toBe('2 groups, 8 runs; names say what differs')
    const names = page.wrapper.findAll('.groups .name').map((name) => name.text())
    expect(names).toEqual(['hidden units 100', 'hidden units 200'])
    // s = 0.017078 and t(3) = 3.18245: 3.18245 · 0.017078 / 2 = 0.0272.
    expect(words(pane('Groups').text())).toContain('0.522 ± 0.027')
    expect(words(pane('Groups').text())).toContain('baseline, 4 seeds')
  })
  it('show only settings that differ, and unfold those that are equal', async () => {
    await show(BOTH)
    const settings = pane('Settings that differ')
    const rows = () => settings.findAll('tbody tr').map((row) => row.findAll('th, td').map((cell) => cell.text()))
    expect(rows()).toEqual([['hidden units', '100', '200']])
    expect(settings.text()).toMatch(/\d\d settings are equal/)
    await settings.get('button[aria-expanded="false"]').trigger('click')
    expect(rows().length).toBeGreaterThan(20)
    expect(rows()).toContainEqual(['batch size', '250'])
  })
  it('have the paired difference with its test, and say how it was corrected', async () => {
    await show(`${BOTH}&measures=accuracy,last(testAccuracy)`)
    const differences = pane('Difference to hidden units 100')
    const row = differences
      .findAll('tbody tr')
      .map((each) => words(each.text()))
      .find((text) => text.startsWith('hidden units 200'))
    // Differences 0.1, 0.09, 0.11, 0.095: mean 0.09875, s = 0.0085391, half width 0.013588, t = 23.129, p = 0.000178.
    expect(row).toContain('+0.099 ± 0.014')
    expect(row).toContain('< 0.001')
    expect(differences.findAll('circle.seed')).toHaveLength(8)
    expect(words(differences.text())).toContain('p corrected for 2 tests (Holm)')
    await press('Signed ranks')
    expect(words(differences.text())).toContain('not enough seeds')
    expect(words(differences.text())).toContain('No test is possible.')
    expect(query()['test']).toBe('signedRank')
  })
  it('draw each group as its mean with a band, and every seed when asked', async () => {
    await show(BOTH)
    const lines = () =>
      drawnOptions.flatMap(({ series = [] }) =>
        series.filter(({ type, endLabel }) => type === 'line' && endLabel !== undefined),
      )
    const curvesOf = () =>
      drawnOptions.find(({ series = [] }) => series.some(({ endLabel }) => endLabel !== undefined))?.series ?? []
    expect(lines()).toHaveLength(2)
    expect(curvesOf().filter(({ type }) => type === 'custom')).toHaveLength(2)
    expect(pane('Test accuracy').text().replaceAll('\u00a0', ' ')).toContain('band: 95 % interval, n = 4 seeds')
    await press('Every seed')
    expect(query()['seeds']).toBe('single')
    expect(curvesOf().filter(({ type }) => type === 'line')).toHaveLength(8)
  })
  it('change measure, axis and baseline with the address', async () => {
    await show(`${BOTH}&curve=loss&baseline=r-00000012&measures=min(loss)`)
    expect(page.wrapper.find('section[aria-label="Loss"]').exists()).toBe(true)
    expect(page.wrapper.find('section[aria-label="Difference to hidden units 200"]').exists()).toBe(true)
    expect(pane('Groups').text()).toContain('Loss, smallest')
    await press('Log')
    expect(query()).toMatchObject({ curve: 'loss', axis: 'log', baseline: 'r-00000012', measures: 'min(loss)' })
    await page.wrapper.get('select[aria-label="Measure of the curves"]').setValue('testAccuracy')
    await settle()
    expect(query()['curve']).toBe('testAccuracy')
  })
  it('of measures that another program named are drawn too', async () => {
    const named = vi.fn(() => ({ 'val/loss': column([3, 2, 1]) }))
    await show(`${BOTH}&curve=val%2Floss&seeds=single`, { 'library.curves': named }, { 'val/loss': summary })
    expect(page.wrapper.find('section[aria-label="val/loss"]').exists()).toBe(true)
    expect(named).toHaveBeenCalledWith(expect.objectContaining({ id: 'r-00000001', names: ['val/loss'] }))
    expect(named).toHaveBeenCalledTimes(8)
    const lines = drawnOptions.flatMap(({ series = [] }) =>
      series.filter(({ type, endLabel }) => type === 'line' && endLabel !== undefined),
    )
    expect(lines).toHaveLength(8)
    const choices = page.wrapper.get('select[aria-label="Measure of the curves"]').findAll('option')
    expect(choices.map((option) => option.text())).toEqual(expect.arrayContaining(['Test accuracy', 'val/loss']))
    expect(choices.map((option) => option.text())).not.toContain('Training time')
  })
  it('of other programs have no models to attack, no spectra to measure and no fields to match', async () => {
    const imported = ['i-00000001', 'i-00000002'].map((id) => classifier(id, 1, 0.5))
    await show(`/compare?ids=${imported.map(({ id }) => id).join()}`, { 'run.list': () => imported })
    expect(pane('Robustness').text()).toContain('Imported runs have no models, so they cannot be attacked.')
    expect(pane('Spectra and fits').text()).toContain('Imported runs have no models')
    expect(pane('Matched receptive fields').text()).toContain('Two layers are needed.')
    expect(page.wrapper.findAll('a[href*="models="]')).toEqual([])
    await show(`/compare?ids=i-00000001;r-00000001;r-00000011`, { 'run.list': () => [...imported, ...ALL] })
    const links = page.wrapper.findAll('a[href*="models="]').map((each) => each.attributes('href') ?? '')
    expect(links.length).toBeGreaterThan(0)
    expect(links.filter((link) => link.includes('i-0'))).toEqual([])
    expect(lab.inputs('compare.fields').map(({ a, b }) => [a.run, b.run])).toEqual([['r-00000001', 'r-00000011']])
  })
  it('hide a group everywhere, whose tests are then not in view', async () => {
    await show(BOTH)
    await page.wrapper.get('button[aria-label="Hide hidden units 200"]').trigger('click')
    await settle()
    expect(query()['hide']).toBe('r-00000011')
    expect(pane('Settings that differ').text()).not.toContain('200')
    expect(words(pane('Measures').text())).toContain('hidden units 100')
    expect(page.wrapper.get('.sub').text()).toContain('1 hidden')
    window.dispatchEvent(new KeyboardEvent('keydown', { key: '2' }))
    await settle()
  })
  it('leave the comparison, which stays in the address', async () => {
    await show(BOTH)
    await page.wrapper.get('button[aria-label="Remove hidden units 100 from the comparison"]').trigger('click')
    await settle()
    expect(query()['ids']).toBe(`${ids(large)};`)
    expect(words(page.wrapper.text())).toContain('One group is shown; differences need a second one.')
  })
})

describe('runs of an address', () => {
  it('become groups of seeds, single runs, or the values of a setting', async () => {
    await show(`/compare?ids=${ids([...small, ...large])}`)
    expect(page.wrapper.findAll('.groups li')).toHaveLength(2)
    await page.wrapper.get('select[aria-label="Group by"]').setValue('runs')
    await settle()
    expect(query()['group']).toBe('runs')
    expect(page.wrapper.findAll('.groups li')).toHaveLength(8)
    expect(words(pane('Difference to hidden units 100, seed 1').text())).toContain('single runs, no test')
    await page.wrapper.get('select[aria-label="Group by"]').setValue('model.hiddenUnits')
    await settle()
    expect(query()['group']).toBe('model.hiddenUnits')
    expect(page.wrapper.findAll('.groups li')).toHaveLength(2)
  })
  it('that are more than eight lead to the library, or to the first eight', async () => {
    await show(`/compare?ids=${ids(ALL)}&group=runs`)
    expect(words(page.wrapper.text())).toContain('9 runs or groups are chosen; at most 8 are compared at once.')
    await press('Compare the first 8')
    expect(page.wrapper.findAll('.groups li')).toHaveLength(8)
  })
  it('that are gone are named, and the others compared', async () => {
    await show(`/compare?ids=r-0badbad0,${small[0]?.id ?? ''},${large[0]?.id ?? ''}`)
    expect(words(pane('Groups').text())).toContain(
      '1 run of this comparison is not in the archive any more: r-0badbad0.',
    )
    expect(page.wrapper.findAll('.groups li')).toHaveLength(2)
  })
  it('that are all gone, or none, are said in a sentence', async () => {
    await show('/compare?ids=r-0badbad0')
    expect(words(page.wrapper.text())).toContain('none of these runs is in the archive any more')
    page.wrapper.unmount()
    await show('/compare')
    expect(page.wrapper.text()).toContain('Choose runs or groups in the table of runs')
    expect(drawnOptions).toEqual([])
  })
  it('of equal settings have no setting that differs, and seeds as names', async () => {
    await show(`/compare?ids=${ids(small.slice(0, 2))}`)
    expect(words(pane('Settings that differ').text())).toMatch(
      /All \d+ settings are equal; only seeds or names differ\./,
    )
    expect(page.wrapper.findAll('.groups .name').map((name) => name.text())).toEqual(['seed 1', 'seed 2'])
  })
  it('without a specification take part without settings and seeds', async () => {
    const imported = runRecord({ id: 'r-000000bb', name: 'imported', state: 'finished', testAccuracy: 0.4 })
    await show(`/compare?ids=r-00000001;r-000000bb`, {
      'run.list': () => [...ALL, imported],
      'run.get': ({ id }) => {
        if (id === imported.id) throw new LabError('file.damaged', 'no specification')
        return { record: small[0] as RunRecord, spec: classifierSpecOf() }
      },
    })
    expect(words(pane('Groups').text())).toContain('The run has no specification')
    expect(page.wrapper.findAll('.groups li')).toHaveLength(2)
  })
  it('that diverged are left out of the mean, which says so', async () => {
    const diverged = { ...(small[0] as RunRecord), testAccuracy: NaN }
    await show(BOTH, { 'run.list': () => [diverged, ...ALL.slice(1)] })
    expect(words(pane('Groups').text())).toContain('1 NaN or infinite')
    expect(words(pane('Difference to hidden units 100').text())).toContain('3 of 4')
  })
  it('grow while they learn', async () => {
    await show(BOTH)
    const run = small[0] as RunRecord
    lab.emit('run.metrics', { id: run.id, records: [{ epoch: 3, step: 3, name: 'testAccuracy', value: 0.7, wall: 0 }] })
    await settle()
    const [series] = drawnOptions.flatMap((drawn) =>
      (drawn.series ?? []).filter(({ endLabel }) => endLabel !== undefined),
    )
    expect((series?.['data'] as [number, number][]).at(-1)).toEqual([3, 0.7])
  })
})

const fit: PowerLawFit = {
  slope: -2,
  intercept: 0,
  standardError: 0.1,
  rValue: 1,
  rSquared: 1,
  pValue: 0,
  window: [2, 5],
}
const spectrum = (run: string, slope: number) => ({
  run,
  id: null,
  eigenvalues: Float64Array.from({ length: 8 }, (_, index) => (index + 1) ** slope),
  fit: { ...fit, slope },
  fitNote: null,
  rank: 8,
})
const robust = (label: string, norm: number): RobustnessSeries => ({
  label,
  models: [],
  seeds: [1],
  cleanAccuracy: 0.9,
  keptImages: 10,
  neverFooled: 0,
  epsilons: Float64Array.of(0.01, 0.1),
  relativeAccuracy: Float64Array.of(0.8, 0.2),
  neverFooledYet: Float64Array.of(0.8, 0.2),
  relativeLower: Float64Array.of(0.7, 0.1),
  relativeUpper: Float64Array.of(0.9, 0.3),
  absoluteAccuracy: Float64Array.of(0.7, 0.2),
  epsilonAtHalf: 0.0316,
  medianCriticalEpsilon: 0.03,
  criticalNorm: {
    lowerWhisker: 0.1,
    firstQuartile: norm - 0.1,
    median: norm,
    thirdQuartile: norm + 0.1,
    upperWhisker: 1,
    medianInterval: null,
    firstQuartileInterval: null,
    thirdQuartileInterval: null,
  },
  medianSpread: null,
})
const PROBES: ComparedProbes = {
  spectra: [
    {
      key: 'aaaaaaaa',
      label: 'hidden layer, test images',
      groups: [[spectrum('r-00000001', -2), spectrum('r-00000002', -2.2)], []],
    },
  ],
  attacks: [
    {
      key: 'bbbbbbbb',
      label: 'FGSM in L∞',
      attack: { kind: 'fgsm', norm: 'linf', target: null },
      dataset: { kind: 'mnist', imageLimit: null },
      split: 'test',
      sweeps: ['a-00000001'],
      level: 0.95,
      groups: [null, robust('1', 0.5)],
    },
  ],
  problems: [],
}

describe('stored results of probes', () => {
  it('are drawn with slopes and medians; what is missing is named with a way to measure it', async () => {
    await show(BOTH, { 'compare.probes': () => PROBES })
    const spectra = words(pane('Spectra and fits').text())
    // Slopes -2 and -2.2: mean -2.1, t(1) s / √2 = 12.706 · 0.1 = 1.27.
    expect(spectra).toContain('−2.1 ± 1.3')
    expect(spectra).toContain('2 of 4')
    expect(spectra).toContain('No stored spectrum: hidden units 200.')
    expect(pane('Spectra and fits').get('.missing a').attributes('href')).toBe('/spectra?models=r-00000011')
    const robustness = words(pane('Robustness').text())
    expect(robustness).toContain('Not attacked: hidden units 100.')
    expect(robustness).toContain('0.5 (0.4 to 0.6)')
    expect(robustness).toContain('0.0316')
    expect(pane('Robustness').get('.missing a').attributes('href')).toContain('/robustness/new?models=r-00000001,')
  })
  it('are fitted for another window when the address has one', async () => {
    const asked: unknown[] = []
    await show(`${BOTH}&window=3-7`, {
      'compare.probes': () => PROBES,
      'spectrum.fits': (input) => {
        asked.push(input.window)
        return {
          fit: { ...fit, slope: -3, window: [3, 7] },
          fitNote: null,
          weighted: null,
          curvature: null,
          densityExponent: null,
          warnings: [],
        }
      },
    })
    expect(asked).toEqual([
      [3, 7],
      [3, 7],
    ])
    expect(words(pane('Spectra and fits').text())).toContain('window 3 to 7')
    expect(words(pane('Spectra and fits').text())).toContain('−3')
  })
  it('say where there is none, and that layers have no classes', async () => {
    await show(BOTH)
    expect(pane('Spectra and fits').text()).toContain('No spectrum of these runs is stored.')
    expect(pane('Robustness').text()).toContain('None of these runs has been attacked.')
    page.wrapper.unmount()
    await show('/compare?ids=r-000000aa')
    expect(pane('Robustness').text()).toContain('Layers have no classes')
  })
})

const MATCH: FieldMatch = {
  shape: [2, 2, 1],
  a: { units: 3, epoch: 1, constant: 0 },
  b: { units: 2, epoch: 1, constant: 0 },
  unitsOfA: Int32Array.of(2, 0),
  unitsOfB: Int32Array.of(1, 0),
  cosines: Float64Array.of(0.9, 0.5),
  unmatchedOfA: Int32Array.of(1),
  unmatchedOfB: new Int32Array(0),
  nullCosines: Float64Array.of(0.6, 0.3),
  allPairs: new Float64Array(80),
  aboveNull: 1,
  seconds: 0.1,
}
const weights = (units: number): ArrayRecord => ({
  name: 'weights',
  epoch: 1,
  shape: [units, 4],
  data: Float32Array.from({ length: 4 * units }, (_, index) => index),
})

describe('matched receptive fields', () => {
  it('show pairs by cosine, the null, and units without a partner', async () => {
    await show(BOTH, { 'compare.fields': () => MATCH, 'run.array': ({ id }) => weights(isLarge(id) ? 2 : 3) })
    await flushPromises()
    const fields = pane('Matched receptive fields')
    await vi.waitFor(() => expect(fields.findAll('.pairs li')).toHaveLength(2))
    expect(fields.findAll('.pairs small').map((cosine) => cosine.text())).toEqual(['0.90', '0.50'])
    expect(fields.findAll('.pairs li')[0]?.attributes('title')).toContain('unit 2 of A, unit 1 of B')
    expect(words(fields.text())).toContain('1 of 2 pairs exceed 95 % of the null')
    expect(words(fields.text())).toContain('1 unit of A without a partner')
    expect(lab.inputs('compare.fields')).toEqual([
      { a: { run: 'r-00000001', form: 'raw' }, b: { run: 'r-00000011', form: 'raw' }, null: 'turned', seed: 1 },
    ])
    await press('Shuffled')
    expect(query()['null']).toBe('shuffled')
  })
  it('of large layers are begun by the user, and a refusal is shown', async () => {
    await show(BOTH, {
      'run.columns': ({ ids: asked }) =>
        Object.fromEntries((asked ?? []).map((id) => [id, { dataset: 'cifar10' as const, hiddenUnits: 2000 }])),
      'compare.fields': () => Promise.reject(new LabError('shape.mismatch', 'fields of 32 x 32 x 3 cannot be matched')),
    })
    expect(words(pane('Matched receptive fields').text())).toContain('Matching these layers takes about 8 s')
    await press('Match fields')
    expect(pane('Matched receptive fields').text()).toContain('cannot be matched')
  })
  it('are shown evenly by rank, or in order', () => {
    expect(shownPlaces(100, 5, null)).toEqual([0, 25, 50, 74, 99])
    expect(shownPlaces(3, 5, null)).toEqual([0, 1, 2])
    expect(shownPlaces(1, 5, null)).toEqual([0])
    expect(shownPlaces(7, 5, 5)).toEqual([5, 6])
    expect(shownPlaces(0, 5, null)).toEqual([])
  })
})

describe('the scatter plot', () => {
  const points = () =>
    drawnOptions
      .flatMap(({ series = [] }) => series.filter(({ type, symbolSize }) => type === 'scatter' && symbolSize === 8))
      .map(({ data }) => (data as [number, number][])[0])
  it('draws any measure against any setting, one point for each run', async () => {
    await show(BOTH)
    expect(points().slice(-8)).toEqual([
      ...small.map((run) => [100, run.testAccuracy]),
      ...large.map((run) => [200, run.testAccuracy]),
    ])
    await page.wrapper.get('select[aria-label="Horizontal axis"]').setValue('seed')
    await settle()
    expect(query()['x']).toBe('seed')
    expect(
      points()
        .slice(-8)
        .map((point) => point?.[0]),
    ).toEqual([1, 2, 3, 4, 1, 2, 3, 4])
  })
})

describe('copying', () => {
  it('gives the tables of the comparison, and the link everything that is chosen', async () => {
    const copied: string[] = []
    vi.stubGlobal('navigator', { clipboard: { writeText: async (text: string) => void copied.push(text) } })
    await show(`${BOTH}&measures=accuracy`)
    await page.wrapper.get('button[aria-label="Copy link"]').trigger('click')
    await flushPromises()
    expect(copied[0]).toContain('/compare?ids=')
    expect(copied[0]).toContain('measures=accuracy')
    vi.unstubAllGlobals()
  })
})

describe('the address', () => {
  it('has runs, or groups with semicolons', () => {
    expect(IDS.read('a,b;c')).toEqual({ groups: [['a', 'b'], ['c']], grouped: true })
    expect(IDS.read('a,b,a')).toEqual({ groups: [['a', 'b']], grouped: false })
    for (const text of ['a,b;c,d', 'a,b', 'a;', ''])
      expect(IDS.write(IDS.read(text) ?? { groups: [], grouped: false })).toBe(text)
    expect(compareQuery([['a'], ['b']])).toEqual({ ids: 'a,b' })
    expect(compareQuery([['a', 'c'], ['b']])).toEqual({ ids: 'a,c;b' })
    expect(compareQuery([['a', 'c']])).toEqual({ ids: 'a,c' })
  })
  it('draws differences on an axis that has zero', () => {
    const difference = {
      kind: 'paired',
      pairs: [{ seed: 1, difference: 3 }],
      mean: 2,
      halfWidth: 0.5,
      t: 1,
      p: 1,
      pCorrected: 1,
      signedRankP: null,
      signedRankCorrected: null,
      effect: 1,
    } as const
    const [low, high] = forestDomain([{ ...difference, pairs: [...difference.pairs] }])
    expect(low).toBeLessThan(0)
    expect(high).toBeGreaterThan(3)
    expect(forestDomain([])).toEqual([-1, 1])
  })
})
