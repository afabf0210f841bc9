import type { Router } from 'vue-router'
import { EXPERIMENT_KINDS, type Preset, type RunRecord } from '../../contract/index.js'
import type { Shortcut } from '../composables/useShortcuts.js'
import type { RailIconName } from '../icons/railIcons.js'
import { seedRemark } from '../pages/runWords.js'
import { RAIL_PAGES } from './pages.js'

/** One thing that the palette can do. */
export interface PaletteEntry {
  id: string
  group: 'Commands' | 'Pages' | 'Presets' | 'Runs'
  icon: RailIconName
  label: string
  /** What stands at the right: a key or an id. */
  keys?: string
  note?: string
  /** The same from a terminal, if there is one. */
  command?: string
  run(): void
}

/** Commands that show what a page shows. */
const PAGE_COMMANDS: Readonly<Record<string, string>> = {
  doctor: 'lab doctor', runs: 'lab list', data: 'lab data list', models: 'lab models list', spectra: 'lab spectrum', robustness: 'lab robustness', plane: 'lab plane',
}

/** Everything that the palette offers: commands of what is mounted, pages, presets, runs. */
export function paletteEntries(router: Router, shortcuts: readonly Shortcut[], presets: readonly Preset[], runs: readonly RunRecord[]): PaletteEntry[] {
  const go = (to: string) => (): void => void router.push(to)
  const commands = shortcuts.filter(({ hidden, when }) => hidden !== true && (when?.() ?? true)).map((shortcut): PaletteEntry => ({
    id: `key:${shortcut.keys}:${shortcut.label}`, group: 'Commands', icon: 'settings', label: shortcut.label, keys: shortcut.keys, run: () => shortcut.run(),
  }))
  const pages = RAIL_PAGES.map((page, index): PaletteEntry => ({
    id: `page:${page.name}`, group: 'Pages', icon: page.name, label: `Go to ${page.title}`, ...(index < 9 ? { keys: `Ctrl ${index + 1}` } : {}), run: go(page.to),
    ...(PAGE_COMMANDS[page.name] === undefined ? {} : { command: PAGE_COMMANDS[page.name] }),
  }))
  const kinds = Object.entries(EXPERIMENT_KINDS).map(([kind, label]): PaletteEntry => ({ id: `new:${kind}`, group: 'Commands', icon: 'new', label: `New experiment: ${label}`, run: go(`/new/${kind}`) }))
  const sweep: PaletteEntry = { id: 'new:robustness', group: 'Commands', icon: 'robustness', label: 'New robustness sweep', command: 'lab robustness', run: go('/robustness/new') }
  const replay: PaletteEntry = { id: 'replay', group: 'Commands', icon: 'home', label: 'Replay the paper', command: 'lab repro', run: go('/') }
  const starts = presets.map((preset): PaletteEntry => ({
    id: `preset:${preset.id}`, group: 'Presets', icon: 'new', label: `New from ${preset.label}`, note: preset.description, run: go(`/new/${preset.spec.kind}?preset=${encodeURIComponent(preset.id)}`),
    ...(preset.id.startsWith('own:') ? {} : { command: `lab run ${preset.id}` }),
  }))
  const records = runs.map((run): PaletteEntry => ({ id: `run:${run.id}`, group: 'Runs', icon: 'runs', label: run.group === null ? run.name : `${run.name}, ${seedRemark(run)}`, note: run.id, command: `lab show ${run.id}`, run: go(`/runs/${run.id}`) }))
  return [...commands, ...kinds, sweep, replay, ...pages, ...starts, ...records]
}

/** Where the words of a query stand in a text; null unless all of them do. */
export function matchRanges(text: string, query: string): [number, number][] | null {
  const low = text.toLowerCase()
  const ranges: [number, number][] = []
  for (const word of query.toLowerCase().split(/\s+/).filter((part) => part !== '')) {
    const at = low.indexOf(word)
    if (at < 0) return null
    ranges.push([at, at + word.length])
  }
  return ranges.sort((a, b) => a[0] - b[0])
}

const GROUP_LIMIT = 8
const GROUPS = ['Commands', 'Pages', 'Presets', 'Runs'] as const

/** Entries that hold every word of the query, by group; beginnings of words come first. */
export function findEntries(entries: readonly PaletteEntry[], query: string): { group: PaletteEntry['group']; entries: PaletteEntry[] }[] {
  const words = query.toLowerCase().split(/\s+/).filter((part) => part !== '')
  const score = (entry: PaletteEntry): number => words.reduce((sum, word) => sum + (` ${entry.label.toLowerCase()}`.includes(` ${word}`) ? 0 : 1), 0)
  const found = entries.filter((entry) => matchRanges(`${entry.label} ${entry.note ?? ''}`, query) !== null)
  return GROUPS.flatMap((group) => {
    const own = found.filter((entry) => entry.group === group)
    const best = words.length === 0 ? own : [...own].sort((a, b) => score(a) - score(b))
    return own.length === 0 ? [] : [{ group, entries: best.slice(0, GROUP_LIMIT) }]
  })
}
