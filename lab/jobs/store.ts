import { randomBytes } from 'node:crypto'
import { readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { asLabError, LabError } from '../../contract/index.js'
import { readJson } from '../archive/records.js'
import { renameDurably, writeError, writeFileAtomically } from '../files/atomicWrite.js'
import { mapEach } from '../files/eachOf.js'
import { ifMissing, isMissing } from '../files/missing.js'
import { createTurns } from '../inTurn.js'
import type { JobRecord, JobStore } from './kind.js'

/** How the jobs of one kind lie on disk: a folder for each, with its record in one file. */
export interface JobFolders<Job extends JobRecord> {
  root: string
  /** Name of the file with the record. */
  file: string
  isId(name: string): boolean
  version: number
  /** @throws LabError `file.damaged` for what is no record */
  parse(json: object, id: string): Job
  /** The record as it is written. */
  toJson(job: Job): unknown
  /** What is shown of a record that cannot be read; null hides a folder without one. */
  unread(id: string, failure: LabError): Job | null
  /** Whether a damaged record may be replaced, because the job is described completely by other files. The damaged file is kept under another name. */
  replacesDamaged: boolean
  /** Leaves the disk as it is. */
  readOnly: boolean
}

/** Jobs of one kind on disk. A record that cannot be read, or that a newer version wrote, is shown as such and never written over. */
export interface FolderStore<Job extends JobRecord> extends JobStore<Job> {
  /** Every job, without reading the disk. */
  all(): readonly Job[]
  find(id: string): Job | null
  folderOf(id: string): string
  /** Stores a new job. @throws LabError as the disk; then there is none */
  create(job: Job): Promise<Job>
}

interface Entry<Job> {
  job: Job
  /** Why the record could not be read; null when it was. */
  failure: LabError | null
}

/** Name of the folder of a job that is being removed; what a crash leaves of it is removed when the jobs are opened. */
const removedName = (id: string): string => `.${id}.${randomBytes(6).toString('hex')}.removed`
const REMOVED = /^\..+\.[0-9a-f]{12}\.removed$/

async function readRecord<Job extends JobRecord>(
  { root, file, parse, version }: JobFolders<Job>,
  id: string,
): Promise<Job> {
  const path = join(root, id, file)
  const json = await readJson(path)
  if (typeof json !== 'object' || json === null) throw new LabError('file.damaged', `${path} is not a record`, { path })
  if ('version' in json && typeof json.version === 'number' && json.version > version) {
    throw new LabError(
      'archive.newerVersion',
      `${path} has version ${json.version}, but this program supports up to version ${version}`,
      { path },
    )
  }
  return parse(json, id)
}

async function readEntry<Job extends JobRecord>(folders: JobFolders<Job>, id: string): Promise<Entry<Job> | null> {
  try {
    return { job: await readRecord(folders, id), failure: null }
  } catch (error) {
    const failure = asLabError(error)
    const job = folders.unread(id, failure)
    return job === null ? null : { job, failure }
  }
}

/** Makes room for a record where none can be read. @throws LabError for one that may be whole */
async function replaceable<Job extends JobRecord>(
  { root, file, replacesDamaged }: JobFolders<Job>,
  id: string,
  failure: LabError,
): Promise<void> {
  if (!replacesDamaged) throw failure
  if (isMissing(failure)) return
  if (failure.code !== 'file.damaged') throw failure
  await renameDurably(join(root, id, file), join(root, id, `${file}.${randomBytes(4).toString('hex')}.damaged`))
}

/**
 * Opens the jobs of a folder.
 *
 * @throws LabError when the folder cannot be listed
 */
export async function openFolderStore<Job extends JobRecord>(folders: JobFolders<Job>): Promise<FolderStore<Job>> {
  const { root, file, isId, toJson, readOnly } = folders
  const entries = new Map<string, Entry<Job>>()
  const turns = new Map<string, ReturnType<typeof createTurns>>()
  const names = await readdir(root).catch(ifMissing([]))
  if (!readOnly)
    for (const name of names)
      if (REMOVED.test(name)) await rm(join(root, name), { recursive: true, force: true }).catch(() => undefined)
  await mapEach(names.filter(isId), async (id) => {
    const entry = await readEntry(folders, id)
    if (entry !== null) entries.set(id, entry)
    // A crash came before the first record. Only an empty folder can be removed in this way.
    else if (!readOnly) await rmdir(join(root, id)).catch(() => undefined)
  })

  const inTurn = <Result>(id: string, work: () => Promise<Result>): Promise<Result> => {
    const turn = turns.get(id) ?? createTurns()
    turns.set(id, turn)
    return turn(work)
  }
  const known = (id: string): Entry<Job> => {
    const entry = entries.get(id)
    if (entry === undefined) throw new LabError('internal', `no job has the id ${id}`, { id })
    return entry
  }
  const write = async (job: Job): Promise<Job> => {
    if (readOnly) throw new LabError('archive.readOnly', `${root} is open read-only`, { folder: root })
    await writeFileAtomically(
      join(root, job.id, file),
      new TextEncoder().encode(`${JSON.stringify(toJson(job), null, 2)}\n`),
    )
    entries.set(job.id, { job, failure: null })
    return job
  }
  /** The record as it is on disk, where it could not be read before. */
  const readNow = async (id: string): Promise<Job> => {
    const { job, failure } = known(id)
    if (failure === null) return job
    try {
      const read = await readRecord(folders, id)
      entries.set(id, { job: read, failure: null })
      return read
    } catch (error) {
      await replaceable(folders, id, asLabError(error))
      return job
    }
  }
  return {
    folderOf: (id) => join(root, id),
    all: () => [...entries.values()].map(({ job }) => job),
    find: (id) => entries.get(id)?.job ?? null,
    list: async () => [...entries.values()].map(({ job }) => job),
    read: async (id) => known(id).job,
    create: (job) => inTurn(job.id, () => write(job)),
    update: (id, changes) => inTurn(id, async () => write({ ...(await readNow(id)), ...changes })),
    remove: (id) =>
      inTurn(id, async () => {
        known(id)
        // Out of the list by a rename, which is whole or not at all; a crash while files are removed leaves no half job.
        const removed = join(root, removedName(id))
        await renameDurably(join(root, id), removed).catch((error: unknown) => {
          // A folder that somebody removed by hand.
          if (!isMissing(error)) throw writeError(join(root, id), error)
        })
        entries.delete(id)
        await rm(removed, { recursive: true, force: true }).catch(() => undefined)
      }),
  }
}
