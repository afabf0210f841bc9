// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  LabError,
  PUBLISHED_ACCURACY,
  REPRO_SCALES,
  toWireError,
  type ReplayRecord,
  type ReplayReport,
  type ReplayScale,
  type ReportRow,
} from '../../../contract/index.js'
import { LINK } from '../../../renderer/composables/useLink.js'
import ReplayPane from '../../../renderer/pages/home/ReplayPane.vue'
import ReplayTable from '../../../renderer/pages/home/ReplayTable.vue'
import { replayCommand, replayGroups, verdictText } from '../../../renderer/pages/home/replayWords.js'
import { fakeLab, runRecord, type FakeLab } from '../fakeLab.js'
import { button, mountPage } from '../mountPage.js'

const row = (changes: Partial<ReportRow> = {}): ReportRow => ({
  group: 'Training',
  quantity: 'final test accuracy',
  model: 'KH',
  published: PUBLISHED_ACCURACY.KH,
  ours: 0.468,
  band: { lower: 0.452, upper: 0.492, rule: '± 0.02' },
  verdict: 'inside',
  source: 'Figure A2',
  ...changes,
})
const ROWS: ReportRow[] = [
  row(),
  row({
    model: 'BP',
    published: 0.562,
    ours: 0.6,
    band: { lower: 0.542, upper: 0.582, rule: '± 0.02' },
    verdict: 'outside',
  }),
  row({ model: 'SpecReg', published: 0.448, ours: null, verdict: 'missing' }),
  row({
    group: 'Spectra',
    quantity: 'slope, CIFAR-10',
    model: 'Dataset',
    published: -1.47,
    ours: -1.468,
    band: { lower: -1.49, upper: -1.45, rule: '± 0.02' },
  }),
  row({
    group: 'Spectra',
    quantity: 'slope, CIFAR-10',
    published: -2.67,
    ours: -2.61,
    band: { lower: -2.9, upper: -2.4, rule: '-2.9 to -2.4' },
  }),
  row({
    group: 'Layer',
    quantity: 'seconds of the layer training',
    published: 630,
    ours: 70,
    band: null,
    verdict: 'noBand',
  }),
]
const REPORT: ReplayReport = {
  version: 1,
  scale: 'demo',
  seed: 1,
  set: 'cifar10',
  note: 'all 50 000 images of CIFAR-10',
  createdAt: '2026-11-25T13:00:00.000Z',
  versions: {},
  executor: 'onnx-cpu',
  counts: { inside: 3, outside: 1, noBand: 1, missing: 1, otherData: 0 },
  claims: [
    { text: 'KH is more robust than BP against PGD', holds: true, detail: 'median critical norm 0.17 against 0.08' },
  ],
  rows: ROWS,
  notReplayed: [],
}
const record = (changes: Partial<ReplayRecord> = {}): ReplayRecord => ({
  id: 'demo-seed1',
  version: 1,
  scale: 'demo',
  seed: 1,
  state: 'running',
  folder: '/archive/replays/demo-seed1',
  createdAt: '2026-11-25T13:00:00.000Z',
  changedAt: '2026-11-25T13:00:00.000Z',
  progress: { label: 'KH, fgsm', number: 12, total: 70, fraction: 0.4, secondsLeft: 240, work: 'a-00000001' },
  note: null,
  error: null,
  ...changes,
})
const missing = toWireError(new LabError('dataset.missing', 'the scale demo needs CIFAR-10: it is not here'))
const scales = (here: boolean): ReplayScale[] =>
  REPRO_SCALES.map((scale) =>
    here || scale === 'smoke'
      ? { scale, seconds: 120, note: 'the first 4000 images', missing: null }
      : { scale, seconds: null, note: '', missing },
  )

let open: VueWrapper | null = null
beforeEach(() => window.localStorage.clear())
afterEach(() => {
  open?.unmount()
  open = null
})
const labWith = (
  records: ReplayRecord[],
  report: ReplayReport | null,
  answers: Parameters<typeof fakeLab>[0] = {},
): FakeLab =>
  fakeLab({
    'replay.list': () => records,
    'replay.scales': () => scales(true),
    'replay.get': ({ id }) => ({ record: records.find((each) => each.id === id) ?? record(), report }),
    ...answers,
  })
const show = async (lab: FakeLab): Promise<VueWrapper> => {
  open = (await mountPage(ReplayPane, lab)).wrapper
  await flushPromises()
  return open
}

describe('the table of a replay', () => {
  const table = (): VueWrapper =>
    mount(ReplayTable, {
      props: { rows: ROWS, claims: REPORT.claims, replay: { scale: 'demo', seed: 1 } },
      global: { plugins: [createPinia()], provide: { [LINK as symbol]: fakeLab() } },
    })
  it('sets ours beside what is published, grouped by what is measured', () => {
    const cells = table()
      .findAll('tbody tr')
      .map((line) => line.findAll('th, td').map((cell) => cell.text()))
    expect(cells).toEqual([
      ['Claims of the paper'],
      ['KH is more robust than BP against PGD', 'confirmed'],
      ['Final test accuracy', 'within ± 0.02'],
      ['KH', '0.472', '0.468', '', 'within'],
      ['BP', '0.562', '0.600', '', 'outside'],
      ['SpecReg', '0.448', '–', '', 'not measured'],
      ['Slope, CIFAR-10'],
      ['Dataset', '−1.47', '−1.47', '', 'within'],
      ['KH', '−2.67', '−2.61', '', 'within'],
      ['Seconds of the layer training'],
      ['KH', '630', '70.0', '', ''],
    ])
  })
  it('draws the band, the published tick and our dot in one scale, which ends at the edge', () => {
    const gauges = table().findAll('svg')
    const places = gauges.map((gauge) => ({
      band: [Number(gauge.find('.band').attributes('x')), Number(gauge.find('.band').attributes('width'))],
      tick: Number(gauge.find('.tick').attributes('x1')),
      dot: gauge.find('circle').exists() ? Number(gauge.find('circle').attributes('cx')) : null,
    }))
    // 0.468 lies 16/40 of the way through 0.452 to 0.492, which begins at 20 and is 52 wide; the tick at its half.
    expect(places[0]).toEqual({ band: [20, 52], tick: expect.closeTo(46, 9), dot: expect.closeTo(20 + 0.4 * 52, 9) })
    expect([places[1]?.dot, places[2]?.dot]).toEqual([88, null])
    // An uneven band has its tick where the number lies: 0.23 of 0.5.
    expect(places[4]?.tick).toBeCloseTo(20 + 0.46 * 52, 9)
    expect(gauges).toHaveLength(5)
    expect(gauges[0]?.attributes('aria-label')).toBe('published 0.472, measured 0.468, tolerance 0.452 to 0.492')
    expect(gauges[1]?.find('circle').classes()).toEqual(['warn'])
  })
  it('names the rule of a group only where all of it has the same', () => {
    expect(replayGroups(ROWS).map(({ quantity, rule, rows }) => [quantity, rule, rows.length])).toEqual([
      ['Final test accuracy', 'within ± 0.02', 3],
      ['Slope, CIFAR-10', '', 2],
      ['Seconds of the layer training', '', 1],
    ])
  })
})

describe('the replay on the desk', () => {
  it('shows every result where none has a tolerance, and then offers no choice', async () => {
    const without = {
      ...REPORT,
      scale: 'smoke' as const,
      rows: ROWS.map((each) => ({ ...each, band: null, verdict: 'otherData' as const })),
    }
    const page = await show(labWith([record({ state: 'finished', progress: null })], without))
    expect(page.findAll('tbody tr').filter((line) => line.text().includes('different data'))).toHaveLength(ROWS.length)
    expect(page.text()).not.toContain('With tolerance')
  })
  it('says what it does and starts the chosen scale with its seed', async () => {
    const lab = labWith([], null, {
      'replay.start': ({ scale, seed }) => record({ id: `${scale}-seed${seed}`, scale, seed, progress: null }),
    })
    const page = await show(lab)
    expect(page.findAll('fieldset label').map((label) => label.text())).toEqual([
      expect.stringContaining('smoke'),
      expect.stringContaining('demo'),
      expect.stringContaining('full'),
    ])
    expect(page.text()).toContain('about 2\u00a0min on 2 idle cores')
    await page.find('input[value="smoke"]').setValue(true)
    await page.find('.seed input').setValue('1.5')
    expect(page.find('[role="alert"]').text()).toContain('Expected a whole number')
    expect(button(page, 'Replay the paper').attributes('disabled')).toBeDefined()
    await page.find('.seed input').setValue('7')
    await page.find('form').trigger('submit')
    await flushPromises()
    expect(lab.inputs('replay.start')).toEqual([{ scale: 'smoke', seed: 7 }])
    expect(page.text()).toContain('Checking finished steps')
  })
  it('states at the button how long it takes, whatever scale is chosen', async () => {
    const seconds = { smoke: 60, demo: 840, full: 7200 }
    const page = await show(
      labWith([], null, {
        'replay.scales': () => scales(true).map((each) => ({ ...each, seconds: seconds[each.scale] })),
      }),
    )
    expect(button(page, 'Replay the paper').text()).toBe('Replay the paper, about 14\u00a0min')
    await page.find('input[value="full"]').setValue(true)
    expect(button(page, 'Replay the paper').text()).toBe('Replay the paper, about 2\u00a0h\u00a000')
  })
  it('is cancelled on the second press, with the run that it started', async () => {
    const work = runRecord({ id: 'r-00000009', state: 'running' })
    const lab = labWith(
      [record({ progress: { label: 'KH', number: 2, total: 70, fraction: 0.1, secondsLeft: 60, work: work.id } })],
      null,
      {
        'run.list': () => [work],
        'run.stop': () => ({ ...work, state: 'stopped' as const }),
        'replay.pause': () => record({ state: 'paused' }),
      },
    )
    const page = await show(lab)
    await button(page, 'Cancel').trigger('click')
    expect(lab.inputs('run.stop')).toEqual([])
    await button(page, 'Cancel').trigger('click')
    await flushPromises()
    expect(lab.inputs('replay.pause')).toEqual([{ id: 'demo-seed1' }])
    expect(lab.inputs('run.stop')).toEqual([{ id: work.id }])
  })
  it('says at the button what is missing, and where to get it', async () => {
    const page = await show(labWith([], null, { 'replay.scales': () => scales(false) }))
    // What can be started here is chosen first.
    expect((page.find('input[value="smoke"]').element as HTMLInputElement).checked).toBe(true)
    expect(page.find('[role="alert"]').exists()).toBe(false)
    await page.find('input[value="demo"]').setValue(true)
    expect(page.find('[role="alert"]').text()).toContain('needs CIFAR-10')
    expect(page.find('[role="alert"] a').attributes('href')).toBe('/data/cifar10')
    expect(button(page, 'Replay the paper').attributes('disabled')).toBeDefined()
    await page.find('input[value="smoke"]').setValue(true)
    expect(page.find('[role="alert"]').exists()).toBe(false)
    expect(button(page, 'Replay the paper').attributes('disabled')).toBeUndefined()
  })
  it('keeps a refusal in its place', async () => {
    const page = await show(
      labWith([], null, {
        'replay.start': () => {
          throw new LabError('replay.state', 'full-seed1 is running; pause it before demo-seed1 begins')
        },
      }),
    )
    await page.find('form').trigger('submit')
    await flushPromises()
    expect(page.find('[role="alert"]').text()).toContain('full-seed1 is running')
  })
  it('follows the one that runs, and pauses it', async () => {
    const lab = labWith(
      [record({ id: 'smoke-seed1', scale: 'smoke', state: 'finished', progress: null }), record()],
      null,
      {
        'replay.pause': () => record({ state: 'paused', changedAt: '2026-11-25T13:00:09.000Z' }),
        'replay.start': () => record(),
      },
    )
    const page = await show(lab)
    expect(page.text()).toContain('Step 12 of 70: KH, fgsm')
    expect(page.text()).toContain('about 4\u00a0min left')
    expect(page.find('[role="progressbar"]').attributes('aria-valuenow')).toBe('40')
    expect(page.find('.progress a').attributes('href')).toBe('/robustness/a-00000001')
    lab.emit('replay.changed', {
      record: record({
        progress: { label: 'Layer', number: 1, total: 70, fraction: 0.05, secondsLeft: 90, work: 'r-00000001' },
        note: 'Layer: 400 units',
      }),
    })
    await flushPromises()
    expect(page.text()).toContain('Step 1 of 70: Layer')
    expect(page.text()).toContain('Layer: 400 units')
    await button(page, 'Pause').trigger('click')
    await flushPromises()
    expect(lab.inputs('replay.pause')).toEqual([{ id: 'demo-seed1' }])
    expect(page.find('.chip').text()).toBe('Paused')
    await button(page, 'Continue').trigger('click')
    expect(lab.inputs('replay.start')).toEqual([{ scale: 'demo', seed: 1 }])
  })
  it.each([
    ['interrupted', { state: 'interrupted' }, 'Interrupted'],
    ['held', { state: 'paused', note: 'r-00000001 would wait for ever, since the queue is held' }, 'the queue is held'],
    [
      'failed',
      { state: 'failed', error: toWireError(new LabError('run.notANumber', 'the loss is NaN in epoch 3')) },
      'the loss is NaN in epoch 3',
    ],
  ] as const)('one in state %s says why, and goes on', async (_, changes, words) => {
    const page = await show(labWith([record(changes)], null))
    expect(page.text()).toContain(words)
    expect(button(page, 'Continue').attributes('disabled')).toBeUndefined()
  })
  it('shows what came out, opens the report, and gives the command line', async () => {
    const opened = vi.spyOn(window, 'open').mockReturnValue(null)
    const lab = labWith([record({ state: 'finished', progress: null })], REPORT, {
      'replay.readFile': () => new TextEncoder().encode('<!doctype html>'),
    })
    const page = await show(lab)
    expect(page.findAll('.chip').map((chip) => chip.text())).toEqual(['3 within', '1 outside', '1 open'])
    expect(page.text()).toContain('3 of 4 results are within tolerance.')
    expect(page.find('table').text()).not.toContain('Seconds of the layer')
    await button(page, 'All').trigger('click')
    expect(page.find('table').text()).toContain('Seconds of the layer')
    await button(page, 'Open report').trigger('click')
    await flushPromises()
    expect(lab.inputs('replay.readFile')).toEqual([{ id: 'demo-seed1', path: 'report.html' }])
    expect(opened).toHaveBeenCalledWith(expect.stringMatching(/^blob:/), '_blank', 'noopener')
    opened.mockRestore()
    await button(page, 'New replay').trigger('click')
    expect(button(page, 'Check the replay again').attributes('disabled')).toBeUndefined()
    await button(page, 'Back').trigger('click')
    expect(page.find('table').exists()).toBe(true)
  })
  it('reads the report once the last step is done', async () => {
    let report: ReplayReport | null = null
    const lab = labWith([record()], null, { 'replay.get': () => ({ record: record(), report }) })
    const page = await show(lab)
    expect(page.find('table').exists()).toBe(false)
    report = REPORT
    lab.emit('replay.changed', { record: record({ state: 'finished', progress: null }) })
    await flushPromises()
    expect(page.find('table').exists()).toBe(true)
  })
  it('judges no numbers of other images', () => {
    expect(verdictText({ ...REPORT, set: 'scenes' })).toContain('results are not compared')
    expect(verdictText({ ...REPORT, scale: 'full' })).toBe('3 of 4 results are within tolerance.')
  })
  it('has a command line that goes on with the very same tree', () => {
    expect(replayCommand({ scale: 'demo', seed: 1 }, null)).toBe('lab repro --scale demo')
    expect(
      replayCommand({ scale: 'full', seed: 3 }, { folder: '/my archive/replays/full-seed3', archive: '/my archive' }),
    ).toBe("lab repro --scale full --seed 3 --archive '/my archive' --out '/my archive/replays/full-seed3'")
  })
})
