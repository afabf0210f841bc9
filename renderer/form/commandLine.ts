import { datasetWords, type DatasetSpec, type ExperimentSpec, type Preset } from '../../contract/index.js'
import type { DraftTree } from '../stores/drafts.js'
import { changesBetween, listOf, valueAt } from './draftTree.js'

/** A spec is plain JSON, so it is also a tree of a draft. */
export const asTree = (spec: ExperimentSpec): DraftTree => spec as unknown as DraftTree

function readsAsText(text: string): boolean {
  try {
    JSON.parse(text)
    return false
  } catch {
    return true
  }
}

/** The value as `lab run --set` reads it: JSON, or plain text if it is not valid JSON. */
const encoded = (value: unknown): string =>
  typeof value === 'string' && readsAsText(value) ? value : JSON.stringify(value)

/** A word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w./:=,+@%-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** Options of a dataset that differ from those of the whole set. */
export const generatedOptions = (dataset: DatasetSpec): string[] => datasetWords(dataset, shellWord)

/** Groups with several forms: a form with other keys is set as a whole, since `--set` changes only existing keys. */
const VARIANT_GROUPS = ['dataset', 'rule', 'model', 'schedule.rate'] as const

const keysAt = (tree: DraftTree, path: string): string =>
  Object.keys((valueAt(tree, path) ?? {}) as object)
    .sort()
    .join()

/** `key=value` of every setting that leads from one spec to another. Groups of another form and lists of other entries are set as a whole. */
export function settingsBetween(before: ExperimentSpec, after: ExperimentSpec): string[] {
  const [old, now] = [asTree(before), asTree(after)]
  const changes = changesBetween(old, now)
  const lists = changes.flatMap(({ path }) => listOf(path) ?? [])
  const groups = VARIANT_GROUPS.filter((path) => keysAt(old, path) !== keysAt(now, path))
  const whole = [
    ...new Set([...groups, ...lists.filter((path) => !groups.some((group) => path.startsWith(`${group}.`)))]),
  ]
  const single = changes.filter(({ path }) => !whole.some((group) => path.startsWith(`${group}.`)))
  return [
    ...whole.map((path) => `${path}=${JSON.stringify(valueAt(now, path))}`),
    ...single.map(({ path, to }) => `${path}=${encoded(to)}`),
  ]
}

/** A way to an experiment from a preset. */
export interface PresetWay {
  preset: string
  settings: string[]
}

/**
 * The shortest way to an experiment from a preset that `lab run` knows.
 *
 * @param spec - the experiment
 * @param presets - presets of the program; own ones of a browser are not known to the command line
 * @returns null without a preset of the same kind
 */
export function shortestWay(spec: ExperimentSpec, presets: readonly Preset[]): PresetWay | null {
  const ways = presets
    .filter((preset) => preset.spec.kind === spec.kind)
    .map(({ id, spec: start }) => ({ preset: id, settings: settingsBetween(start, spec) }))
  return ways.sort((a, b) => a.settings.length - b.settings.length)[0] ?? null
}

/** The same experiment as a command, with continued lines; null without a preset. */
export function commandLine(spec: ExperimentSpec, presets: readonly Preset[], seeds = 1): string | null {
  const way = shortestWay(spec, presets)
  if (way === null) return null
  return [
    `lab run ${shellWord(way.preset)}`,
    ...way.settings.map((setting) => `--set ${shellWord(setting)}`),
    ...(seeds > 1 ? [`--seeds ${seeds}`] : []),
  ].join(' \\\n  ')
}
