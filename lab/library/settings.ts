import type { RunId } from '../../contract/index.js'
import type { CellValue } from '../../contract/library/column.js'
import { mapEach } from '../files/eachOf.js'
import type { AppendedCache } from '../archive/appendedCache.js'
import { flattened } from './flatten.js'

export type Settings = Readonly<Record<string, CellValue>>

/** Settings from a cache file. */
export const settingsOf = (json: unknown): Settings | undefined =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Settings) : undefined

/** A specification never changes, so its file needs no stamp. */
const NO_STAMP = { modifiedMs: 0, bytes: 0 }

/** Specifications of runs as columns. */
export interface SettingStore {
  /** Null for a run whose specification is not read or cannot be read. */
  of(id: RunId): Settings | null
  /** Reads those of these runs that are not known. @returns whether any was new */
  load(ids: readonly RunId[]): Promise<boolean>
  /** Reads one again that could not be read, when the user asks for the list again. */
  forget(id: RunId): void
}

/** @param read - the settings of a run as JSON; rejects where they cannot be read */
export function createSettings(read: (id: RunId) => Promise<unknown>, cache: AppendedCache<Settings>): SettingStore {
  const unreadable = new Set<RunId>()
  return {
    of: (id) => cache.get(id)?.value ?? null,
    forget: (id) => {
      cache.delete(id)
      unreadable.delete(id)
    },
    load: async (ids) => {
      const missing = ids.filter((id) => cache.get(id) === undefined && !unreadable.has(id))
      await mapEach(missing, async (id) => {
        try {
          cache.set(id, NO_STAMP, flattened(await read(id)))
        } catch {
          unreadable.add(id)
        }
      })
      return missing.length > 0
    },
  }
}
