// @vitest-environment happy-dom
import { flushPromises, type DOMWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LabError, type ModelEntry, type RunRecord } from '../../../contract/index.js'
import NewExperimentPage from '../../../renderer/pages/new/NewExperimentPage.vue'
import { RATE_PRESETS } from '../../../renderer/pages/new/ratePresets.js'
import { classifierSpecOf, fakeLab, presetSpec, runRecord, type FakeLab } from '../fakeLab.js'
import { mountPage, type MountedPage } from '../mountPage.js'

let page: MountedPage
let lab: FakeLab

const row = (path: string): DOMWrapper<Element> => page.wrapper.find(`[data-path="${path}"]`)
const input = (path: string): DOMWrapper<HTMLInputElement> => row(path).find('input')
const type = async (path: string, text: string): Promise<void> => {
  await input(path).setValue(text)
  await input(path).trigger('blur')
}
const press = async (words: string): Promise<void> => {
  const button = page.wrapper
    .findAll('button')
    .find((candidate) => candidate.text() === words || candidate.attributes('aria-label') === words)
  if (button === undefined) throw new Error(`no button ${words}`)
  await button.trigger('click')
  await flushPromises()
}
/** Chooses from a select box by keyboard, as a person without a mouse does. */
const choose = async (path: string, option: string): Promise<void> => {
  await row(path).find('button.select').trigger('keydown', { key: 'ArrowDown' })
  await flushPromises()
  const item = [...document.querySelectorAll<HTMLElement>('[role="option"]')].find(({ textContent }) =>
    textContent?.trim().startsWith(option),
  )
  if (item === undefined)
    throw new Error(
      `no option ${option} among ${[...document.querySelectorAll('[role="option"]')].map(({ textContent }) => textContent).join(' | ')}`,
    )
  item.focus()
  item.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  await flushPromises()
}
const open = async (
  address = '/new/classifier?preset=scenes-classifier',
  answers: Parameters<typeof fakeLab>[0] = {},
): Promise<void> => {
  lab = fakeLab({
    'run.submit': ({ spec }) => runRecord({ id: 'r-000000aa', name: spec.name, kind: spec.kind }),
    ...answers,
  })
  page = await mountPage(NewExperimentPage, lab, address, { kind: 'classifier' })
}
const submitted = async () => {
  await press('Queue')
  return lab.inputs('run.submit').at(-1)
}

beforeEach(() => window.localStorage.clear())
afterEach(() => page.wrapper.unmount())

describe('the form of a classifier', () => {
  it('starts as the preset and submits exactly it', async () => {
    await open()
    expect(page.wrapper.find('h1').text()).toBe('Classifier')
    expect(page.wrapper.find('pre').text()).toBe('lab run scenes-classifier')
    expect(await submitted()).toEqual({ spec: classifierSpecOf(), next: false })
  })
  it('submits several seeds, and says so in the command', async () => {
    await open()
    await type('seeds', '5')
    expect(page.wrapper.find('pre').text()).toBe('lab run scenes-classifier \\\n  --seeds 5')
    expect(page.wrapper.find('.kv').text().replaceAll('\u00a0', ' ')).toContain('about 1 h 00 (5 × 12 min)')
    await press('Start 5 runs')
    expect(lab.inputs('run.submit')).toEqual([{ spec: classifierSpecOf(), next: true, seeds: 5 }])
  })
  it('does not start with a number of seeds that is none', async () => {
    await open()
    await type('seeds', '0')
    await press('Start now')
    expect(lab.inputs('run.submit')).toEqual([])
    expect(row('seeds').find('.fault').text()).toBe('Must be a whole number from 1 to 100.')
    expect(page.wrapper.find('.outline').text()).toContain('1 to fix')
  })
  it('puts penalties in another order, removes them, and keeps each its own numbers', async () => {
    await open()
    const [lebesgue, jacobian, spectral] = classifierSpecOf().regularisers
    await press('Move regulariser 3 up')
    await press('Remove regulariser 1')
    expect(page.wrapper.findAll('[data-entry] h3').map((each) => each.text())).toEqual([
      'Regulariser 1',
      'Regulariser 2',
      'Step 1',
      'Step 2',
    ])
    await type('regularisers.1.strength', '0.25')
    expect(await submitted()).toMatchObject({ spec: { regularisers: [spectral, { ...jacobian, strength: 0.25 }] } })
    expect(page.wrapper.find('pre').text()).toContain('--set \'regularisers=[{"kind":"spectral"')
    expect(lebesgue?.kind).toBe('lebesgue')
  })
  it('adds steps of the rate, and finds those that do not follow one another', async () => {
    await open()
    await press('Add a step')
    expect(input('schedule.rate.steps.2.after').element.value).toBe('120')
    await type('schedule.rate.steps.2.after', '90')
    expect(row('schedule.rate.steps.2.after').find('.fault').text()).toBe(
      'Each step must come after the previous one. Use 91 or more.',
    )
    expect(page.wrapper.find('.outline').text()).toContain('1 to fix')
  })
  it('takes the schedules of the paper by name, marked while they apply', async () => {
    await open()
    await press('S2')
    expect(
      page.wrapper.findAll('[aria-label="Schedules of the paper"] [aria-pressed="true"]').map((each) => each.text()),
    ).toEqual(['S2'])
    expect(await submitted()).toMatchObject({ spec: { schedule: { rate: RATE_PRESETS[1]?.rate } } })
    expect(page.wrapper.find('pre').text()).toContain('schedule.rate={"kind":"exponential"')
    await type('schedule.rate.timeConstant', '31')
    expect(page.wrapper.findAll('[aria-label="Schedules of the paper"] [aria-pressed="true"]')).toHaveLength(0)
  })
  it('gives another model its own fields, and the way back', async () => {
    await open()
    await choose('model.kind', 'Linear classifier')
    expect(row('model.hiddenUnits').exists()).toBe(false)
    expect(row('regularisers.1.kind').exists()).toBe(true)
    await press('Queue')
    expect(row('regularisers.1.kind').find('.fault').text()).toContain(
      'The identity model has no hidden layer to penalise.',
    )
    await row('model.kind').find('.back').trigger('click')
    expect(input('model.hiddenUnits').element.value).toBe('100')
    expect(page.wrapper.find('pre').text()).toBe('lab run scenes-classifier')
  })
  it('switches batch norm', async () => {
    await open()
    await row('model.batchNorm')
      .findAll('button')
      .find((each) => each.text() === 'Off')
      ?.trigger('click')
    expect(await submitted()).toMatchObject({ spec: { model: { batchNorm: false } } })
    expect(page.wrapper.find('.diff').text()).toMatch(/Batch norm\s*on\s*off/)
  })
  it('keeps one draft for each kind, and turns presets of the other kind away to their own form', async () => {
    await open()
    await type('model.hiddenUnits', '64')
    await page.router.push('/new/classifier?preset=quick-look')
    await flushPromises()
    expect(page.router.currentRoute.value.fullPath).toBe('/new/localLearning?preset=quick-look')
    page.wrapper.unmount()
    await open('/new/classifier')
    expect(input('model.hiddenUnits').element.value).toBe('64')
  })
  it('shows a refusal of the lab where it was pressed', async () => {
    await open(undefined, {
      'run.submit': () => {
        throw new LabError('run.missing', 'no layer has been pruned yet')
      },
    })
    await press('Queue')
    expect(page.wrapper.find('.refused').text()).toContain('no layer has been pruned yet')
  })
})

describe('the layer under a hybrid model', () => {
  const layers: RunRecord[] = [
    runRecord({ id: 'r-00000001', name: 'raw one', state: 'finished', createdAt: '2026-11-25T12:00:00.000Z' }),
    runRecord({
      id: 'r-00000002',
      name: 'pruned one',
      state: 'finished',
      createdAt: '2026-11-24T12:00:00.000Z',
      pruning: { mode: 'corrected', cutoff: 1, manual: false, components: 2, removedCount: 7, prunedAt: '', model: '' },
    }),
    runRecord({ id: 'r-00000003', name: 'of other images', state: 'finished', createdAt: '2026-11-23T12:00:00.000Z' }),
    runRecord({ id: 'r-00000004', name: 'still learning', state: 'running', createdAt: '2026-11-22T12:00:00.000Z' }),
  ]
  const hybrid = classifierSpecOf({
    regularisers: [],
    model: { kind: 'hybrid', layer: null, layerForm: 'pruned', activationExponent: 4.5 },
  })
  const model = (name: string, type: 'FKHL3' | 'SHLP', inputSize: number): ModelEntry => ({
    name,
    label: name,
    origin: 'imported',
    run: null,
    note: null,
    source: `${name}.pty`,
    sha256: null,
    bytes: 1,
    addedAt: '2026-11-25T10:00:00.000Z',
    facts:
      type === 'SHLP'
        ? { type, inputSize, hiddenUnits: 20, classes: 10, activationExponent: 1, batchNorm: false, batchesSeen: 0 }
        : {
            type,
            inputSize,
            hiddenUnits: 20,
            activationExponent: 4.5,
            lebesgueNorm: 3,
            inverseLearningRate: 50,
            rank: 2,
            antiHebbianStrength: 0.4,
            radius: 1,
          },
  })
  const withLayers = async (): Promise<void> =>
    open('/new/classifier?preset=hybrid', {
      'model.list': () => [
        model('paper-layer', 'FKHL3', 3072),
        model('digits-layer', 'FKHL3', 784),
        model('perceptron', 'SHLP', 3072),
      ],
      'preset.list': () => [{ id: 'hybrid', label: 'Hybrid', description: '', spec: hybrid }],
      'run.list': () => layers,
      'run.get': ({ id }) => ({
        record: layers.find((run) => run.id === id) ?? runRecord(),
        spec: presetSpec(id === 'r-00000003' ? 'mnist-paper' : 'quick-look'),
      }),
    })
  it('is the newest pruned one of the same images unless another is chosen', async () => {
    await withLayers()
    await row('model.layer').find('button.select').trigger('keydown', { key: 'ArrowDown' })
    await flushPromises()
    expect(
      [...document.querySelectorAll('[role="option"]')].map(({ textContent }) =>
        textContent?.replace(/\s+/g, ' ').trim(),
      ),
    ).toEqual([
      'Newest finished layerpruned one',
      'raw one100 units, not pruned',
      'pruned one100 units, 7 pruned',
      'paper-layerimported, 20 units',
      'Model name or file…',
    ])
  })
  it('can be a run, an imported model, a name or a file; an empty name is a fault', async () => {
    await withLayers()
    await choose('model.layer', 'pruned one')
    expect(await submitted()).toMatchObject({ spec: { model: { layer: 'r-00000002' } } })
    await choose('model.layer', 'paper-layer')
    expect(await submitted()).toMatchObject({ spec: { model: { layer: 'paper-layer' } } })
    await choose('model.layer', 'Model name')
    await press('Queue')
    expect(row('model.layer').find('.fault').text()).toBe('Enter a layer, or leave the field empty.')
    await input('model.layer').setValue('/data/layer.pty')
    expect(await submitted()).toMatchObject({ spec: { model: { layer: '/data/layer.pty' } } })
  })
  it('warns of a run that was not pruned, and does not block', async () => {
    await withLayers()
    await choose('model.layer', 'raw one')
    expect(row('model.layer').find('.warning').text()).toContain('This run has not been pruned.')
    expect(await submitted()).toMatchObject({ spec: { model: { layer: 'r-00000001' } } })
  })
})
