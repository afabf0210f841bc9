import { statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunId, RunRecord } from '../../contract/index.js'
import { openAppendedCache, sameStamp, type FileStamp } from './appendedCache.js'
import { runFolder } from './paths.js'
import { readRecord, recordFrom } from './records.js'

const VERSION = 1

/** Records of runs as they were read last; looking at a file is many times faster than reading it. */
export interface RecordCache {
  /** The record as it is on disk, from the cache where the file has not changed. @throws LabError as `readRecord` */
  read(id: RunId): Promise<RunRecord>
  /** Forgets runs that do not exist any more. */
  keepOnly(ids: readonly RunId[]): void
  /** Takes a record whose file was written just now. */
  wrote(record: RunRecord): Promise<void>
  /** Writes what changed. */
  save(): Promise<void>
}

/** Through the same form as a file, so that a record is the same whether it was cached or not. */
function recordOf(json: unknown): RunRecord | undefined {
  try {
    return recordFrom(json, 'the cache of records')
  } catch {
    return undefined
  }
}

export async function openRecordCache(folder: string, readOnly: boolean): Promise<RecordCache> {
  const pathOf = (id: RunId): string => join(runFolder(folder, id), 'run.json')
  const cache = await openAppendedCache<RunRecord>(join(folder, 'cache', 'records.jsonl'), {
    version: VERSION,
    read: recordOf,
    readOnly,
  })
  const known = new Set<RunId>(cache.ids())
  return {
    read: async (id) => {
      // Synchronous: thousands of files are looked at, and the thread pool costs more than the look.
      const found = statSync(pathOf(id), { throwIfNoEntry: false })
      const stamp: FileStamp = { modifiedMs: found?.mtimeMs ?? 0, bytes: found?.size ?? 0 }
      const cached = cache.get(id)
      if (cached !== undefined && found !== undefined && sameStamp(cached.stamp, stamp)) return cached.value
      const record = await readRecord(pathOf(id))
      cache.set(id, stamp, record)
      return record
    },
    keepOnly: (ids) => {
      const existing = new Set(ids)
      for (const id of known) if (!existing.has(id)) cache.delete(id)
    },
    wrote: async (record) => {
      const found = await stat(pathOf(record.id)).catch(() => null)
      if (found === null) cache.delete(record.id)
      else cache.set(record.id, { modifiedMs: found.mtimeMs, bytes: found.size }, record)
    },
    save: cache.save,
  }
}
