import type { RunLabels } from '../../contract/library/edits.js'

/** A value that users set; JSON, so that it can be compared and stored. */
export type LabelValue = string | boolean | null

/** Ids that share one change of one cell. Tags are cells of their own: `tag:paper` is true or false. */
export interface CellChange {
  key: string
  ids: readonly string[]
  before: LabelValue
  after: LabelValue
}

/** The cells that users have set, by id and key. Views are the cells of {@link VIEWS_ID}. */
export interface LabelCells {
  get(id: string, key: string): LabelValue
  /** Sets the cell where it holds `from`. @returns whether it did */
  replace(id: string, key: string, from: LabelValue, to: LabelValue): boolean
  /** Keys and values of an id that are not the initial ones. */
  of(id: string): ReadonlyMap<string, LabelValue>
  /** Forgets an id, when its run is deleted for good. */
  ids(): Iterable<string>
}

/** The id under which saved views are kept. */
export const VIEWS_ID = 'views'

/** The value of a cell that nobody has set: a tag is absent, a star is off, texts are empty. */
export const initialValue = (key: string): LabelValue =>
  key.startsWith('tag:') || key === 'star' ? false : key === 'note' || key === 'folder' ? '' : null

/** @param initial - value of a cell before any edit */
export function createCells(initial: (id: string, key: string) => LabelValue): LabelCells {
  const cells = new Map<string, Map<string, LabelValue>>()
  const get = (id: string, key: string): LabelValue => {
    const known = cells.get(id)?.get(key)
    return known === undefined ? initial(id, key) : known
  }
  return {
    get,
    of: (id) => cells.get(id) ?? new Map<string, LabelValue>(),
    ids: () => cells.keys(),
    replace: (id, key, from, to) => {
      if (get(id, key) !== from) return false
      const own = cells.get(id) ?? new Map<string, LabelValue>()
      cells.set(id, own)
      own.set(key, to)
      return true
    },
  }
}

/** The labels of a run. @param tags - of its record, from before there was a library */
export function labelsOf(cells: LabelCells, id: string, tags: readonly string[]): RunLabels {
  const own = cells.of(id)
  const set = new Set(tags)
  for (const [key, value] of own) {
    if (!key.startsWith('tag:')) continue
    if (value === true) set.add(key.slice(4))
    else set.delete(key.slice(4))
  }
  const text = (key: string): string => String(own.get(key) ?? '')
  const name = own.get('name')
  const trashed = own.get('trashed')
  return {
    name: typeof name === 'string' ? name : null,
    tags: [...set],
    note: text('note'),
    star: own.get('star') === true,
    folder: text('folder'),
    trashedAt: typeof trashed === 'string' ? trashed : null,
  }
}
