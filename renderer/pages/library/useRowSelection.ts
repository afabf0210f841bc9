import { shallowRef, type ShallowRef } from 'vue'

/** Row selection as in other lists: click selects, Ctrl adds, Shift extends. */
export interface RowSelection {
  readonly chosen: Readonly<ShallowRef<ReadonlySet<string>>>
  /** The current row. */
  readonly current: Readonly<ShallowRef<string | null>>
  choose(id: string, keys: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }): void
  step(by: 1 | -1, extend: boolean): void
  all(): void
  clear(): void
  /** Restores a selection; the first row is the current one. */
  restore(ids: readonly string[]): void
}

/** @param ids - the rows in display order */
export function useRowSelection(ids: () => readonly string[]): RowSelection {
  const chosen = shallowRef<ReadonlySet<string>>(new Set())
  const current = shallowRef<string | null>(null)
  let anchor: string | null = null

  const only = (id: string): void => {
    chosen.value = new Set([id])
    anchor = id
  }
  const reach = (id: string): void => {
    const list = ids()
    const from = anchor === null ? -1 : list.indexOf(anchor)
    const to = list.indexOf(id)
    if (from < 0 || to < 0) return only(id)
    chosen.value = new Set(list.slice(Math.min(from, to), Math.max(from, to) + 1))
  }
  const clear = (): void => {
    chosen.value = new Set()
    current.value = null
    anchor = null
  }
  return {
    chosen,
    current,
    clear,
    restore: (ids) => {
      chosen.value = new Set(ids)
      current.value = ids[0] ?? null
      anchor = current.value
    },
    choose: (id, { ctrlKey, metaKey, shiftKey }) => {
      current.value = id
      if (shiftKey) return reach(id)
      if (!ctrlKey && !metaKey) return only(id)
      const next = new Set(chosen.value)
      if (!next.delete(id)) next.add(id)
      chosen.value = next
      anchor = id
    },
    step: (by, extend) => {
      const list = ids()
      const at = current.value === null ? -1 : list.indexOf(current.value)
      const id = list[at < 0 ? 0 : Math.max(0, Math.min(list.length - 1, at + by))]
      if (id === undefined) return
      current.value = id
      if (extend) reach(id)
      else only(id)
    },
    all: () => {
      chosen.value = new Set(ids())
      current.value ??= ids()[0] ?? null
    },
  }
}
