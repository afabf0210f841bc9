import type { CellValue } from '../library/column.js'
import type { ComparedRun, SettingRow } from './comparison.js'
import { shortLabel } from './settingLabel.js'
import { valueText } from './settings.js'

/** Settings of a full name. */
const MOST_FULL_PARTS = 12
/** Settings of a legend's name besides the kind of experiment; what is more belongs into the full name. */
const MOST_PARTS = 3

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

/** The kind first, settings that not all groups have later, and last how an experiment is computed. */
const rankOf = ({ path, values }: Row): number =>
  path === 'kind' ? 0 : path === 'executor' ? 3 : values.includes(null) ? 2 : 1

/**
 * The fewest settings, found one after the other, that distinguish the groups as well as all of them; layers and classifiers are
 * distinguished before anything else.
 *
 * @param rows - by rank, which decides between settings that distinguish as well
 */
function distinguishing(rows: readonly Row[], count: number): Row[] {
  const goal = classes(rows, count)
  const chosen = rows.filter(({ path }) => path === 'kind')
  const most = MOST_PARTS + chosen.length
  while (chosen.length < most && classes(chosen, count) < goal) {
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

/** What runs are called besides their settings: their seeds (the name where one is not known), their common name, their ids. */
function otherNames(groups: readonly (readonly ComparedRun[])[]): string[][] {
  const names = groups.map((runs) => [...new Set(runs.map(({ name }) => name))].join(' and '))
  const seeds = groups.map((runs) => {
    const { seed = null, name = '' } = runs[0] ?? {}
    return runs.length > 1 ? `${runs.length} runs` : seed === null ? name : `seed ${seed}`
  })
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
    .sort((a, b) => rankOf(a) - rankOf(b))
  const has = (row: Row, group: number): boolean => (row.values[group] ?? null) !== null
  // The number of a list entry is left out where the group has no other setting of the name that differs.
  const nameOf = ({ path, label }: Row, group: number): string =>
    rows.filter((row) => shortLabel(row.path) === shortLabel(path) && has(row, group)).length < 2
      ? shortLabel(path)
      : label
  const text = (parts: readonly Row[], group: number): string =>
    parts.map((row) => partOf(row, row.values[group] ?? null, nameOf(row, group))).join(', ')
  const parts = distinguishing(rows, groups.length)
  const needed = groups.map((_, group) => parts.slice(0, partsNeeded(parts, group, groups.length)))
  const short = needed.map(text)
  // Settings that a group does not have say less than those that it has.
  const brief = needed.map((own, group) => {
    const known = own.filter((row) => has(row, group))
    return text(known.length === 0 ? own : known, group)
  })
  const isUsable = short.every((name) => name !== '')
  const areSeedsKnown = groups.every((runs) => runs.length > 1 || runs[0]?.seed !== null)
  const [seeds = [], runNames = [], ids = []] = otherNames(groups)
  const candidates = [
    ...(isUsable
      ? [brief, short, short.map((name, group) => `${name}, ${seeds[group] ?? ''}`)]
      : areSeedsKnown
        ? [seeds]
        : []),
    runNames,
    runNames.map((name, group) => `${name}, ${ids[group] ?? ''}`),
  ]
  const chosen = candidates.find(unique) ?? ids
  const more = rows.length > MOST_FULL_PARTS ? ` and ${rows.length - MOST_FULL_PARTS} more settings` : ''
  const full = (group: number): string => `${text(rows.slice(0, MOST_FULL_PARTS), group)}${more}`
  return chosen.map((name, group) => ({ name, fullName: full(group) || (runNames[group] ?? name) }))
}
