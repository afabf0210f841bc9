import type { Router } from 'vue-router'
import {
  FIGURE_FACTS,
  FIGURE_NAMES,
  type ModelEntry,
  type PlaneSummary,
  type Preset,
  type RunRecord,
  type SpectrumSummary,
  type SweepRecord,
} from '../../contract/index.js'
import { planeWords } from '../pages/plane/planeSetup.js'
import { shellWord } from '../form/commandLine.js'
import { keysFor, type Shortcut } from '../composables/useShortcuts.js'
import { seedRemark } from '../pages/runWords.js'
import { pageKeys, RAIL_PAGES, type PageName } from '../pages/index.js'

/** One entry of the palette. */
export interface PaletteEntry {
  id: string
  group: (typeof GROUPS)[number]
  icon: PageName
  label: string
  /** Text on the right: a key or an id. */
  keys?: string
  note?: string
  /** Other words by which it is found, not shown. */
  keywords?: string
  /** The equivalent terminal command, if any. */
  command?: string
  run(): void
}

/** Everything that the palette offers: commands of what is mounted, pages, presets, runs. */
export function paletteEntries(
  router: Router,
  shortcuts: readonly Shortcut[],
  presets: readonly Preset[],
  runs: readonly RunRecord[],
): PaletteEntry[] {
  const go = (to: string) => (): void => void router.push(to)
  const commands = shortcuts
    .filter(({ hidden, when }) => hidden !== true && (when?.() ?? true))
    .map((shortcut): PaletteEntry => ({
      id: `key:${shortcut.keys}:${shortcut.label}`,
      group: 'Commands',
      icon: 'settings',
      label: shortcut.label,
      keys: keysFor(shortcut),
      run: () => shortcut.run(),
    }))
  const pages = RAIL_PAGES.map((page): PaletteEntry => ({
    id: `page:${page.name}`,
    group: 'Pages',
    icon: page.name,
    label: `Go to ${page.title}`,
    keys: pageKeys(page, window.labBridge === undefined)[0] ?? '',
    run: go(page.to),
    ...(page.command === undefined ? {} : { command: page.command }),
    ...(page.keywords === undefined ? {} : { keywords: page.keywords.join(' ') }),
  }))
  const actions = RAIL_PAGES.flatMap(({ name, actions: own = [] }) =>
    own.map(({ to, ...action }): PaletteEntry => ({ ...action, group: 'Commands', icon: name, run: go(to) })),
  )
  const starts = presets.map((preset): PaletteEntry => ({
    id: `preset:${preset.id}`,
    group: 'Presets',
    icon: 'new',
    label: `New from ${preset.label}`,
    note: preset.description,
    run: go(`/new/${preset.spec.kind}?preset=${encodeURIComponent(preset.id)}`),
    ...(preset.id.startsWith('own:') ? {} : { command: `lab run ${preset.id}` }),
  }))
  const records = runs.map((run): PaletteEntry => ({
    id: `run:${run.id}`,
    group: 'Runs',
    icon: 'runs',
    label: run.group === null ? run.name : `${run.name}, ${seedRemark(run)}`,
    note: run.id,
    command: `lab show ${run.id}`,
    run: go(`/runs/${run.id}`),
  }))
  const figures = FIGURE_NAMES.map((name): PaletteEntry => ({
    id: `figure:${name}`,
    group: 'Figures',
    icon: 'figures',
    label: FIGURE_FACTS[name].label,
    note: FIGURE_FACTS[name].text,
    run: go(`/figures?figure=${name}`),
  }))
  const settings = SETTINGS.map((label): PaletteEntry => ({
    id: `setting:${label}`,
    group: 'Settings',
    icon: 'settings',
    label: `Setting: ${label}`,
    run: go('/settings'),
  }))
  return [...commands, ...actions, ...pages, ...starts, ...records, ...figures, ...settings]
}

/** What the settings page can change. */
const SETTINGS = ['Theme', 'Density', 'Sidebar labels', 'Queue', 'Backend', 'Folders'] as const

/** Contents of the archive besides runs; null until loaded. */
export interface PaletteArchive {
  models: readonly ModelEntry[]
  sweeps: readonly SweepRecord[]
  spectra: readonly SpectrumSummary[]
  planes: readonly PlaneSummary[]
}

/** Models, sweeps, spectra and planes of the archive. */
export function archiveEntries(router: Router, { models, sweeps, spectra, planes }: PaletteArchive): PaletteEntry[] {
  const go = (to: string) => (): void => void router.push(to)
  const labelOf = (name: string | null): string =>
    name === null ? 'raw data' : (models.find((model) => model.name === name)?.label ?? name)
  return [
    ...models.map((model): PaletteEntry => ({
      id: `model:${model.name}`,
      group: 'Models',
      icon: 'models',
      label: model.label,
      note: model.name,
      command: `lab models show ${shellWord(model.name)}`,
      run: go(`/models/${encodeURIComponent(model.name)}`),
    })),
    ...sweeps.map((sweep): PaletteEntry => ({
      id: `sweep:${sweep.id}`,
      group: 'Sweeps',
      icon: 'robustness',
      label: sweep.request.name,
      note: `${sweep.id} ${[...new Set(sweep.models.map(({ label }) => label))].join(', ')}`,
      run: go(`/robustness/${sweep.id}`),
    })),
    ...spectra.map((spectrum): PaletteEntry => ({
      id: `spectrum:${spectrum.id}`,
      group: 'Spectra',
      icon: 'spectra',
      label: `Spectrum of ${labelOf(spectrum.request.model)}`,
      note: `${spectrum.request.dataset.kind} ${spectrum.id}`,
      run: go('/spectra'),
    })),
    ...planes.map((plane): PaletteEntry => ({
      id: `plane:${plane.id}`,
      group: 'Planes',
      icon: 'plane',
      label: planeWords(plane.request),
      note: plane.id,
      run: go(`/plane?id=${plane.id}`),
    })),
  ]
}

/** Units of a run by the number in the query: `unit 137`, `u137`. */
export function unitEntries(
  router: Router,
  run: RunRecord | null,
  units: number | null,
  query: string,
): PaletteEntry[] {
  const unit = Number(/^\s*u(?:nit)?\s*(\d{1,6})\s*$/i.exec(query)?.[1] ?? NaN)
  if (run === null || Number.isNaN(unit) || (units !== null && unit >= units)) return []
  return [
    {
      id: `unit:${unit}`,
      group: 'Units',
      icon: 'runs',
      label: `Unit ${unit}`,
      note: run.name,
      run: () => void router.push({ path: `/runs/${run.id}/units`, query: { unit: String(unit) } }),
    },
  ]
}

/** Positions of the words of a query in a text; null unless it contains all of them. */
export function matchRanges(text: string, query: string): [number, number][] | null {
  const low = text.toLowerCase()
  const ranges: [number, number][] = []
  for (const word of query
    .toLowerCase()
    .split(/\s+/)
    .filter((part) => part !== '')) {
    const at = low.indexOf(word)
    if (at < 0) return null
    ranges.push([at, at + word.length])
  }
  return ranges.sort((a, b) => a[0] - b[0])
}

const GROUP_LIMIT = 8
const GROUPS = [
  'Units',
  'Commands',
  'Pages',
  'Presets',
  'Runs',
  'Models',
  'Sweeps',
  'Spectra',
  'Planes',
  'Figures',
  'Settings',
] as const

/** Entries that hold every word of the query, by group; beginnings of words come first. */
export function findEntries(
  entries: readonly PaletteEntry[],
  query: string,
): { group: PaletteEntry['group']; entries: PaletteEntry[] }[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((part) => part !== '')
  const score = (entry: PaletteEntry): number =>
    words.reduce((sum, word) => sum + (` ${entry.label.toLowerCase()}`.includes(` ${word}`) ? 0 : 1), 0)
  const found = entries.filter(
    (entry) => matchRanges(`${entry.label} ${entry.note ?? ''} ${entry.keywords ?? ''}`, query) !== null,
  )
  return GROUPS.flatMap((group) => {
    const own = found.filter((entry) => entry.group === group)
    const best = words.length === 0 ? own : [...own].sort((a, b) => score(a) - score(b))
    return own.length === 0 ? [] : [{ group, entries: best.slice(0, GROUP_LIMIT) }]
  })
}
