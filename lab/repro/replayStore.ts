import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  asLabError,
  issuesText,
  LabError,
  REPLAY_STATES,
  replayReport,
  REPRO_SCALES,
  toWireError,
  type ReplayId,
  type ReplayRecord,
  type ReplayReport,
  type ReplayRequest,
  type WireError,
} from '../../contract/index.js'
import { pathInside } from '../archive/paths.js'
import { readJson } from '../archive/records.js'
import { ifMissing } from '../files/missing.js'
import { openFolderStore, type FolderStore } from '../jobs/store.js'

const ID = new RegExp(`^(${REPRO_SCALES.join('|')})-seed(0|[1-9][0-9]{0,9})$`)
const STATE_FILE = 'state.json'

/** Scale and seed are all that distinguishes replays of one archive. */
export const replayId = ({ scale, seed }: ReplayRequest): ReplayId => `${scale}-seed${seed}`

/** The request of an id; null for another name. */
function requestOf(id: string): ReplayRequest | null {
  const [, named, seed] = ID.exec(id) ?? []
  const scale = REPRO_SCALES.find((candidate) => candidate === named)
  return scale === undefined ? null : { scale, seed: Number(seed) }
}

/** What lies in `state.json`; folder and request follow from where it lies. */
const storedState = z.strictObject({
  version: z.literal(1),
  state: z.enum(REPLAY_STATES),
  createdAt: z.string(),
  changedAt: z.string(),
  progress: z
    .strictObject({
      label: z.string(),
      number: z.int(),
      total: z.int(),
      fraction: z.number(),
      secondsLeft: z.number(),
      work: z.string().nullable(),
    })
    .nullable(),
  note: z.string().nullable(),
  error: z
    .custom<WireError>((value) => typeof value === 'object' && value !== null && 'code' in value && 'message' in value)
    .nullable(),
})

/** Replays on disk: `replays/<scale>-seed<seed>/`, each the file tree of section 9 with its state. */
export interface ReplayStore extends FolderStore<ReplayRecord> {
  /** Null until there is one. @throws LabError `file.damaged` */
  report(id: ReplayId): Promise<ReplayReport | null>
  /** @throws LabError `file.unreadable` for what is not there or lies outside the tree */
  readFile(id: ReplayId, path: string): Promise<Uint8Array>
}

/** The record of a replay whose state cannot be read. It can be continued, since its completed steps are described by files of their own. */
function unread(root: string, id: ReplayId, failure: LabError): ReplayRecord | null {
  const request = requestOf(id)
  if (request === null) return null
  const began = new Date(0).toISOString()
  const record = {
    id,
    ...request,
    version: 1,
    folder: join(root, id),
    createdAt: began,
    changedAt: began,
    progress: null,
  } as const
  if (failure.code === 'archive.newerVersion')
    return { ...record, state: 'failed', note: null, error: toWireError(failure) }
  return {
    ...record,
    state: 'interrupted',
    note: `${STATE_FILE} cannot be read; completed steps will be reused`,
    error: null,
  }
}

/**
 * @param archive - the archive's folder; this process has it locked, unless it only reads
 * @throws LabError when the replays cannot be listed
 */
export async function openReplayStore(archive: string, { readOnly }: { readOnly: boolean }): Promise<ReplayStore> {
  const root = join(archive, 'replays')
  const records = await openFolderStore<ReplayRecord>({
    root,
    file: STATE_FILE,
    version: 1,
    isId: (name) => requestOf(name) !== null,
    replacesDamaged: true,
    readOnly,
    parse: (json, id) => {
      const stored = storedState.safeParse(json)
      const request = requestOf(id)
      if (!stored.success || request === null)
        throw new LabError(
          'file.damaged',
          `${join(root, id, STATE_FILE)}: ${issuesText(stored.error?.issues ?? [], 'state')}`,
        )
      return { id, ...request, folder: join(root, id), ...stored.data }
    },
    toJson: ({ version, state, createdAt, changedAt, progress, note, error }) =>
      ({ version, state, createdAt, changedAt, progress, note, error }) satisfies z.infer<typeof storedState>,
    unread: (id, failure) => unread(root, id, failure),
  })
  return {
    ...records,
    report: async (id) => {
      const path = join(root, id, 'report.json')
      const json = await readJson(path).catch(ifMissing(null))
      if (json === null) return null
      const parsed = replayReport.safeParse(json)
      if (!parsed.success)
        throw new LabError(
          'file.damaged',
          `${path}: ${issuesText(parsed.error.issues, 'file')}; delete it, and the replay will write it again`,
          { path },
        )
      return parsed.data
    },
    readFile: async (id, path) => {
      const full = pathInside(join(root, id), path)
      return readFile(full).then(
        (buffer) => new Uint8Array(buffer),
        (error: unknown) => {
          throw new LabError('file.unreadable', `${full}: ${asLabError(error).message}`, { path }, error)
        },
      )
    },
  }
}
