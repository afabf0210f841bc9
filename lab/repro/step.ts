import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError, type RunId, type RunRecord, type SweepId, type SweepRecord } from '../../contract/index.js'
import type { LabCore } from '../core.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import { bytesHash, hashOf } from '../files/hash.js'
import { ifMissing } from '../files/missing.js'
import type { ReplayMemory, StepEntry } from './memory.js'
import type { ReproPlan } from './plan.js'

/** How far a replay is when a step begins. */
export interface StepProgress {
  key: string
  label: string
  /** Number of the step, from 1, and of all. */
  number: number
  total: number
  /** Shares of the reckoned work: what is done, and this step. */
  fraction: number
  ownFraction: number
  /** Of all that is left, and of this step. */
  secondsLeft: number
  ownSeconds: number
}

/** How the caller shows what is in progress. */
export interface ReplayListener {
  followRun(id: RunId): Promise<RunRecord>
  followSweep(id: SweepId): Promise<SweepRecord>
  step(progress: StepProgress): void
  line(text: string): void
}

/** What every stage works with. */
export interface ReplayContext {
  lab: LabCore
  plan: ReproPlan
  /** Root of the tree of section 9. */
  folder: string
  memory: ReplayMemory
  listener: ReplayListener
  signal: AbortSignal
  /** Tells the clock that a step is over; `made` false when it was there. */
  passed(key: string, made: boolean): void
  /** Where the replay is when this step begins. */
  progress(key: string, label: string): StepProgress
}

/** One piece of work that is done once for its inputs. */
export interface Step {
  /** `train/KH`: its place in the memory. */
  key: string
  label: string
  /** Everything that it is made from, plain data; results of other steps by their `output`. */
  inputs: unknown
  /** Whether the result is still in the archive; files are compared without being asked. */
  isThere?(job: string | null): Promise<boolean>
  /** `files` lie below the root already; without `output` their hashes are what came out. */
  make(): Promise<{ job: string | null; files: readonly string[]; output?: string }>
}

async function fileHash(folder: string, path: string): Promise<string | null> {
  return readFile(join(folder, path)).then(bytesHash, ifMissing(null))
}

async function filesAreThere(folder: string, { files }: StepEntry): Promise<boolean> {
  for (const [path, hash] of Object.entries(files)) if ((await fileHash(folder, path)) !== hash) return false
  return true
}

/**
 * Does a step, or finds it done: the same inputs, its files unchanged, its result in the archive.
 *
 * @returns its entry in the memory
 * @throws LabError `cancelled` before it begins, or as the work
 */
export async function doStep(context: ReplayContext, { key, label, inputs, isThere, make }: Step): Promise<StepEntry> {
  const { folder, memory, listener, signal } = context
  const hash = hashOf({ key, inputs })
  const known = memory.get(key)
  if (
    known?.inputs === hash &&
    (await filesAreThere(folder, known)) &&
    (isThere === undefined || (await isThere(known.job)))
  ) {
    listener.line(`${label}: unchanged, reused`)
    context.passed(key, false)
    return known
  }
  if (signal.aborted) throw new LabError('cancelled', `stopped before ${label}`)
  listener.step(context.progress(key, label))
  const startedMs = performance.now()
  const { job, files, output } = await make()
  const hashes: Record<string, string> = {}
  for (const path of files) {
    const written = await fileHash(folder, path)
    if (written === null) throw new LabError('file.unreadable', `${join(folder, path)} was not written`, { path })
    hashes[path] = written
  }
  const entry: StepEntry = {
    inputs: hash,
    output: output ?? hashOf(hashes),
    job,
    files: hashes,
    seconds: (performance.now() - startedMs) / 1000,
  }
  await memory.set(key, entry)
  context.passed(key, true)
  return entry
}

/** The entry of a step of an earlier stage. @throws LabError `internal`: stages name what they need */
export function entryOf({ memory }: ReplayContext, key: string): StepEntry {
  const entry = memory.get(key)
  if (entry === null) throw new LabError('internal', `the step ${key} must be done before the steps that need it`)
  return entry
}

/** The id of the result of a step. */
export function jobOf(context: ReplayContext, key: string): string {
  const { job } = entryOf(context, key)
  if (job === null) throw new LabError('internal', `the step ${key} has no result in the archive`)
  return job
}

/** Writes a file of the tree. @returns its path below the root */
export async function keepFile({ folder }: ReplayContext, path: string, bytes: Uint8Array): Promise<string> {
  await writeFileAtomically(join(folder, path), bytes, { access: 'umask' })
  return path
}

/** Writes plain data as JSON; NaN, which JSON has not, is null. */
export async function keepJson(context: ReplayContext, path: string, value: unknown): Promise<string> {
  const text = JSON.stringify(
    value,
    (_, entry: unknown) =>
      ArrayBuffer.isView(entry) && !(entry instanceof DataView)
        ? Array.from(entry as unknown as ArrayLike<number>)
        : entry,
    1,
  )
  return keepFile(context, path, new TextEncoder().encode(`${text}\n`))
}
