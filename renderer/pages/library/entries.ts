import type { RunId } from '../../../contract/index.js'
import type { TableLine } from '../../../contract/library/table.js'

/** A row of the table on screen: a run, a group of runs, or a run of an unfolded group. */
export interface Entry {
  /** The id of its run, or that of a group. */
  key: string
  ids: readonly RunId[]
  /** 1 for the runs of a group. */
  depth: 0 | 1
}

/** A group keeps its key while it keeps its first run, in whichever order the table is. */
export const groupKey = (ids: readonly RunId[]): string =>
  `group:${ids.reduce((least, id) => (id < least ? id : least), ids[0] ?? '')}`

export const isGroup = ({ ids }: Entry): boolean => ids.length > 1

/** The rows of a table whose groups are unfolded as `open` says. */
export function entriesOf(lines: readonly TableLine[], open: ReadonlySet<string>): Entry[] {
  return lines.flatMap(({ ids }): Entry[] => {
    if (ids.length === 1) return [{ key: ids[0] ?? '', ids, depth: 0 }]
    const line: Entry = { key: groupKey(ids), ids, depth: 0 }
    return open.has(line.key) ? [line, ...ids.map((id): Entry => ({ key: id, ids: [id], depth: 1 }))] : [line]
  })
}

/** The runs of the rows that are selected; a group counts as all its runs. */
export function runsOf(entries: readonly Entry[], chosen: ReadonlySet<string>): RunId[] {
  return [...new Set(entries.flatMap(({ key, ids }) => (chosen.has(key) ? ids : [])))]
}

/** The selected rows without those that a selected group contains. */
export function chosenLines(entries: readonly Entry[], chosen: ReadonlySet<string>): Entry[] {
  const inGroups = new Set(entries.flatMap((entry) => (isGroup(entry) && chosen.has(entry.key) ? entry.ids : [])))
  return entries.filter((entry) => chosen.has(entry.key) && (isGroup(entry) || !inGroups.has(entry.key)))
}

const countText = (count: number, one: string, more: string): string =>
  `${count.toLocaleString('en').replaceAll(',', '\u202f')} ${count === 1 ? one : more}`
export const runsText = (count: number): string => countText(count, 'run', 'runs')

/** `2 groups, 10 runs` */
export function selectionText(lines: readonly Entry[]): string {
  const groups = lines.filter(isGroup).length
  const runs = lines.reduce((sum, { ids }) => sum + ids.length, 0)
  return groups === 0 ? runsText(runs) : `${countText(groups, 'group', 'groups')}, ${runsText(runs)}`
}
