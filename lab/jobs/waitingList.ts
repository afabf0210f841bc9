/** The jobs that wait, in their order. */
export interface WaitingList {
  readonly ids: readonly string[]
  /** Whether nothing starts for now. */
  readonly held: boolean
  /** Whether the job waits and was asked for in this program; those of an earlier one may have to be resumed first. */
  mayStart(id: string): boolean
  allow(...ids: readonly string[]): void
  forbid(id: string): void
  /**
   * Stores an order, then takes it.
   *
   * @param onStored - called in between
   * @throws LabError as the disk; then nothing has changed
   */
  set(ids: readonly string[], onStored?: () => void): Promise<void>
  /** Takes an order that is stored already. */
  take(ids: readonly string[]): void
  /** Takes a job out whose record says already that it no longer waits. */
  drop(id: string): Promise<void>
  /** Puts jobs in whose records say that they wait, though their order could not be stored. */
  append(ids: readonly string[]): void
  hold(held: boolean): void
}

/** What a waiting list begins with. */
export interface WaitingListOptions {
  ids: readonly string[]
  startable: readonly string[]
  held: boolean
  write(ids: readonly string[]): Promise<void>
  changed(ids: readonly string[], held: boolean): void
}

export function createWaitingList({
  ids: first,
  startable,
  held: heldFirst,
  write,
  changed,
}: WaitingListOptions): WaitingList {
  let ids = [...first]
  let held = heldFirst
  const allowed = new Set(startable)
  const take = (next: readonly string[]): void => {
    ids = [...next]
    changed([...ids], held)
  }
  return {
    get ids() {
      return [...ids]
    },
    get held() {
      return held
    },
    take,
    mayStart: (id) => allowed.has(id) && ids.includes(id),
    allow: (...added) => added.forEach((id) => allowed.add(id)),
    forbid: (id) => void allowed.delete(id),
    set: async (next, onStored) => {
      await write(next)
      onStored?.()
      take(next)
    },
    drop: async (id) => {
      allowed.delete(id)
      if (!ids.includes(id)) return
      take(ids.filter((other) => other !== id))
      // The record decides: an id too many in the file is ignored, and the next order that is stored does not have it.
      await write(ids).catch(() => undefined)
    },
    append: (added) => take([...ids, ...added]),
    hold: (next) => {
      held = next
      changed([...ids], held)
    },
  }
}
