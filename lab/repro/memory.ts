import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { asLabError, issuesText, LabError } from '../../contract/index.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import { ifMissing } from '../files/missing.js'

const MEMORY_FILE = 'replay.json'
const VERSION = 2
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** A step that is done. */
const stepEntry = z.strictObject({
  /** Hash of everything that the step was made from. */
  inputs: sha256,
  /** Hash of what came out; what depends on the step has it among its inputs. */
  output: sha256,
  /** The run, sweep, spectrum or plane of the archive that holds the result. */
  job: z.string().nullable(),
  /** Files below the root of the tree, with their hashes. */
  files: z.record(z.string(), sha256),
  seconds: z.number().min(0),
})
export type StepEntry = z.infer<typeof stepEntry>
const memoryFile = z.strictObject({ version: z.literal(VERSION), steps: z.record(z.string(), stepEntry) })

/** Which steps of a replay are done, and from what: `replay.json` in the root of the tree. */
export interface ReplayMemory {
  get(key: string): StepEntry | null
  /** Stored before it resolves. */
  set(key: string, entry: StepEntry): Promise<void>
}

/**
 * @param folder - root of the tree
 * @throws LabError `file.damaged` for a memory that cannot be read, `archive.newerVersion` for one of a newer program; none, or one of an older program, is empty
 */
export async function openMemory(folder: string): Promise<ReplayMemory> {
  const path = join(folder, MEMORY_FILE)
  const text = await readFile(path, 'utf8').catch(ifMissing(null))
  const steps = new Map(text === null ? [] : Object.entries(parseMemory(path, text)))
  return {
    get: (key) => steps.get(key) ?? null,
    set: async (key, entry) => {
      steps.set(key, entry)
      await writeFileAtomically(
        path,
        Buffer.from(`${JSON.stringify({ version: VERSION, steps: Object.fromEntries(steps) }, null, 2)}\n`),
      )
    },
  }
}

function parseMemory(path: string, text: string): Record<string, StepEntry> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new LabError(
      'file.damaged',
      `${path}: ${asLabError(error).message}; delete the file to check all steps again`,
      { path },
      error,
    )
  }
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : 1
  if (typeof version === 'number' && version > VERSION)
    throw new LabError(
      'archive.newerVersion',
      `${path} has version ${version}, but this program supports up to version ${VERSION}`,
      { path },
    )
  if (version !== VERSION) return {}
  const parsed = memoryFile.safeParse(value)
  if (!parsed.success)
    throw new LabError(
      'file.damaged',
      `${path}: ${issuesText(parsed.error.issues, 'file')}; delete the file to check all steps again`,
      { path },
    )
  return parsed.data.steps
}
