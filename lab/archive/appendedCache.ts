import { appendFile, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeFileAtomically } from '../files/atomicWrite.js'
import { makeFolder } from '../files/folders.js'
import { ifMissing } from '../files/missing.js'
import { createTurns } from '../inTurn.js'
import { lineOf } from './lines.js'

/** New entries for which a process that only reads writes the file; fewer are not worth it. */
const LEAST_OF_READER = 50

/** Lines that are not needed any more before the file is written again without them. */
const MOST_STALE = 2000

/** What a file looked like when an entry was made of it. */
export interface FileStamp {
  modifiedMs: number
  bytes: number
}

export const sameStamp = (a: FileStamp, b: FileStamp): boolean => a.modifiedMs === b.modifiedMs && a.bytes === b.bytes

/** Entries by id that can be made again at any time: the file may be deleted or damaged without loss. */
export interface AppendedCache<Value> {
  ids(): Iterable<string>
  get(id: string): { stamp: FileStamp; value: Value } | undefined
  set(id: string, stamp: FileStamp, value: Value): void
  delete(id: string): void
  /** Writes what changed since the last time. A cache that cannot be written is as good as none: nothing is thrown. */
  save(): Promise<void>
  /** Lines of the file that could not be read. */
  readonly damaged: number
}

/** An entry of the file; checked by hand, since thousands of them are read at every start. */
function entryOf(json: unknown): { id: string; stamp: FileStamp; value: unknown } | null {
  if (typeof json !== 'object' || json === null) return null
  const { id, m, b, v } = json as Partial<Record<string, unknown>>
  if (typeof id !== 'string' || typeof m !== 'number' || typeof b !== 'number' || v === undefined) return null
  return { id, stamp: { modifiedMs: m, bytes: b }, value: v }
}

/**
 * Opens a cache file of JSON lines; the last line of an id counts.
 *
 * @param version - of the values' form; a file of another version is made again
 * @param read - a value from JSON; undefined for one that is not valid
 * @param readOnly - another process may have the archive: the file is only replaced as a whole, and stays where that fails
 */
export async function openAppendedCache<Value>(
  path: string,
  { version, read, readOnly }: { version: number; read: (json: unknown) => Value | undefined; readOnly: boolean },
): Promise<AppendedCache<Value>> {
  const entries = new Map<string, { stamp: FileStamp; value: Value }>()
  const text = await readFile(path, 'utf8')
    .catch(ifMissing(''))
    .catch(() => '')
  const [first = '', ...lines] = text.split('\n')
  const isCurrent = first === JSON.stringify({ version })
  let damaged = 0
  let stored = 0
  for (const line of isCurrent ? lines : []) {
    if (line === '') continue
    stored += 1
    try {
      const known = entryOf(JSON.parse(line))
      const value = known === null || known.value === null ? undefined : read(known.value)
      if (known?.value === null) entries.delete(known.id)
      else if (known === null || value === undefined) damaged += 1
      else entries.set(known.id, { stamp: known.stamp, value })
    } catch {
      damaged += 1
    }
  }
  const changed = new Set<string>()
  // A line that a crash cut short would swallow the next one.
  let whole = !isCurrent || damaged > 0 || !text.endsWith('\n')
  const lineFor = (id: string): string => {
    const known = entries.get(id)
    return lineOf({ id, m: known?.stamp.modifiedMs ?? 0, b: known?.stamp.bytes ?? 0, v: known?.value ?? null })
  }
  const turn = createTurns()
  const write = async (): Promise<void> => {
    const ids = [...changed]
    changed.clear()
    await makeFolder(dirname(path))
    if (whole || stored + ids.length > entries.size + MOST_STALE) {
      const all = [...entries.keys()].map(lineFor).join('')
      await writeFileAtomically(path, new TextEncoder().encode(`${JSON.stringify({ version })}\n${all}`))
      stored = entries.size
      whole = false
    } else {
      await appendFile(path, ids.map(lineFor).join(''), { mode: 0o600 })
      stored += ids.length
    }
  }
  return {
    damaged,
    ids: () => entries.keys(),
    get: (id) => entries.get(id),
    set: (id, stamp, value) => {
      entries.set(id, { stamp, value })
      changed.add(id)
    },
    delete: (id) => {
      if (entries.delete(id)) changed.add(id)
    },
    save: () =>
      turn(async () => {
        if (changed.size < (readOnly ? LEAST_OF_READER : 1)) return
        whole ||= readOnly
        await write().catch(async () => {
          whole = true
          if (!readOnly) await rm(path, { force: true }).catch(() => undefined)
        })
      }),
  }
}
