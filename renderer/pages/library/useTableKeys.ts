import { isGroup, type Entry } from './entries.js'
import type { RowSelection } from './useRowSelection.js'

/** What the keys of the table do. */
export interface TableKeys {
  entries(): readonly Entry[]
  selection: RowSelection
  isOpen(entry: Entry): boolean
  toggle(entry: Entry): void
  openRun(entry: Entry): void
  rename(entry: Entry): void
  /** Shows a row that the arrow keys have reached. */
  reveal(place: number): void
  /** Rows of a page. */
  pageRows(): number
}

/** The keys of the table: arrows, Home, End, Space, Enter, Right and Left, Ctrl A, F2, Esc. */
export function useTableKeys(keys: TableKeys): (event: KeyboardEvent) => void {
  const { selection } = keys
  const placeOf = (): number => keys.entries().findIndex(({ key }) => key === selection.current.value)
  const goTo = (place: number, extend: boolean): void => {
    const entries = keys.entries()
    const to = Math.max(0, Math.min(entries.length - 1, place))
    const key = entries[to]?.key
    if (key === undefined) return
    selection.choose(key, { shiftKey: extend, ctrlKey: false, metaKey: false })
    keys.reveal(to)
  }
  const fold = (entry: Entry | undefined, open: boolean): void => {
    if (entry === undefined) return
    if (isGroup(entry) && keys.isOpen(entry) !== open) keys.toggle(entry)
    else if (!open && entry.depth === 1) {
      const before = keys.entries().slice(0, placeOf())
      goTo(
        before.findLastIndex(({ depth }) => depth === 0),
        false,
      )
    }
  }
  const act = (event: KeyboardEvent): boolean => {
    const place = placeOf()
    const entry = keys.entries()[place]
    const moves: Partial<Record<string, number>> = {
      ArrowDown: place + 1,
      ArrowUp: Math.max(0, place - 1),
      PageDown: place + keys.pageRows(),
      PageUp: place - keys.pageRows(),
      Home: 0,
      End: keys.entries().length - 1,
    }
    const to = moves[event.key]
    if (to !== undefined) goTo(to, event.shiftKey)
    else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') fold(entry, event.key === 'ArrowRight')
    else if (event.key === ' ' && entry !== undefined)
      selection.choose(entry.key, { ctrlKey: true, metaKey: false, shiftKey: event.shiftKey })
    else if (event.key === 'Enter' && entry !== undefined) keys.openRun(entry)
    else if (event.key === 'F2' && entry !== undefined) keys.rename(entry)
    else if (event.key === 'Escape') selection.clear()
    else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) selection.all()
    else return false
    return true
  }
  return (event) => {
    if (event.altKey || (event.target instanceof HTMLElement && event.target.tagName === 'INPUT')) return
    if (act(event)) event.preventDefault()
  }
}
