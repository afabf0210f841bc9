import type { ShownGroup } from './shownGroups.js'
import { isImportedId, type RunId } from '../../../contract/index.js'

/** A layer that can be chosen: a run, and whether its pruned units are left out. */
export interface FieldChoice {
  /** `r-7f21c4a0` or `r-7f21c4a0/pruned`. */
  name: string
  label: string
}

/** The layers of the groups. @param isPruned - whether a run has been pruned */
export const fieldChoices = (groups: readonly ShownGroup[], isPruned: (id: RunId) => boolean): FieldChoice[] =>
  groups.flatMap((group) =>
    group.runs.flatMap(({ id, seed }): FieldChoice[] => {
      if (isImportedId(id)) return []
      const which = seed === null ? id : `seed ${seed}`
      const label = group.runs.length === 1 ? group.name : `${group.name}, ${which}`
      return [{ name: id, label }, ...(isPruned(id) ? [{ name: `${id}/pruned`, label: `${label}, pruned` }] : [])]
    }),
  )

export const layerOf = (name: string): { run: RunId; form: 'raw' | 'pruned' } => {
  const [run = '', form] = name.split('/')
  return { run, form: form === 'pruned' ? 'pruned' : 'raw' }
}

/** Places of pairs that are shown: evenly by rank, or the next ones from a first. */
export function shownPlaces(count: number, room: number, from: number | null): number[] {
  const shown = Math.min(count, room)
  if (from !== null)
    return Array.from({ length: Math.max(0, Math.min(room, count - from)) }, (_, index) => from + index)
  return Array.from({ length: shown }, (_, index) =>
    shown === 1 ? 0 : Math.round((index * (count - 1)) / (shown - 1)),
  )
}

/** Seconds that a match takes about, measured on this machine's kind: products of all pairs, and the assignment. */
export const expectedSeconds = (a: number, b: number): number => (8 * Math.max(a, b) * Math.min(a, b)) / 4e6
