// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import type { LabSettings } from '../../../contract/index.js'
import {
  chosenKeys,
  keysFor,
  listenForShortcuts,
  shortcutId,
  useShortcuts,
} from '../../../renderer/composables/useShortcuts.js'
import KeyHelp from '../../../renderer/shell/KeyHelp.vue'
import SettingsPage from '../../../renderer/pages/settings/SettingsPage.vue'
import { CHANGEABLE, keysFault } from '../../../renderer/shell/shortcutList.js'
import { fakeLab, type FakeLab } from '../fakeLab.js'
import { mountPage } from '../mountPage.js'

const RENDERER = resolve('renderer')
let page: VueWrapper | null = null
beforeEach(() => window.localStorage.clear())
afterEach(() => {
  page?.unmount()
  page = null
  chosenKeys.value = {}
})

const settings: LabSettings = {
  theme: 'system',
  density: 'normal',
  railLabels: true,
  queueHeld: false,
  executor: 'auto',
  slots: 1,
  threadsPerSlot: null,
}
async function show(): Promise<FakeLab> {
  let held = settings
  const lab = fakeLab({ 'settings.get': () => held, 'settings.set': (changes) => (held = { ...held, ...changes }) })
  page = (await mountPage(SettingsPage, lab)).wrapper
  await flushPromises()
  return lab
}
const rowOf = (id: string) => page!.find(`[data-shortcut="${id}"]`)
const give = async (id: string, key: KeyboardEventInit): Promise<void> => {
  await rowOf(id).find('button').trigger('click')
  await rowOf(id).find('button').trigger('keydown', key)
  await flushPromises()
}

describe('keyboard shortcuts', () => {
  it('act on the keys that were chosen, and the help shows these', async () => {
    const ran: string[] = []
    chosenKeys.value = { 'Run: C': 'K' }
    page = mount(
      defineComponent({
        setup() {
          listenForShortcuts(ref(false))
          useShortcuts([{ keys: 'C', label: 'Compare', group: 'Run', run: () => ran.push('compare') }])
          return () => h(KeyHelp, { open: true })
        },
      }),
      { attachTo: document.body },
    )
    await flushPromises()
    for (const key of ['c', 'k']) window.dispatchEvent(new KeyboardEvent('keydown', { key }))
    expect(ran).toEqual(['compare'])
    expect(document.querySelector('.keys dd')?.textContent).toBe('K')
  })
  it('can all be changed, but those of pages', () => {
    const sources = readdirSync(RENDERER, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.(vue|ts)$/.test(name) && !/(shortcutList|[/\\]page)\.ts$/.test(name),
    )
    const used = sources
      .flatMap((name) => [
        ...readFileSync(join(RENDERER, name), 'utf8').matchAll(
          /\{\s*keys: '([^']+)',\s*label: '[^']+'(?:,\s*group: '([^']+)')?/g,
        ),
      ])
      .map(([, keys = '', group]) => shortcutId(group === undefined ? { keys } : { keys, group }))
    expect(used.length).toBeGreaterThan(20)
    expect([...new Set(used)].sort()).toEqual([...new Set(CHANGEABLE.map(shortcutId))].sort())
  })
  it('are changed by pressing other keys, kept with the settings, and reset', async () => {
    const lab = await show()
    await give('Run: C', { key: 'k' })
    expect(lab.inputs('settings.set')).toEqual([{ shortcuts: { 'Run: C': 'K' } }])
    chosenKeys.value = { 'Run: C': 'K' }
    await flushPromises()
    expect(keysFor({ keys: 'C', group: 'Run' })).toBe('K')
    expect(keysFor({ keys: 'C', group: 'Runs' })).toBe('C')
    expect(rowOf('Run: C').find('.key-names').text()).toBe('K')
    await rowOf('Run: C').findAll('button')[1]!.trigger('click')
    await flushPromises()
    expect(lab.inputs('settings.set').at(-1)).toEqual({ shortcuts: {} })
  })
  it('that conflict are refused with the reason, and nothing is changed', async () => {
    const lab = await show()
    await give('Run: C', { key: 'f' })
    expect(rowOf('Run: C').find('[role="alert"]').text()).toBe('F is already used for “Make Figure A1”.')
    expect(lab.inputs('settings.set')).toEqual([])
    // Another place may use the same key; everywhere may not.
    expect(keysFault({ keys: 'C', group: 'Run' }, 'P', { inBrowser: true })).toBeNull()
    expect(keysFault({ keys: 'C', group: 'Run' }, 'Ctrl K', { inBrowser: true })).toContain('Command palette')
    expect(keysFault({ keys: 'Ctrl K' }, 'P', { inBrowser: true })).toContain('Pin or release')
    expect(keysFault({ keys: 'C', group: 'Run' }, 'Ctrl T', { inBrowser: true })).toContain('browser')
    expect(keysFault({ keys: 'C', group: 'Run' }, 'Esc', { inBrowser: false })).toContain('reserved')
  })
})
