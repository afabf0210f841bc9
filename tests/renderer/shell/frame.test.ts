// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import ConfirmButton from '../../../renderer/components/ConfirmButton.vue'
import ErrorNotice from '../../../renderer/components/ErrorNotice.vue'
import NumberText from '../../../renderer/components/NumberText.vue'
import { keysOf } from '../../../renderer/composables/useShortcuts.js'
import AppFrame from '../../../renderer/shell/AppFrame.vue'
import { findEntries, paletteEntries } from '../../../renderer/shell/paletteEntries.js'
import { LabError } from '../../../contract/index.js'
import { ALL_PRESETS, PRESETS, fakeLab, runRecord, type FakeLab } from '../fakeLab.js'
import { mountPage, type MountedPage } from '../mountPage.js'

const key = (name: string, more: KeyboardEventInit = {}): void => void window.dispatchEvent(new KeyboardEvent('keydown', { key: name, cancelable: true, bubbles: true, ...more }))

describe('the frame', () => {
  let lab: FakeLab
  let page: MountedPage
  beforeEach(async () => {
    window.localStorage.clear()
    lab = fakeLab({
      'run.list': () => [runRecord({ id: 'r-000000ab', name: 'a first look', state: 'running', epoch: 90, epochs: 120 }), runRecord({ id: 'r-000000cd', name: 'waits' })],
      'queue.get': () => ({ ids: ['r-000000cd'], held: false }),
    })
    page = await mountPage(AppFrame, lab, '/runs/r-000000ab')
  })
  afterEach(() => page.wrapper.unmount())

  it('has only pages that exist, and marks the one on screen', () => {
    const links = page.wrapper.findAll('.rail a')
    expect(links.map((link) => link.attributes('href'))).toEqual(['/', '/new', '/queue', '/runs', '/compare', '/robustness', '/plane', '/spectra', '/data', '/models', '/figures', '/doctor', '/settings'])
    expect(page.wrapper.find('.rail a[aria-current="page"]').attributes('href')).toBe('/runs')
    expect(page.wrapper.find('.rail .badge').text()).toContain('1')
  })
  it('tells the state of the machine in the status bar', () => {
    const text = page.wrapper.find('.status').text().replace(/\s+/g, ' ')
    for (const words of ['wasm CPU, 2 threads', '1 running, 1 waiting', 'r-000000ab epoch 90 of 120', 'Memory 1.4 of 16 GB', 'Archive 38 GB free', '0.1.0']) expect(text).toContain(words)
  })
  it('says that the connection is lost, and asks everything anew once it is back', async () => {
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
    key('6', { ctrlKey: true })
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
  it('keeps a changed setting at once and tells the lab', async () => {
    key('b', { ctrlKey: true })
    await nextTick()
    expect(page.wrapper.find('.rail').text()).not.toContain('Home')
    expect(lab.inputs('settings.set')).toEqual([{ railLabels: false }])
  })
})

describe('the palette', () => {
  const entries = paletteEntries({ push: () => undefined } as never, [{ keys: 'Ctrl Enter', label: 'Run next', run: () => undefined }, { keys: 'F6', label: 'Next pane', hidden: true, run: () => undefined }], PRESETS, [runRecord()])
  it('needs every word, in any order', () => {
    expect(findEntries(entries, 'paper cifar').map(({ entries: found }) => found.map(({ label }) => label))).toEqual([['New from CIFAR-10, paper']])
    expect(findEntries(entries, 'nothing of the kind')).toEqual([])
  })
  it('offers both kinds of experiment, and their presets', () => {
    const pushed: string[] = []
    const all = paletteEntries({ push: (to: string) => pushed.push(to) } as never, [], ALL_PRESETS, [])
    for (const id of ['new:localLearning', 'new:classifier', 'preset:scenes-classifier']) all.find((entry) => entry.id === id)?.run()
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
    [{ key: 'k', ctrlKey: true }, 'Ctrl K'], [{ key: 'Enter', ctrlKey: true, shiftKey: true }, 'Ctrl Shift Enter'], [{ key: '?', shiftKey: true }, '?'], [{ key: ' ' }, 'Space'],
    [{ key: 'F6', shiftKey: true }, 'Shift F6'], [{ key: 'l' }, 'L'], [{ key: 'k', metaKey: true }, 'Ctrl K'],
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
    const notice = mount(ErrorNotice, { props: { error: new LabError('file.diskFull', 'no space left in /archive', { free: 0 }), attempt: 'The run could not be stored.' } })
    for (const words of ['The run could not be stored.', 'no space left in /archive', 'Free some space', 'file.diskFull', 'free 0', 'Copy details']) expect(notice.text()).toContain(words)
    expect(notice.get('code').text()).toBe('file.diskFull  free 0')
    expect(mount(ErrorNotice, { props: { error: new LabError('cancelled', 'stopped') } }).get('code').text()).toBe('cancelled')
    expect(notice.attributes('role')).toBe('alert')
  })
  it('a number that is not there is a dash without its unit', () => {
    expect(mount(NumberText, { props: { value: null, unit: 's' } }).text()).toBe('–')
    expect(mount(NumberText, { props: { value: -2.951, decimals: 2 } }).text()).toBe('−2.95')
    expect(mount(NumberText, { props: { value: 0.5, as: 'percent' } }).text()).toBe('50.0\u00a0%')
  })
})
