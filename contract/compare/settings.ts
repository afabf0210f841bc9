import type { CellValue } from '../library/column.js'
import type { ComparedRun, SettingCell, SettingRow } from './comparison.js'
import { choiceText, emptyText, groupedLabel, settingLabel } from './settingLabel.js'

/** Settings that do not describe an experiment. */
const OMITTED: ReadonlySet<string> = new Set(['name', 'seed', 'version'])

/** The different values of a setting among runs. */
function cellOf(path: string, runs: readonly ComparedRun[]): SettingCell | null {
  const known = runs.flatMap(({ settings }) => (settings === null ? [] : [settings[path] ?? emptyText(path, settings)]))
  if (known.length === 0) return null
  const [first = null] = known
  if (known.every((value) => value === first)) return [first]
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
  const all = new Set(groups.flat().flatMap(({ settings }) => Object.keys(settings ?? {})))
  const paths = [...all].filter((path) => !OMITTED.has(path))
  const labels = paths.map(settingLabel)
  const counts = new Map<string, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  const isShared = (label: string): boolean => (counts.get(label) ?? 0) > 1
  const rows = paths.map((path): SettingRow => ({
    path,
    label: isShared(settingLabel(path)) ? groupedLabel(path) : settingLabel(path),
    cells: groups.map((runs) => cellOf(path, runs)),
  }))
  const differs = ({ cells }: SettingRow): boolean => {
    const known = cells.filter((cell) => cell !== null)
    return known.some((cell) => cell.length > 1 || !sameCells(cell, known[0] ?? []))
  }
  return { differing: rows.filter(differs), equal: rows.filter((row) => !differs(row)) }
}

/** A value of a setting in words. */
export function valueText(path: string, value: CellValue): string {
  if (value === null) return '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return String(value).replaceAll('-', '−')
  return typeof value === 'string' ? choiceText(path, value) : value.join(', ')
}

/** More values of one group than this are counted. */
const MOST_VALUES = 3

/** The values of a setting in a group. */
export function settingText(path: string, cell: SettingCell | null): string {
  if (cell === null) return 'not recorded'
  const shown = cell
    .slice(0, MOST_VALUES)
    .map((value) => valueText(path, value))
    .join(', ')
  return cell.length > MOST_VALUES ? `${shown} and ${cell.length - MOST_VALUES} more` : shown
}
