import type { CellValue } from '../library/column.js'
import type { ComparedRun, SettingRow } from './comparison.js'
import { shortLabel } from './settingLabel.js'
import { valueText } from './settings.js'

/** Settings of a legend's name; what is more belongs into the full name. */
const MOST_PARTS = 3
/** How an experiment is computed distinguishes it least. */
const LAST: ReadonlySet<string> = new Set(['executor'])

type Row = SettingRow & { values: CellValue[] }

/** A setting as a part of a name: `hidden units 2000`, `hybrid`, `no strength`. */
function partOf({ path }: SettingRow, value: CellValue, label: string): string {
  if (value === null || value === false) return `no ${label}`
  if (value === true) return label
  return /(^|\.)kind$/.test(path) ? valueText(path, value) : `${label} ${valueText(path, value)}`
}

/** In how many classes rows divide the groups. */
const classes = (rows: readonly Row[], count: number): number =>
  new Set(Array.from({ length: count }, (_, group) => JSON.stringify(rows.map(({ values }) => values[group])))).size

/** The fewest settings, found one after the other, that distinguish the groups as well as all of them. */
function distinguishing(rows: readonly Row[], count: number): Row[] {
  const goal = classes(rows, count)
  const chosen: Row[] = []
  while (chosen.length < MOST_PARTS && classes(chosen, count) < goal) {
    const [best] = rows
      .filter((row) => !chosen.includes(row))
      .map((row) => ({ row, reached: classes([...chosen, row], count) }))
      .sort((a, b) => b.reached - a.reached)
    if (best === undefined) break
    chosen.push(best.row)
  }
  return chosen
}

/** With how many of the parts a group already differs from all others; all of them where it never does. */
function partsNeeded(parts: readonly Row[], group: number, count: number): number {
  const key = (other: number, taken: number): string =>
    JSON.stringify(parts.slice(0, taken).map(({ values }) => values[other]))
  for (let taken = 1; taken < parts.length; taken++) {
    const own = key(group, taken)
    if (Array.from({ length: count }, (_, other) => key(other, taken)).filter((one) => one === own).length === 1)
      return taken
  }
  return parts.length
}

const unique = (names: readonly string[]): boolean => new Set(names).size === names.length

/** What runs are called besides their settings: their common name, their seeds, their ids. */
function otherNames(groups: readonly (readonly ComparedRun[])[]): string[][] {
  const names = groups.map((runs) => [...new Set(runs.map(({ name }) => name))].join(' and '))
  const seeds = groups.map((runs) =>
    runs.length === 1 && runs[0]?.seed !== null ? `seed ${runs[0]?.seed ?? ''}` : `${runs.length} runs`,
  )
  return [seeds, names, groups.map((runs) => runs[0]?.id ?? '')]
}

/**
 * Names of groups by what differs: the fewest settings that distinguish them; where settings do not, the seed, the name or the id.
 *
 * @param differing - of {@link settingRows}; a setting that differs inside a group names nothing
 */
export function groupNames(
  groups: readonly (readonly ComparedRun[])[],
  differing: readonly SettingRow[],
): { name: string; fullName: string }[] {
  const rows = differing
    .flatMap((row): Row[] => {
      const values = row.cells.map((cell) => (cell?.length === 1 ? (cell[0] ?? null) : undefined))
      return values.every((value) => value !== undefined) ? [{ ...row, values }] : []
    })
    .sort((a, b) => Number(LAST.has(a.path)) - Number(LAST.has(b.path)))
  const names = (label: string): number => rows.filter(({ path }) => shortLabel(path) === label).length
  // The number of a list entry is left out where no other setting that differs has the name.
  const nameOf = ({ path, label }: Row): string => (names(shortLabel(path)) === 1 ? shortLabel(path) : label)
  const text = (parts: readonly Row[], group: number): string =>
    parts.map((row) => partOf(row, row.values[group] ?? null, nameOf(row))).join(', ')
  const parts = distinguishing(rows, groups.length)
  const short = groups.map((_, group) => text(parts.slice(0, partsNeeded(parts, group, groups.length)), group))
  const isUsable = short.every((name) => name !== '')
  const [seeds = [], runNames = [], ids = []] = otherNames(groups)
  const candidates = [
    ...(isUsable ? [short, short.map((name, group) => `${name}, ${seeds[group] ?? ''}`)] : [seeds]),
    runNames,
    runNames.map((name, group) => `${name}, ${ids[group] ?? ''}`),
  ]
  const chosen = candidates.find(unique) ?? ids
  return chosen.map((name, group) => ({ name, fullName: text(rows, group) || (runNames[group] ?? name) }))
}
