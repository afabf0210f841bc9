// @vitest-environment happy-dom
import type { VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  LabError,
  type ArrayRecord,
  type ClassifierSpec,
  type CommandOutput,
  type RunRecord,
} from '../../../contract/index.js'
import RunPage from '../../../renderer/pages/run/RunPage.vue'
import { classifierSpecOf, fakeLab, runRecord, type FakeLab } from '../fakeLab.js'
import { mountPage } from '../mountPage.js'
import { drawnOptions, plotsSettled as settle } from '../stillCharts.js'

vi.mock('../../../renderer/charts/engine.js', async () => (await import('../stillCharts.js')).stillEngine())

const ID = 'r-000000cc'
const columns = (value: number[]) => ({
  epoch: Float64Array.from(value, (_, index) => index + 1),
  step: Float64Array.from(value, (_, index) => 40 * (index + 1)),
  value: Float64Array.from(value),
})
const metrics: CommandOutput<'run.metrics'> = {
  loss: columns([3, 2, 1.5]),
  crossEntropy: columns([2.2, 1.4, 1.1]),
  trainAccuracy: columns([0.2, 0.4, 0.55]),
  testAccuracy: columns([0.21, 0.39, 0.5]),
  gradientNorm: columns([4, 3, 2]),
  learningRate: columns([1e-3, 1e-3, 5e-4]),
  penalty1: columns([100, 90, 80]),
  weightedPenalty1: columns([0.05, 0.045, 0.04]),
  penalty2: columns([50, 40, 30]),
  weightedPenalty2: columns([0.05, 0.04, 0.03]),
  penalty3: columns([0.7, 0.5, 0.3]),
  weightedPenalty3: columns([0.7, 0.5, 0.3]),
}
// Ten classes of the scenes: everything right but four squares that are taken for rings.
const confusion = Int32Array.from({ length: 100 }, (_, place) => (place === 14 ? 4 : place % 11 === 0 ? 10 : 0))
const arrays: Partial<Record<ArrayRecord['name'], ArrayRecord>> = {
  confusion: { name: 'confusion', epoch: 3, shape: [10, 10], data: confusion },
  mistakes: { name: 'mistakes', epoch: 3, shape: [2, 4], data: Float32Array.of(17, 1, 4, 0.98, 5, 1, 4, 0.91) },
  spectrum: {
    name: 'spectrum',
    epoch: 3,
    shape: [100],
    data: Float64Array.from({ length: 100 }, (_, index) => 2 / (index + 1)),
  },
}

let page: VueWrapper
let lab: FakeLab
const open = async (
  record: Partial<RunRecord> = {},
  spec: ClassifierSpec = classifierSpecOf(),
  tab = 'live',
  answers: Parameters<typeof fakeLab>[0] = {},
): Promise<void> => {
  const whole = runRecord({
    id: ID,
    kind: 'classifier',
    name: 'scenes',
    state: 'running',
    epoch: 3,
    epochs: 200,
    startedAt: '2026-11-25T10:00:00.000Z',
    testAccuracy: 0.5,
    ...record,
  })
  lab = fakeLab({
    'run.list': () => [whole],
    'run.get': () => ({ record: whole, spec }),
    'run.metrics': () => metrics,
    'run.notices': () => [],
    'run.arrayEpochs': ({ name }) => (arrays[name] === undefined ? [] : [3]),
    'run.array': ({ name }) =>
      arrays[name] ??
      (() => {
        throw new LabError('run.nothingToShow', `no ${name} yet`)
      })(),
    'dataset.images': ({ indices }) => ({
      shape: [2, 2, 1],
      indices,
      labels: new Uint8Array(indices.length),
      pixels: new Uint8Array(4 * indices.length),
      classCounts: new Int32Array(10),
      total: 2000,
    }),
    ...answers,
  })
  page = (await mountPage(RunPage, lab, `/runs/${ID}`, { id: ID, tab })).wrapper
  await settle()
}
const lines = () => drawnOptions.map(({ series = [] }) => series.filter(({ type }) => type === 'line'))
const press = async (words: string): Promise<void> => {
  await page
    .findAll('button')
    .find((button) => button.text() === words)
    ?.trigger('click')
  await settle()
}

beforeEach(() => {
  window.localStorage.clear()
  drawnOptions.length = 0
})
afterEach(() => page.unmount())

describe('the page of a classifier', () => {
  it('shows loss, cross entropy and accuracies', async () => {
    await open()
    expect(page.find('[data-testid="loss"]').text()).toBe('1.50')
    expect(page.find('[data-testid="crossEntropy"]').text()).toBe('1.10')
    expect(page.find('[data-testid="test-accuracy"]').text()).toBe('50.0\u00a0%')
    expect(page.find('.head').text()).toContain('SHLP, 100 units')
  })
  it('draws the loss with every term, weighted or not', async () => {
    await open()
    // Loss, cross entropy and three penalties; the last values of the third column are those of the weighted terms.
    const lossLines = (): unknown[] =>
      (lines().find((drawn) => drawn.length === 5) ?? []).map(({ data }) => (data as [number, number][]).at(-1)?.[1])
    expect(lossLines()).toEqual([1.5, 1.1, 0.04, 0.03, 0.3])
    await press('Unweighted')
    expect(lossLines()).toEqual([1.5, 1.1, 80, 30, 0.3])
  })
  it('smooths only when asked, and then shows the envelope', async () => {
    await open()
    const areas = (): number =>
      drawnOptions.flatMap(({ series = [] }) => series).filter(({ type }) => type === 'custom').length
    expect(areas()).toBe(0)
    await press('5')
    expect(areas()).toBe(8)
    expect(page.find('[data-testid="loss"]').text()).toBe('1.50')
  })
  it('switches the axes of values and of epochs, and says every unit', async () => {
    await open()
    const lossAxes = () => {
      const chart = drawnOptions.find(({ series = [] }) => series.filter(({ type }) => type === 'line').length === 5)
      return [chart?.xAxis?.['type'], chart?.yAxis?.['type']]
    }
    expect(lossAxes()).toEqual(['value', 'log'])
    const [values, epochs] = page.findAll('.strip .seg').slice(-2)
    await values?.findAll('button')[0]?.trigger('click')
    await settle()
    expect(lossAxes()).toEqual(['value', 'value'])
    await epochs?.findAll('button')[1]?.trigger('click')
    await settle()
    expect(lossAxes()).toEqual(['log', 'value'])
    for (const words of ['nat', 'fraction of images', 'Epoch', 'Dimension']) expect(page.text()).toContain(words)
  })
  it('shows every digit and every point of a stretch, and all of it again', async () => {
    await open()
    const [area] = page.findAll('.frame .area')
    await area?.trigger('keydown', { key: '+' })
    await settle()
    expect(page.find('[data-testid="loss"]').text()).toBe('1.500000')
    expect(page.find('.strip').text()).toContain('Epochs 100 to 200: show all')
    await area?.trigger('keydown', { key: '0' })
    await settle()
    expect(page.find('[data-testid="loss"]').text()).toBe('1.50')
  })
  it('shows the confusion matrix as a table with names, numbers and the worst confusion', async () => {
    await open()
    const table = page.find('.confusion table')
    expect(table.find('caption').text()).toContain('100 of 104 are correct')
    expect(table.findAll('tbody th').map((each) => each.text())).toEqual([
      'discs',
      'squares',
      'triangles',
      'bars',
      'rings',
      'crosses',
      'leaves',
      'stripes',
      'checks',
      'blobs',
    ])
    expect(
      table
        .findAll('tbody tr')[1]
        ?.findAll('td')
        .map((each) => each.text()),
    ).toEqual(['0', '10', '0', '0', '4', '0', '0', '0', '0', '0', '71\u00a0%'])
    expect(page.find('.confusion .readout').text()).toBe(
      'Most frequent, squares: 4 of 14 predicted as rings, 28.6\u00a0%',
    )
    await page.find('.confusion .box').trigger('keydown', { key: 'ArrowDown' })
    await page.find('.confusion .box').trigger('keydown', { key: 'ArrowDown' })
    await page.find('.confusion .box').trigger('keydown', { key: 'ArrowRight' })
    expect(page.find('.confusion .readout').text()).toBe('squares: 10 of 14 correct, 71.4\u00a0%')
  })
  it('shows the worst mistakes as images, the surest first', async () => {
    await open()
    expect(lab.inputs('dataset.images')).toEqual([
      { dataset: { ...classifierSpecOf().dataset, imageLimit: null }, split: 'test', indices: Int32Array.of(17, 5) },
    ])
    expect(page.findAll('.gallery li').map((each) => each.text())).toEqual(['squaresrings0.980', 'squaresrings0.910'])
    expect(page.findAll('.gallery canvas')).toHaveLength(2)
  })
  it('draws the target beside the spectrum', async () => {
    await open()
    const scope = drawnOptions.find(({ series = [] }) => series.some(({ type }) => type === 'scatter'))
    const target = scope?.series?.find(
      ({ lineStyle }) => (lineStyle as { type?: string } | undefined)?.type === 'dashed',
    )
    // Corrected, exponent 1 from index 10: anchored at λ of rank 11, 2/11, so the law is 2/n itself.
    const [[rank, value]] = target?.['data'] as [[number, number]]
    expect([rank, value * 11]).toEqual([11, 2])
  })
  it('grows as it learns, and joins what a resumed run reports again', async () => {
    await open({ resumedAt: [2] })
    expect(page.find('.strip').text()).toContain('one curve, resumed at epoch 2')
    lab.emit('run.metrics', {
      id: ID,
      records: [
        { epoch: 3, step: 120, name: 'loss', value: 1.4, wall: 0 },
        { epoch: 4, step: 160, name: 'loss', value: 1.25, wall: 0 },
      ],
    })
    await settle()
    expect(page.find('[data-testid="loss"]').text()).toBe('1.25')
    const loss = lines().find((drawn) => drawn.length === 5)?.[0]?.['data'] as [number, number][]
    expect(loss).toEqual([
      [1, 3],
      [2, 2],
      [3, 1.4],
      [4, 1.25],
    ])
  })
  it('has no tab for pruning, and offers no figure of a layer', async () => {
    await open({ state: 'finished' })
    expect(page.findAll('.tabs a').map((link) => link.text())).toEqual([
      'Live',
      'Units',
      'Spectrum',
      'Checkpoints',
      'Specification',
      'Files',
      'Command line',
    ])
    expect(page.text()).not.toContain('Figure A1')
  })
  it('says in each pane what is missing', async () => {
    const nothing = {
      'run.metrics': () => ({}),
      'run.arrayEpochs': () => [],
      'run.array': () => {
        throw new LabError('run.nothingToShow', 'none yet')
      },
    }
    await open(
      { state: 'running', epoch: 0 },
      classifierSpecOf({
        regularisers: [],
        model: { kind: 'identity', imageNorm: 3 },
        evaluation: { every: 5, mode: 'corrected', mistakes: 0 },
      }),
      'live',
      nothing,
    )
    expect(page.findAll('.empty').map((each) => each.text())).toEqual([
      'Measured after every epoch.',
      'Measured after every epoch.',
      'Measured after every epoch.',
      'No fields yet. The weights of each class appear after the first epoch.',
      'No test yet. The classifier is tested every 5 epochs.',
      'No test yet.',
    ])
  })
  it('keeps a failure where it happened', async () => {
    await open({}, classifierSpecOf(), 'live', {
      'dataset.images': () => {
        throw new LabError('dataset.missing', 'the scenes are gone')
      },
    })
    expect(page.find('.mistakes .notice').text()).toContain('the scenes are gone')
    expect(page.find('.confusion table').exists()).toBe(true)
  })
  it('gives the commands of a classifier', async () => {
    await open({}, classifierSpecOf(), 'command')
    expect(page.find('pre').text()).toBe(
      `lab show ${ID}\nlab resume ${ID}\n\n# repeat the experiment\nlab run scenes-classifier`,
    )
  })
})
