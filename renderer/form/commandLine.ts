import type { ExperimentSpec, Preset } from '../../contract/index.js'
import type { DraftTree } from '../stores/drafts.js'
import { changesBetween } from './draftTree.js'

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

/** The value as `lab run --set` reads it: JSON, or plain text where JSON would not take it for something else. */
const encoded = (value: unknown): string => (typeof value === 'string' && readsAsText(value) ? value : JSON.stringify(value))

/** A word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w./:=,+@%-]+$/.test(text) ? text : `'${text.replaceAll('\'', '\'\\\'\'')}'`
}

/** `key=value` of every setting that leads from one spec to another. A dataset of another form is set as a whole. */
export function settingsBetween(before: ExperimentSpec, after: ExperimentSpec): string[] {
  const whole = Object.keys(before.dataset).sort().join() !== Object.keys(after.dataset).sort().join()
  const changes = changesBetween(asTree(before), asTree(after)).filter(({ path }) => !(whole && path.startsWith('dataset.')))
  const settings = changes.map(({ path, to }) => `${path}=${encoded(to)}`)
  return whole ? [`dataset=${JSON.stringify(after.dataset)}`, ...settings] : settings
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
 * @returns null without a preset
 */
export function shortestWay(spec: ExperimentSpec, presets: readonly Preset[]): PresetWay | null {
  const ways = presets.map(({ id, spec: start }) => ({ preset: id, settings: settingsBetween(start, spec) }))
  return ways.sort((a, b) => a.settings.length - b.settings.length)[0] ?? null
}

/** The same experiment from a terminal, on lines that a shell joins again; null without a preset. */
export function commandLine(spec: ExperimentSpec, presets: readonly Preset[]): string | null {
  const way = shortestWay(spec, presets)
  if (way === null) return null
  return [`lab run ${shellWord(way.preset)}`, ...way.settings.map((setting) => `--set ${shellWord(setting)}`)].join(' \\\n  ')
}
