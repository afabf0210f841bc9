import type { CellValue } from '../../../contract/library/column.js'
import type { TableCells, TableLine } from '../../../contract/library/table.js'

/** A folder of the library with how many runs it and its subfolders have. */
export interface FolderCount {
  path: string
  name: string
  depth: number
  runs: number
}

/** What the tree counts. */
export interface LibraryCounts {
  all: number
  running: number
  failed: number
  starred: number
  folders: readonly FolderCount[]
  tags: readonly { tag: string; runs: number }[]
}

/** Columns whose combinations are counted. */
export const COUNTED = ['state', 'star', 'folder', 'tag'] as const

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
const add = (counts: Map<string, number>, key: string, runs: number): void =>
  void counts.set(key, (counts.get(key) ?? 0) + runs)
const partsOf = (path: string): string[] => path.split('/')
const ancestors = (path: string): string[] =>
  partsOf(path).map((_, place, parts) => parts.slice(0, place + 1).join('/'))

function comparePaths(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)]
  for (let place = 0; place < Math.min(left.length, right.length); place++) {
    const order = collator.compare(left[place] ?? '', right[place] ?? '')
    if (order !== 0) return order
  }
  return left.length - right.length
}

/**
 * Counts of the tree.
 *
 * @param lines - groups of runs by {@link COUNTED}
 * @param cells - those columns of each group
 */
export function countsOf(lines: readonly TableLine[], { cells }: Pick<TableCells, 'cells'>): LibraryCounts {
  const [states, folders, tags] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()]
  let [all, starred] = [0, 0]
  for (const [place, { ids }] of lines.entries()) {
    const [state = null, star = null, folder = null, tag = null] = (cells[place] ?? []).map(
      ({ value }): CellValue => value,
    )
    all += ids.length
    if (star === true) starred += ids.length
    add(states, String(state), ids.length)
    if (typeof folder === 'string') for (const path of ancestors(folder)) add(folders, path, ids.length)
    if (Array.isArray(tag)) for (const each of tag as readonly string[]) add(tags, each, ids.length)
  }
  return {
    all,
    starred,
    running: states.get('running') ?? 0,
    failed: states.get('failed') ?? 0,
    folders: [...folders]
      .sort(([a], [b]) => comparePaths(a, b))
      .map(([path, runs]) => ({ path, name: partsOf(path).at(-1) ?? path, depth: partsOf(path).length - 1, runs })),
    tags: [...tags].sort((a, b) => b[1] - a[1] || collator.compare(a[0], b[0])).map(([tag, runs]) => ({ tag, runs })),
  }
}
