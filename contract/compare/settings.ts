import type { CellValue } from '../library/column.js'
import type { ComparedRun, SettingCell, SettingRow } from './comparison.js'

/** Settings that do not describe an experiment. */
const OMITTED: ReadonlySet<string> = new Set(['name', 'seed', 'version'])

/** `hiddenUnits` as words: `hidden units`; abbreviations keep their capitals. */
const words = (name: string): string =>
  name.replace(
    /([a-z])([A-Z])(?=[a-z]|$)/g,
    (_, before: string, capital: string) => `${before} ${capital.toLowerCase()}`,
  )

/** The words for a setting: `layer.hiddenUnits` is `hidden units`, `regularisers.0.strength` is `regulariser 1 strength`. */
export function settingLabel(path: string): string {
  const entry = /([^.]+)\.(\d+)(?:\.(.+))?$/.exec(path)
  if (entry === null) return path === 'kind' ? 'kind' : words(labelled(path))
  const [, list = '', index = '0', rest = ''] = entry
  return `${words(list).replace(/s$/, '')} ${Number(index) + 1} ${words(rest.replaceAll('.', ' '))}`.trim()
}

/** `kind` says nothing without what it is the kind of. */
function labelled(path: string): string {
  const [last = path, before] = path.split('.').reverse()
  return last === 'kind' && before !== undefined ? before : last
}

/** The different values of a setting among runs. */
function cellOf(path: string, runs: readonly ComparedRun[]): SettingCell | null {
  const known = runs.flatMap(({ settings }) => (settings === null ? [] : [settings[path] ?? null]))
  if (known.length === 0) return null
  const seen = new Map<string, CellValue>(known.map((value) => [JSON.stringify(value), value]))
  return [...seen.values()]
}

/** Whether two groups have the same values. */
const sameCells = (a: SettingCell, b: SettingCell): boolean =>
  a.length === b.length && JSON.stringify([...a].sort()) === JSON.stringify([...b].sort())

/**
 * The settings of all groups, those in which any two runs differ apart from those that all share. Names, seeds and versions of
 * the format are no settings; a group without specifications takes no part.
 */
export function settingRows(groups: readonly (readonly ComparedRun[])[]): {
  differing: SettingRow[]
  equal: SettingRow[]
} {
  const paths = new Set(groups.flat().flatMap(({ settings }) => Object.keys(settings ?? {})))
  const rows = [...paths]
    .filter((path) => !OMITTED.has(path))
    .map((path): SettingRow => ({
      path,
      label: settingLabel(path),
      cells: groups.map((runs) => cellOf(path, runs)),
    }))
  const differs = ({ cells }: SettingRow): boolean => {
    const known = cells.filter((cell) => cell !== null)
    return known.some((cell) => cell.length > 1 || !sameCells(cell, known[0] ?? []))
  }
  return { differing: rows.filter(differs), equal: rows.filter((row) => !differs(row)) }
}

/** A value of a setting in words. */
export const valueText = (value: CellValue): string =>
  value === null
    ? '–'
    : typeof value === 'boolean'
      ? value
        ? 'yes'
        : 'no'
      : typeof value === 'number'
        ? String(value).replace('-', '−')
        : Array.isArray(value)
          ? value.join(', ')
          : String(value)

/** More values of one group than this are counted. */
const MOST_VALUES = 3

/** The values of a setting in a group. */
export function settingText(cell: SettingCell | null): string {
  if (cell === null) return 'not recorded'
  const shown = cell.slice(0, MOST_VALUES).map(valueText).join(', ')
  return cell.length > MOST_VALUES ? `${shown} and ${cell.length - MOST_VALUES} more` : shown
}
