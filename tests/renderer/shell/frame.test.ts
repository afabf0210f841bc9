// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readFileSync } from 'node:fs'
import { nextTick } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import ConfirmButton from '../../../renderer/components/ConfirmButton.vue'
import ErrorNotice from '../../../renderer/components/ErrorNotice.vue'
import NumberText from '../../../renderer/components/NumberText.vue'
import { keysOf } from '../../../renderer/composables/useShortcuts.js'
import QueueHead from '../../../renderer/pages/home/QueueHead.vue'
import QueuePage from '../../../renderer/pages/queue/QueuePage.vue'
import RunDetail from '../../../renderer/pages/shared/RunDetail.vue'
import { pageFailure, takePageFailure } from '../../../renderer/router.js'
import { keyNames } from '../../../renderer/shell/keyNames.js'
import { pageKeys, RAIL_PAGES } from '../../../renderer/pages/index.js'
import AppFrame from '../../../renderer/shell/AppFrame.vue'
import {
  archiveEntries,
  findEntries,
  paletteEntries,
  unitEntries,
  type PaletteArchive,
} from '../../../renderer/shell/paletteEntries.js'
import { LabError, type SweepRecord } from '../../../contract/index.js'
import { ALL_PRESETS, PRESETS, fakeLab, runRecord, type FakeLab } from '../fakeLab.js'
import { mountPage, type MountedPage } from '../mountPage.js'

const key = (name: string, more: KeyboardEventInit = {}): void =>
  void window.dispatchEvent(new KeyboardEvent('keydown', { key: name, cancelable: true, bubbles: true, ...more }))

describe('files of the archive that cannot be used', () => {
  it('are reported until the report is closed, and a new one is reported again', async () => {
    const problems = ['settings.json was damaged. The file was kept as settings.damaged-20261130T101500.json.']
    vi.useFakeTimers()
    const lab = fakeLab({
      'lab.vitals': () => ({
        processMemoryBytes: 1,
        totalMemoryBytes: 2,
        freeDiskBytes: 3,
        runningRun: null,
        queuedRuns: 0,
        archiveProblems: [...problems],
      }),
    })
    const { wrapper } = await mountPage(AppFrame, lab, '/')
    const banner = () =>
      wrapper
        .findAll('[role="alert"]')
        .map((alert) => alert.text())
        .join()
    expect(banner()).toContain('settings.damaged-20261130T101500.json')
    await wrapper.get('[role="alert"] button').trigger('click')
    expect(banner()).toBe('')
    problems.push('The result s-0123 cannot be used.')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(banner()).toContain('s-0123')
    expect(banner()).not.toContain('settings')
    wrapper.unmount()
    vi.useRealTimers()
  })
})

describe('the frame', () => {
  let lab: FakeLab
  let page: MountedPage
  beforeEach(async () => {
    window.localStorage.clear()
    lab = fakeLab({
      'run.list': () => [
        runRecord({ id: 'r-000000ab', name: 'a first look', state: 'running', epoch: 90, epochs: 120 }),
        runRecord({ id: 'r-000000cd', name: 'waits' }),
      ],
      'queue.get': () => ({ ids: ['r-000000cd'], held: false }),
    })
    page = await mountPage(AppFrame, lab, '/runs/r-000000ab')
  })
  afterEach(() => page.wrapper.unmount())

  it('has only pages that exist, and marks the one on screen', () => {
    const links = page.wrapper.findAll('.rail a')
    expect(links.map((link) => link.attributes('href'))).toEqual([
      '/',
      '/new',
      '/queue',
      '/runs',
      '/compare',
      '/robustness',
      '/plane',
      '/spectra',
      '/data',
      '/models',
      '/figures',
      '/doctor',
      '/settings',
    ])
    expect(page.wrapper.find('.rail a[aria-current="page"]').attributes('href')).toBe('/runs')
    expect(page.wrapper.find('.rail .badge').text()).toContain('1')
  })
  it('shows the state of the machine in the status bar', () => {
    const text = page.wrapper.find('.status').text().replace(/\s+/g, ' ')
    for (const words of [
      'wasm CPU, 2 threads',
      '1 running, 1 queued',
      'r-000000ab epoch 90 of 120',
      'Memory 1.4 of 16 GB',
      'Archive 38 GB free',
      '0.1.0',
    ])
      expect(text).toContain(words)
  })
  it('says that the connection is lost, and asks everything again once it is back', async () => {
    expect(page.wrapper.find('.banner').exists()).toBe(false)
    lab.setState('lost')
    await nextTick()
    expect(page.wrapper.find('.banner').text()).toContain('The connection to the workbench was lost')
    expect(page.wrapper.find('.banner').attributes('role')).toBe('alert')
    const before = lab.inputs('run.list').length
    lab.setState('open')
    await flushPromises()
    expect(page.wrapper.find('.banner').exists()).toBe(false)
    expect(lab.inputs('run.list').length).toBe(before + 1)
  })
  it('follows a run as it goes', async () => {
    lab.emit('run.changed', { record: runRecord({ id: 'r-000000ab', state: 'running', epoch: 91, epochs: 120 }) })
    await nextTick()
    expect(page.wrapper.find('.status').text()).toContain('epoch 91 of 120')
    lab.emit('run.removed', { id: 'r-000000ab' })
    await nextTick()
    expect(page.wrapper.find('.status').text()).not.toContain('epoch')
  })
  it('opens pages by key, but not while one types a letter', async () => {
    key('g')
    key('b')
    await flushPromises()
    expect(page.router.currentRoute.value.path).toBe('/robustness')
    const field = document.createElement('input')
    document.body.append(field)
    field.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, cancelable: true }))
    await nextTick()
    expect(document.querySelector('[role="dialog"]')).toBeNull()
    key('?')
    await flushPromises()
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain('Command palette')
    field.remove()
  })
  it('finds a run in the palette and opens it', async () => {
    key('k', { ctrlKey: true })
    await flushPromises()
    const search = document.querySelector<HTMLInputElement>('[role="dialog"] input')
    if (search === null) throw new Error('the palette has no field')
    search.value = 'first look'
    search.dispatchEvent(new Event('input', { bubbles: true }))
    await flushPromises()
    const options = [...document.querySelectorAll<HTMLElement>('[role="dialog"] [role="option"]')]
    expect(options.map(({ textContent }) => textContent?.trim())).toEqual(['a first lookr-000000ab'])
    options[0]?.click()
    await flushPromises()
    expect(page.router.currentRoute.value.path).toBe('/runs/r-000000ab')
    expect(document.querySelector('[role="dialog"]')).toBeNull()
  })
  it('keeps a changed setting at once and sends it to the lab', async () => {
    key('b', { ctrlKey: true })
    await nextTick()
    expect(page.wrapper.find('.rail').text()).not.toContain('Home')
    expect(lab.inputs('settings.set')).toEqual([{ railLabels: false }])
  })
})

describe('keys that a browser needs itself', () => {
  afterEach(() => {
    delete window.labBridge
    for (const dialog of document.querySelectorAll('[role="dialog"]')) dialog.remove()
  })
  const show = async (): Promise<MountedPage> => mountPage(AppFrame, fakeLab(), '/queue')
  it('are left to it: Ctrl with digits and Ctrl N', async () => {
    const page = await show()
    for (const name of ['1', '9', 'n']) {
      const event = new KeyboardEvent('keydown', { key: name, ctrlKey: true, cancelable: true, bubbles: true })
      window.dispatchEvent(event)
      expect(event.defaultPrevented, name).toBe(false)
    }
    await flushPromises()
    expect(page.router.currentRoute.value.path).toBe('/queue')
    page.wrapper.unmount()
  })
  it('work in the program’s own window', async () => {
    window.labBridge = {
      send: () => undefined,
      onFrame: () => undefined,
      chooseFile: () => Promise.resolve(null),
      revealFile: () => Promise.resolve(),
    }
    const page = await show()
    key('4', { ctrlKey: true })
    await flushPromises()
    expect(page.router.currentRoute.value.path).toBe('/runs')
    page.wrapper.unmount()
  })
  it('are replaced by G and a letter, which open every page, and no key is listed that no keyboard has', async () => {
    const page = await show()
    for (const { letter, to } of RAIL_PAGES) {
      key('g')
      key(letter.toLowerCase())
      await flushPromises()
      expect(page.router.currentRoute.value.path).toBe(to)
    }
    expect(new Set(RAIL_PAGES.map(({ letter }) => letter)).size).toBe(RAIL_PAGES.length)
    key('?')
    await flushPromises()
    expect(document.querySelector('[role="dialog"]')?.textContent).not.toMatch(/Ctrl\s*1\d/)
    expect(RAIL_PAGES.flatMap((each) => pageKeys(each, false)).filter((keys) => /Ctrl \d\d/.test(keys))).toEqual([])
    page.wrapper.unmount()
  })
  it('are named as the keyboard names them', () => {
    expect(keyNames('Ctrl Shift Enter', true)).toEqual(['⌘', '⇧', '↩'])
    expect(keyNames('Ctrl Shift Enter', false)).toEqual(['Ctrl', 'Shift', 'Enter'])
  })
})

describe('a page whose token is not accepted', () => {
  it('asks for the address, and stays as it is', async () => {
    const lab = fakeLab()
    const page = await mountPage(AppFrame, lab, '/queue')
    lab.setState('refused')
    await nextTick()
    const banner = page.wrapper.get('.banner')
    expect(banner.text()).toContain('This page needs the address of the workbench.')
    expect(banner.get('input').attributes('aria-label')).toBe('Address of the workbench')
    lab.setState('open')
    await nextTick()
    expect(page.wrapper.find('.banner').exists()).toBe(false)
    page.wrapper.unmount()
  })
})

describe('what computes besides runs', () => {
  const sweep = {
    id: 'a-00000001',
    request: { name: 'PGD of two' },
    models: [],
    state: 'running',
    done: 500,
    total: 2000,
    text: 'BP, size 0.01',
  } as unknown as SweepRecord
  it('is in the status bar, which is not idle then', async () => {
    const lab = fakeLab({ 'robustness.list': () => [sweep] })
    const page = await mountPage(AppFrame, lab, '/')
    const status = (): string => page.wrapper.get('.status').text().replace(/\s+/g, ' ')
    expect(status()).toContain('1 running')
    expect(status()).toContain('Robustness sweep: PGD of two')
    expect(page.wrapper.find('.status .dot').classes()).not.toContain('off')
    lab.emit('robustness.changed', { record: { ...sweep, state: 'finished' } })
    lab.emit('activity.changed', {
      activities: [{ id: 1, command: 'spectrum.ofModel', subject: 'shlp_l2', startedAt: '' }],
    })
    lab.emit('lab.progress', {
      topic: 'spectrum.ofModel',
      subject: 's-1',
      done: 3,
      total: 7,
      unit: 'steps',
      text: 'hidden of shlp_l2',
    })
    await nextTick()
    expect(status()).toContain('Spectrum: shlp_l2')
    expect(page.wrapper.get('.status .meter.live i').attributes('style')).toMatch(/42\.8/)
    lab.emit('activity.changed', { activities: [] })
    await nextTick()
    expect(status()).toContain('Queue empty')
    page.wrapper.unmount()
  })
  it('is listed on the queue page and on Home', async () => {
    for (const component of [QueuePage, QueueHead]) {
      const page = await mountPage(
        component,
        fakeLab({
          'robustness.list': () => [
            sweep,
            { ...sweep, id: 'a-00000002', request: { name: 'waits' }, state: 'queued' } as SweepRecord,
          ],
        }),
      )
      expect(page.wrapper.text()).toContain('PGD of two')
      expect(page.wrapper.text()).not.toContain('Nothing is running')
      expect(page.wrapper.text().toLowerCase()).toContain('queued')
      page.wrapper.unmount()
    }
  })
})

describe('a page that cannot be loaded', () => {
  it('says so, and is tried again', async () => {
    const router = createRouter({
      history: createMemoryHistory(),
      routes: [
        { path: '/', component: { render: () => null } },
        {
          path: '/models',
          component: () => Promise.reject(new TypeError('Failed to fetch dynamically imported module')),
        },
      ],
    })
    router.onError(takePageFailure)
    await router.push('/')
    await router.push('/models').catch(() => undefined)
    expect(pageFailure.value).toMatchObject({ to: '/models', error: { code: 'link.lost' } })
    expect(pageFailure.value?.error.message).toContain('The page /models could not be loaded: Failed to fetch')
    pageFailure.value = null
  })
})

describe('buttons while the workbench is gone', () => {
  it('are disabled, and come back with it', async () => {
    const lab = fakeLab({ 'run.list': () => [runRecord({ state: 'finished' })] })
    const page = await mountPage(RunDetail, lab, '/', { run: runRecord({ state: 'finished' }) })
    const remove = (): boolean => (page.wrapper.findAll('button').at(-1)?.element as HTMLButtonElement).disabled
    expect(remove()).toBe(false)
    lab.setState('lost')
    await nextTick()
    expect(remove()).toBe(true)
    lab.setState('open')
    await nextTick()
    expect(remove()).toBe(false)
    page.wrapper.unmount()
  })
})

describe('error texts', () => {
  it('leave the beginning of a message as it is: a path must not be changed', () => {
    expect(readFileSync('renderer/components/ErrorNotice.vue', 'utf8')).not.toContain('first-letter')
    expect(
      mount(ErrorNotice, { props: { error: new LabError('file.unreadable', '/home/me/spec.json is missing') } })
        .get('.said')
        .text(),
    ).toBe('/home/me/spec.json is missing')
  })
})

describe('the palette finds', () => {
  const pushed: unknown[] = []
  const router = { push: (to: unknown) => pushed.push(to) } as never
  const archive = {
    models: [{ name: 'shlp_l2', label: 'shlp_l2' }],
    sweeps: [{ id: 'a-00000001', request: { name: 'My PGD' }, models: [{ label: 'KH' }] }],
    spectra: [{ id: 's-00000001', request: { model: 'shlp_l2', dataset: { kind: 'cifar10' } } }],
    planes: [],
  } as unknown as PaletteArchive
  it('models, sweeps, spectra, figures and settings', () => {
    const entries = [...paletteEntries(router, [], PRESETS, []), ...archiveEntries(router, archive)]
    const groupsOf = (query: string): string[] => findEntries(entries, query).map(({ group }) => group)
    expect(groupsOf('shlp_l2')).toEqual(['Models', 'Spectra'])
    expect(groupsOf('my pgd')).toEqual(['Sweeps'])
    expect(groupsOf('figure a2')).toEqual(['Figures'])
    expect(groupsOf('setting density')).toEqual(['Settings'])
  })
  it('units of the run on screen, by number', () => {
    const run = runRecord({ id: 'r-000000ab' })
    expect(unitEntries(router, run, 400, 'unit 137').map(({ label }) => label)).toEqual(['Unit 137'])
    unitEntries(router, run, null, 'u137')[0]?.run()
    expect(pushed.at(-1)).toEqual({ path: '/runs/r-000000ab/units', query: { unit: '137' } })
    expect([
      unitEntries(router, run, 100, 'unit 137'),
      unitEntries(router, null, 400, 'unit 1'),
      unitEntries(router, run, 400, 'unit x'),
    ]).toEqual([[], [], []])
  })
})

describe('the palette', () => {
  const entries = paletteEntries(
    { push: () => undefined } as never,
    [
      { keys: 'Ctrl Enter', label: 'Run next', run: () => undefined },
      { keys: 'F6', label: 'Next pane', hidden: true, run: () => undefined },
    ],
    PRESETS,
    [runRecord()],
  )
  it('needs every word, in any order', () => {
    expect(findEntries(entries, 'paper cifar').map(({ entries: found }) => found.map(({ label }) => label))).toEqual([
      ['New from CIFAR-10, paper', 'New from CIFAR-10, a few minutes'],
    ])
    expect(findEntries(entries, 'nothing of the kind')).toEqual([])
  })
  it('offers both kinds of experiment, and their presets', () => {
    const pushed: string[] = []
    const all = paletteEntries({ push: (to: string) => pushed.push(to) } as never, [], ALL_PRESETS, [])
    for (const id of ['new:localLearning', 'new:classifier', 'preset:scenes-classifier'])
      all.find((entry) => entry.id === id)?.run()
    expect(pushed).toEqual(['/new/localLearning', '/new/classifier', '/new/classifier?preset=scenes-classifier'])
  })
  it('leaves keys out that only make sense as keys', () => {
    expect(findEntries(entries, 'pane')).toEqual([])
  })
  it('knows the same from a terminal', () => {
    expect(entries.find(({ id }) => id === 'preset:quick-look')?.command).toBe('lab run quick-look')
  })
})

describe('keys', () => {
  it.each<[KeyboardEventInit & { key: string }, string]>([
    [{ key: 'k', ctrlKey: true }, 'Ctrl K'],
    [{ key: 'Enter', ctrlKey: true, shiftKey: true }, 'Ctrl Shift Enter'],
    [{ key: '?', shiftKey: true }, '?'],
    [{ key: ' ' }, 'Space'],
    [{ key: 'F6', shiftKey: true }, 'Shift F6'],
    [{ key: 'l' }, 'L'],
    [{ key: 'k', metaKey: true }, 'Ctrl K'],
  ])('%j is %s', (init, keys) => {
    expect(keysOf(new KeyboardEvent('keydown', init))).toBe(keys)
  })
})

describe('what cannot be undone', () => {
  it('needs a second press within two seconds', async () => {
    vi.useFakeTimers()
    try {
      const button = mount(ConfirmButton, { props: { again: 'Press again to stop' }, slots: { default: 'Stop' } })
      await button.trigger('click')
      expect(button.emitted('confirm')).toBeUndefined()
      expect(button.find('[role="status"]').text()).toBe('Press again to stop')
      vi.advanceTimersByTime(2001)
      await button.trigger('click')
      expect(button.emitted('confirm')).toBeUndefined()
      await button.trigger('click')
      expect(button.emitted('confirm')).toHaveLength(1)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('small parts', () => {
  it('an error says what happened, what to do, and its code', () => {
    const notice = mount(ErrorNotice, {
      props: {
        error: new LabError('file.diskFull', 'no space left in /archive', { free: 0 }),
        attempt: 'The run could not be stored.',
      },
    })
    for (const words of [
      'The run could not be stored.',
      'no space left in /archive',
      'Free some space',
      'file.diskFull',
      'free 0',
      'Copy details',
    ])
      expect(notice.text()).toContain(words)
    expect(notice.get('code').text()).toBe('file.diskFull  free 0')
    expect(
      mount(ErrorNotice, { props: { error: new LabError('cancelled', 'stopped') } })
        .get('code')
        .text(),
    ).toBe('cancelled')
    expect(notice.attributes('role')).toBe('alert')
  })
  it('a number that is not there is a dash without its unit', () => {
    expect(mount(NumberText, { props: { value: null, unit: 's' } }).text()).toBe('–')
    expect(mount(NumberText, { props: { value: -2.951, decimals: 2 } }).text()).toBe('−2.95')
    expect(mount(NumberText, { props: { value: 0.5, as: 'percent' } }).text()).toBe('50.0\u00a0%')
  })
})
