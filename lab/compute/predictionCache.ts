import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { asLabError, LabError } from '../../contract/index.js'
import type { Executor } from '../../engine/executor/executor.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import { hashOf } from '../files/hash.js'
import { isMissing } from '../files/missing.js'

/** Where predictions on clean images are kept. Any file there may be deleted at any time. */
export interface PredictionCache {
  folder: string
  /** Of the program and its libraries: another version classifies again. */
  versions: Record<string, string>
  /** False for an archive that is only read. */
  writes: boolean
}

/** What decides predictions besides the program and the executor. */
export interface PredictionKey {
  /** Which arithmetic classifies: that of attacks or that of an evaluation. */
  way: 'sweep' | 'evaluation'
  modelHash: string
  dataset: unknown
  split: string
  /** sha256 of the files of the images, or a line that determines a generated set. */
  identity: Record<string, string>
  imageNorm: number
  batchSize: number
  images: number
}

/** Predictions, and what went wrong with the file that they are kept in; null when nothing did. */
export interface Predictions<Column extends string> {
  columns: Record<Column, Int32Array>
  note: string | null
}

/** At most 240 kB each for two columns of the largest set. */
const MOST_FILES = 256
const DIGEST_BYTES = 32
const LARGEST_CLASS = 0xffff
const ENDING = '.classes'

/** The processor belongs to it: another one may round the last digit in another way. */
const textOf = (key: PredictionKey, { versions }: PredictionCache, { name, device }: Executor): string =>
  hashOf({ ...key, versions, executor: name, device, processor: cpus()[0]?.model ?? '' })

const digestOf = (key: string, data: Uint8Array): Buffer => createHash('sha256').update(key).update(data).digest()

/** @returns the columns one after the other; null when there is no such file @throws LabError `file.damaged` */
async function readColumns(path: string, key: string, values: number): Promise<Int32Array | null> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
  if (bytes === null) return null
  const data = Uint8Array.from(bytes.subarray(DIGEST_BYTES))
  if (
    data.length !== values * Uint16Array.BYTES_PER_ELEMENT ||
    !digestOf(key, data).equals(bytes.subarray(0, DIGEST_BYTES))
  )
    throw new LabError('file.damaged', `${path} is damaged`, { path })
  return Int32Array.from(new Uint16Array(data.buffer))
}

/** Removes the files that were used least recently. */
async function shrink(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ENDING))
  if (names.length <= MOST_FILES) return
  const ages = await Promise.all(
    names.map(async (name) => ({ name, usedMs: (await stat(join(folder, name)).catch(() => null))?.mtimeMs ?? 0 })),
  )
  ages.sort((a, b) => a.usedMs - b.usedMs)
  for (const { name } of ages.slice(0, names.length - MOST_FILES)) await rm(join(folder, name), { force: true })
}

async function writeColumns(path: string, key: string, values: readonly number[]): Promise<void> {
  if (values.some((value) => value < 0 || value > LARGEST_CLASS)) return
  const data = new Uint8Array(Uint16Array.from(values).buffer)
  await writeFileAtomically(path, Buffer.concat([digestOf(key, data), data]))
  await shrink(dirname(path))
}

/**
 * Predictions on clean images as they were kept, or else computed and kept: the same bytes either way.
 *
 * @param cache - null keeps nothing
 * @param keyOf - looked at only where something is kept
 * @param names - columns, each with `images` class numbers
 * @throws what `compute` throws; a file that cannot be read or written is a note and no error
 */
export async function keptPredictions<Column extends string>(
  cache: PredictionCache | null,
  keyOf: () => PredictionKey,
  executor: Executor,
  names: readonly Column[],
  compute: () => Promise<Record<Column, Int32Array>>,
): Promise<Predictions<Column>> {
  if (cache === null) return { columns: await compute(), note: null }
  const key = keyOf()
  const text = textOf(key, cache, executor)
  const path = join(cache.folder, `${text}${ENDING}`)
  const notes: string[] = []
  const { images } = key
  const kept = await readColumns(path, text, names.length * images).catch((error: unknown) => {
    notes.push(`kept predictions were computed again: ${asLabError(error).message}`)
    return null
  })
  if (kept !== null) {
    // Only the order of removal follows from it.
    const now = new Date()
    await utimes(path, now, now).catch(() => undefined)
    const columns = names.map((name, index) => [name, kept.slice(index * images, (index + 1) * images)] as const)
    return { columns: Object.fromEntries(columns) as Record<Column, Int32Array>, note: null }
  }
  const columns = await compute()
  if (cache.writes)
    await writeColumns(
      path,
      text,
      names.flatMap((name) => [...columns[name]]),
    ).catch((error: unknown) => notes.push(`predictions were not kept: ${asLabError(error).message}`))
  return { columns, note: notes.length === 0 ? null : notes.join('; ') }
}
