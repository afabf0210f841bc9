// @vitest-environment happy-dom
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LabError, type ConvergenceVerdict, type RunRecord } from '../../../contract/index.js'
import { moved } from '../../../renderer/composables/useReorder.js'
import DataPage from '../../../renderer/pages/data/DataPage.vue'
import DoctorPage from '../../../renderer/pages/doctor/DoctorPage.vue'
import HomePage from '../../../renderer/pages/home/HomePage.vue'
import QueuePage from '../../../renderer/pages/queue/QueuePage.vue'
import LibraryPage from '../../../renderer/pages/library/LibraryPage.vue'
import SettingsPage from '../../../renderer/pages/settings/SettingsPage.vue'
import { datasetStatus, fakeLab, presetSpec, runRecord, type FakeLab } from '../fakeLab.js'
import { button, mountPage } from '../mountPage.js'

let open: VueWrapper | null = null
beforeEach(() => {
  window.localStorage.clear()
  // happy-dom lays nothing out; the table asks its height to know how many rows to draw.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 600 })
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 900 })
})
afterEach(() => {
  open?.unmount()
  open = null
})
const show = async (
  component: Parameters<typeof mountPage>[0],
  lab: FakeLab,
  properties: Record<string, unknown> = {},
): Promise<VueWrapper> => {
  // The runs of these tests are seeds of one specification; they are shown one by one.
  open = (await mountPage(component, lab, '/?group=', properties)).wrapper
  await flushPromises()
  return open
}
const verdict = (changes: Partial<ConvergenceVerdict> = {}): ConvergenceVerdict => ({
  passed: true,
  unconvergedFraction: 0.05,
  unconvergedUnits: 5,
  lowMeanUnits: 0,
  flatFraction: 0,
  text: 'It converged.',
  ...changes,
})
const RUNS: RunRecord[] = [
  runRecord({
    id: 'r-00000001',
    name: 'early',
    state: 'finished',
    createdAt: '2026-11-20T10:00:00.000Z',
    startedAt: '2026-11-20T10:00:00.000Z',
    computeSeconds: 60,
    epoch: 10,
    spectrumSlope: -2.9,
    verdict: verdict(),
  }),
  runRecord({
    id: 'r-00000002',
    name: 'middle',
    state: 'finished',
    createdAt: '2026-11-21T10:00:00.000Z',
    startedAt: '2026-11-21T10:00:00.000Z',
    computeSeconds: 5,
    epoch: 10,
    seed: 9,
    spectrumSlope: -1.5,
    verdict: verdict({ passed: false, unconvergedFraction: 0.5 }),
  }),
  runRecord({
    id: 'r-00000003',
    name: 'late',
    state: 'interrupted',
    createdAt: '2026-11-22T10:00:00.000Z',
    startedAt: '2026-11-22T10:00:00.000Z',
    computeSeconds: 700,
    epoch: 4,
    checkpoints: [2, 4],
  }),
]
const withRuns = (answers: Parameters<typeof fakeLab>[0] = {}): FakeLab =>
  fakeLab({
    'run.list': () => RUNS,
    'run.get': ({ id }) => ({
      record: RUNS.find((run) => run.id === id) ?? runRecord(),
      spec: presetSpec('quick-look'),
    }),
    'run.metrics': () => ({}),
    'run.array': () => {
      throw new LabError('file.unreadable', 'none yet')
    },
    ...answers,
  })

describe('home', () => {
  it('says what to do in an empty archive', async () => {
    const page = await show(HomePage, fakeLab())
    expect(page.text()).toContain('No runs yet.')
    expect(page.findAll('.presets a').map((link) => link.attributes('href'))).toContain(
      '/new/localLearning?preset=quick-look',
    )
    expect(page.find('.presets').text()).toContain('about 12\u00a0min')
  })
  it('shows the latest run with its numbers, and how it can go on', async () => {
    const lab = withRuns({
      'run.metrics': () => ({
        convergedFraction: {
          epoch: Float64Array.of(1, 2),
          step: Float64Array.of(5, 10),
          value: Float64Array.of(0.2, 0.827),
        },
      }),
      'run.resume': () => runRecord({ id: 'r-00000003', state: 'queued' }),
    })
    const page = await show(HomePage, lab)
    expect(page.find('.now h1').text()).toBe('late')
    expect(page.find('.now').text()).toContain('17.3\u00a0%')
    await button(page, 'Resume from epoch 4 (bit-exact)').trigger('click')
    expect(lab.inputs('run.resume')).toEqual([{ id: 'r-00000003' }])
  })
  it('grows its numbers as they are measured', async () => {
    const lab = withRuns()
    const page = await show(HomePage, lab)
    lab.emit('run.metrics', {
      id: 'r-00000003',
      records: [{ epoch: 5, step: 25, name: 'winningOverlap', value: 0.911, wall: 0 }],
    })
    await flushPromises()
    expect(page.find('.now').text()).toContain('0.911')
  })
  it('says that a preset’s data are missing', async () => {
    const page = await show(HomePage, fakeLab({ 'dataset.list': () => [datasetStatus('mnist', { state: 'absent' })] }))
    expect(page.find('.presets').text()).toContain('MNIST is not installed')
  })
})

describe('queue', () => {
  const queued = ['a', 'b', 'c'].map((name, index) =>
    runRecord({ id: `r-0000000${name}`, name: `run ${name}`, createdAt: `2026-11-2${index}T00:00:00.000Z` }),
  )
  const lab = (answers: Parameters<typeof fakeLab>[0] = {}): FakeLab =>
    fakeLab({
      'run.list': () => queued,
      'queue.get': () => ({ ids: queued.map(({ id }) => id), held: false }),
      'run.get': ({ id }) => ({
        record: queued.find((run) => run.id === id) ?? runRecord(),
        spec: presetSpec('quick-look'),
      }),
      'queue.order': () => null,
      'queue.hold': () => null,
      ...answers,
    })
  const names = (page: VueWrapper): string[] => page.findAll('tr[draggable] td:nth-child(2)').map((cell) => cell.text())

  it('is put in another order with the arrow keys', async () => {
    const quiet = lab()
    const page = await show(QueuePage, quiet)
    expect(names(page)).toEqual(['run a', 'run b', 'run c'])
    await page.findAll('.grip')[2]?.trigger('keydown', { key: 'ArrowUp' })
    await flushPromises()
    expect(quiet.inputs('queue.order')).toEqual([{ ids: ['r-0000000a', 'r-0000000c', 'r-0000000b'] }])
    expect(names(page)).toEqual(['run a', 'run c', 'run b'])
    expect(page.find('[role="status"]').text()).toContain('run c is now number 2 of 3')
  })
  it('goes back to the order that was when the lab refuses, and says why', async () => {
    const page = await show(
      QueuePage,
      lab({
        'queue.order': () => {
          throw new LabError('run.state', 'the queue has changed')
        },
      }),
    )
    await page.findAll('.grip')[0]?.trigger('keydown', { key: 'End' })
    await flushPromises()
    expect(names(page)).toEqual(['run a', 'run b', 'run c'])
    expect(page.text()).toContain('the queue has changed')
  })
  it('follows the lab', async () => {
    const quiet = lab()
    const page = await show(QueuePage, quiet)
    quiet.emit('queue.changed', { ids: ['r-0000000c'], held: true })
    await flushPromises()
    expect(names(page)).toEqual(['run c'])
    expect(page.find('[data-state="on"]').text()).toBe('Hold')
  })
  it('is held and let go', async () => {
    const quiet = lab()
    const page = await show(QueuePage, quiet)
    await button(page, 'Hold').trigger('click')
    expect(quiet.inputs('queue.hold')).toEqual([{ held: true }])
  })
  it('moves without losing anything', () => {
    expect([moved([1, 2, 3, 4], 0, 3), moved([1, 2, 3, 4], 3, 0), moved([1, 2], 5, 0)]).toEqual([
      [2, 3, 4, 1],
      [4, 1, 2, 3],
      [1, 2],
    ])
  })
})

describe('runs', () => {
  const names = (page: VueWrapper): string[] =>
    page.findAll('tbody tr:not(.gap) td:nth-child(2) b').map((cell) => cell.text())
  it('lists all, newest first, with dataset and units from their specs', async () => {
    const page = await show(LibraryPage, withRuns())
    expect(names(page)).toEqual(['late', 'middle', 'early'])
    expect(page.find('tbody tr:not(.gap)').text()).toContain('Synthetic scenes')
    expect(page.text()).toContain('Not converged')
  })
  it('greys a run whose folder is gone, and forgets it', async () => {
    const lab = withRuns({
      'run.specs': ({ ids }) =>
        Object.fromEntries(ids.filter((id) => id !== 'r-00000002').map((id) => [id, presetSpec('quick-look')])),
      'run.remove': () => null,
    })
    const page = await show(LibraryPage, lab)
    for (const row of page.findAll('tbody tr:not(.gap)')) await row.trigger('click')
    await page.findAll('tbody tr:not(.gap)')[1]?.trigger('click')
    await flushPromises()
    expect(page.findAll('tr.gone').map((row) => row.text())).toEqual([expect.stringContaining('middle')])
    expect(page.find('.preview').text()).toContain('The folder of this run is missing')
    const forget = page.findAll('.preview button').find((each) => each.text().startsWith('Forget'))
    await forget?.trigger('click')
    await forget?.trigger('click')
    expect(lab.inputs('run.remove')).toEqual([{ id: 'r-00000002' }])
  })
  it('sorts by a column and keeps runs without a value at the end', async () => {
    const page = await show(LibraryPage, withRuns())
    const slope = page.findAll('th button').find((each) => each.text() === 'α')
    await slope?.trigger('click')
    await vi.waitFor(() => expect(names(page)).toEqual(['middle', 'early', 'late']))
    await slope?.trigger('click')
    await vi.waitFor(() => expect(names(page)).toEqual(['early', 'middle', 'late']))
  })
  it('finds runs by a query, and keeps the query where none matches', async () => {
    const page = await show(LibraryPage, withRuns())
    const field = page.find('input[role="combobox"]')
    await field.setValue('state = interrupted and dataset:scenes')
    await vi.waitFor(() => expect(names(page)).toEqual(['late']))
    await field.setValue('xyz')
    await vi.waitFor(() => expect(page.text()).toContain('0 of 3 runs match “xyz”.'))
    expect((field.element as HTMLInputElement).value).toBe('xyz')
  })
  it('marks the wrong place of a query and keeps the rows', async () => {
    const page = await show(LibraryPage, withRuns())
    const field = page.find('input[role="combobox"]')
    await field.setValue('state = finished')
    await vi.waitFor(() => expect(names(page)).toEqual(['middle', 'early']))
    await field.setValue('state = finished and acuracy > .5')
    await vi.waitFor(() => expect(page.find('.marks u').text()).toBe('acuracy'))
    expect(page.find('.fault').text()).toContain('no run has a column “acuracy”')
    expect(names(page)).toEqual(['middle', 'early'])
    await field.setValue('state = finished and seed = 9')
    await vi.waitFor(() => expect(names(page)).toEqual(['middle']))
    expect(page.find('.marks u').exists()).toBe(false)
  })
  it('completes names and values with the keyboard', async () => {
    const page = await show(LibraryPage, withRuns())
    await vi.waitFor(() => expect(page.text()).toContain('of '))
    const field = page.find('input[role="combobox"]')
    const type = async (text: string): Promise<void> => {
      const element = field.element as HTMLInputElement
      element.value = text
      element.setSelectionRange(text.length, text.length)
      await field.trigger('input')
    }
    const labels = (): string[] => page.findAll('[role="option"] .mono').map((option) => option.text())
    await type('stat')
    await vi.waitFor(() => expect(labels()[0]).toBe('state'))
    await field.trigger('keydown', { key: 'Tab' })
    await flushPromises()
    expect((field.element as HTMLInputElement).value).toBe('state')
    await type('state = ')
    expect(labels()).toEqual(['finished', 'interrupted'])
    await field.trigger('keydown', { key: 'ArrowDown' })
    expect(field.attributes('aria-activedescendant')).toBe('query-option-1')
    await field.trigger('keydown', { key: 'Enter' })
    await vi.waitFor(() => expect(names(page)).toEqual(['late']))
  })
  it('chooses rows as every list does, and moves them to the trash', async () => {
    const lab = withRuns()
    const page = await show(LibraryPage, lab)
    const rows = page.findAll('tbody tr:not(.gap)')
    await rows[0]?.trigger('click')
    expect(page.find('.detail h3').text()).toBe('late')
    await rows[1]?.trigger('click', { shiftKey: true })
    expect(page.findAll('tr[aria-selected="true"]')).toHaveLength(2)
    expect(page.find('.bulk b').text()).toBe('2 runs')
    await page.get('.bulk .trash').trigger('click')
    await vi.waitFor(() => expect(names(page)).toEqual(['early']))
    expect(lab.inputs('library.edit').map((edit) => (edit.kind === 'view' ? [] : [...edit.ids].sort()))).toEqual([
      ['r-00000002', 'r-00000003'],
    ])
  })
  it('deletes runs of the trash for good after a second press', async () => {
    const lab = withRuns()
    const page = await show(LibraryPage, lab)
    await page.findAll('tbody tr:not(.gap)')[1]?.trigger('click')
    await page.get('.bulk .trash').trigger('click')
    await vi.waitFor(() => expect(names(page)).toEqual(['late', 'early']))
    await page.get('nav .trash button').trigger('click')
    await vi.waitFor(() => expect(names(page)).toEqual(['middle']))
    await page.findAll('tbody tr:not(.gap)')[0]?.trigger('click')
    const remove = button(page, 'Delete for good')
    await remove.trigger('click')
    expect(lab.inputs('library.emptyTrash')).toEqual([])
    await remove.trigger('click')
    await flushPromises()
    expect(lab.inputs('library.emptyTrash')).toEqual([{ ids: ['r-00000002'] }])
  })
})

describe('data', () => {
  it('says what is missing, downloads with progress, and can be cancelled', async () => {
    let finish: () => void = () => undefined
    const absent = datasetStatus('cifar10', {
      state: 'absent',
      verified: false,
      downloadBytes: 163e6,
      note: 'not found',
    })
    const lab = fakeLab({
      'dataset.list': () => [absent],
      'dataset.cancelDownload': () => absent,
      'dataset.download': () =>
        new Promise((resolve) => {
          finish = () => resolve(datasetStatus('cifar10'))
        }),
      'dataset.samples': () => ({
        shape: [32, 32, 3],
        indices: new Int32Array(0),
        labels: new Uint8Array(0),
        pixels: new Uint8Array(0),
        classCounts: new Int32Array(10),
        total: 50_000,
      }),
    })
    const page = await show(DataPage, lab, { kind: 'cifar10' })
    expect(page.text()).toContain('CIFAR-10 is not installed.')
    await button(page, 'Download 163').trigger('click')
    lab.emit('lab.progress', {
      topic: 'dataset.download',
      subject: 'cifar10',
      done: 40e6,
      total: 160e6,
      unit: 'bytes',
      text: 'downloading',
    })
    await flushPromises()
    expect(page.find('[role="progressbar"]').attributes('aria-valuenow')).toBe('25')
    expect(page.text()).toContain('40\u00a0MB of 160\u00a0MB')
    await button(page, 'Cancel').trigger('click')
    expect(lab.inputs('dataset.cancelDownload')).toEqual([{ kind: 'cifar10' }])
    finish()
    await flushPromises()
    expect(page.text()).toContain('checksums verified')
  })
  it('imports from a path and keeps the failure with the set', async () => {
    const lab = fakeLab({
      'dataset.list': () => [datasetStatus('mnist', { state: 'absent', verified: false })],
      'dataset.import': () => {
        throw new LabError('dataset.truncated', 'train-images ends after 12 bytes')
      },
    })
    const page = await show(DataPage, lab, { kind: 'mnist' })
    await page.find('form input').setValue('  /tmp/mnist ')
    await page.find('form').trigger('submit')
    await flushPromises()
    expect(lab.inputs('dataset.import')).toEqual([{ kind: 'mnist', path: '/tmp/mnist' }])
    expect(page.text()).toContain('train-images ends after 12 bytes')
    expect(page.text()).toContain('dataset.truncated')
  })
})

describe('doctor and settings', () => {
  it('gives one remedy a line, commands set apart', async () => {
    const lab = fakeLab({
      'lab.doctor': () => ({
        executor: 'wasm',
        executorNote: 'fastest',
        executors: [],
        checks: [
          { id: 'a', group: 'executors', label: 'Executor wasm', state: 'good', detail: 'one thread', remedy: null },
          {
            id: 'b',
            group: 'hosts',
            label: 'Electron',
            state: 'missing',
            detail: 'not here',
            remedy: 'Let `npm rebuild electron` fetch it.',
          },
        ],
      }),
    })
    const page = await show(DoctorPage, lab)
    expect(page.text()).toContain('Everything needed works (1 optional part unavailable)')
    expect(page.findAll('code').map((code) => code.text())).toEqual(['npm rebuild electron'])
  })
  it('says why the machine could not be examined, and tries again', async () => {
    let tries = 0
    const lab = fakeLab({
      'lab.doctor': () => {
        if (++tries === 1) throw new LabError('executor.failed', 'the thread died')
        return { executor: 'cpu', executorNote: '', executors: [], checks: [] }
      },
    })
    const page = await show(DoctorPage, lab)
    expect(page.text()).toContain('the thread died')
    await button(page, 'Check again').trigger('click')
    await flushPromises()
    expect(page.text()).not.toContain('the thread died')
  })
  it('changes a setting at once, and says when it could not be kept', async () => {
    const lab = fakeLab({
      'settings.set': () => {
        throw new LabError('file.unwritable', '/archive is read-only')
      },
    })
    const page = await show(SettingsPage, lab)
    await button(page, 'Dark').trigger('click')
    await flushPromises()
    expect(lab.inputs('settings.set')).toEqual([{ theme: 'dark' }])
    expect(page.text()).toContain('/archive is read-only')
    expect(page.text()).toContain('/datasetStore')
  })
})

describe('the tree of the library', () => {
  const drag = (types: string[]) => ({ dataTransfer: { types, setData: () => undefined } })
  const entry = (page: VueWrapper, label: string) => {
    const found = page.findAll('nav button.choose').find((each) => each.text().startsWith(label))
    if (found === undefined) throw new Error(`no entry ${label}`)
    return found
  }
  it('shows folders and tags with their counts, and takes runs that are dropped on them', async () => {
    const lab = withRuns()
    await lab.call('library.edit', { kind: 'move', ids: ['r-00000001'], folder: 'Thesis/Chapter 3' })
    await lab.call('library.edit', { kind: 'tag', ids: ['r-00000001', 'r-00000002'], add: ['paper'], remove: [] })
    const page = await show(LibraryPage, lab)
    await vi.waitFor(() => expect(entry(page, 'paper').text()).toBe('paper2'))
    expect([entry(page, 'Thesis').text(), entry(page, 'Chapter 3').text()]).toEqual(['Thesis1', 'Chapter 31'])
    await page.findAll('.body tbody tr')[0]?.trigger('dragstart', drag([]))
    await entry(page, 'Chapter 3').trigger('drop', drag(['application/x-locallearning-runs']))
    await vi.waitFor(() => expect(entry(page, 'Chapter 3').text()).toBe('Chapter 32'), { timeout: 4000 })
    expect(lab.inputs('library.edit').at(-1)).toEqual({
      kind: 'move',
      ids: ['r-00000003'],
      folder: 'Thesis/Chapter 3',
    })
    await entry(page, 'Chapter 3').trigger('click')
    await vi.waitFor(() => expect(page.findAll('.body tbody b').map((name) => name.text())).toEqual(['late', 'early']))
  })
  it('shows a saved view, and forgets one that is deleted until that is undone', async () => {
    const lab = withRuns()
    const view = { query: 'seed = 9', columns: ['seed'], sort: '-seed', groupBy: '' }
    await lab.call('library.edit', { kind: 'view', name: 'Nines', view })
    const page = await show(LibraryPage, lab)
    await vi.waitFor(() => expect(entry(page, 'Nines').text()).toBe('Nines1'))
    await entry(page, 'Nines').trigger('click')
    await vi.waitFor(() => expect(page.findAll('.body tbody b').map((name) => name.text())).toEqual(['middle']))
    expect(page.findAll('thead th').map((head) => head.text())).toEqual(['', 'Name', 'Seed'])
    await page.get('button[aria-label="Delete the view Nines"]').trigger('click')
    await vi.waitFor(() => expect(page.text()).not.toContain('Nines1'), { timeout: 4000 })
    expect(lab.inputs('library.edit').at(-1)).toEqual({ kind: 'view', name: 'Nines', view: null })
    await page.get('footer .link').trigger('click')
    await vi.waitFor(() => expect(entry(page, 'Nines').text()).toBe('Nines1'), { timeout: 4000 })
  })
  it('renames a run in place with F2', async () => {
    const lab = withRuns()
    const page = await show(LibraryPage, lab)
    await page.get('.body').trigger('keydown', { key: 'ArrowDown' })
    await page.get('.body').trigger('keydown', { key: 'F2' })
    const field = page.get('input[aria-label="New name"]')
    await field.setValue('later')
    await field.trigger('keydown', { key: 'Enter' })
    await vi.waitFor(() => expect(page.findAll('.body tbody b').map((name) => name.text())[0]).toBe('later'))
    expect(lab.inputs('library.edit')).toEqual([{ kind: 'rename', ids: ['r-00000003'], name: 'later' }])
  })
})
