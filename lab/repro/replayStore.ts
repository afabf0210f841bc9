import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { asLabError, issuesText, LabError, REPLAY_STATES, replayReport, REPRO_SCALES, type ReplayId, type ReplayRecord, type ReplayReport, type ReplayRequest, type WireError } from '../../contract/index.js'
import { pathInside } from '../archive/paths.js'
import { readJson } from '../archive/records.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import { ifMissing, ifUseless } from '../files/missing.js'

const ID = new RegExp(`^(${REPRO_SCALES.join('|')})-seed(0|[1-9][0-9]{0,9})$`)

/** Scale and seed are all that tells replays of one archive apart. */
export const replayId = ({ scale, seed }: ReplayRequest): ReplayId => `${scale}-seed${seed}`

/** What lies in `state.json`; place and request follow from the folder. */
const storedState = z.strictObject({
  version: z.literal(1), state: z.enum(REPLAY_STATES), createdAt: z.string(), changedAt: z.string(),
  progress: z.strictObject({ label: z.string(), number: z.int(), total: z.int(), fraction: z.number(), secondsLeft: z.number(), work: z.string().nullable() }).nullable(),
  note: z.string().nullable(),
  error: z.custom<WireError>((value) => typeof value === 'object' && value !== null && 'code' in value && 'message' in value).nullable(),
})

/** Replays on disk: `replays/<scale>-seed<seed>/`, each the file tree of section 9 with its state. */
export interface ReplayStore {
  /** All that are there; one whose state cannot be read stands interrupted, since what it has made is in its own memory. */
  list(): Promise<ReplayRecord[]>
  folderOf(id: ReplayId): string
  save(record: ReplayRecord): Promise<void>
  /** Null until there is one. @throws LabError `file.damaged` */
  report(id: ReplayId): Promise<ReplayReport | null>
  /** @throws LabError `file.unreadable` for what is not there or lies outside the tree */
  readFile(id: ReplayId, path: string): Promise<Uint8Array>
}

/** @param archive - the archive's folder; this process has it locked */
export function openReplayStore(archive: string): ReplayStore {
  const root = join(archive, 'replays')
  const folderOf = (id: ReplayId): string => join(root, id)
  const read = async (id: ReplayId, { scale, seed }: ReplayRequest): Promise<ReplayRecord> => {
    const stored = storedState.safeParse(await readJson(join(folderOf(id), 'state.json')).catch(ifUseless(null)))
    const began = new Date(0).toISOString()
    const unknown = { version: 1, state: 'interrupted', createdAt: began, changedAt: began, progress: null, note: 'state.json cannot be read; completed steps will be reused', error: null } as const
    return { id, scale, seed, folder: folderOf(id), ...(stored.success ? stored.data : unknown) }
  }
  return {
    folderOf,
    list: async () => {
      const requests = (await readdir(root).catch(ifMissing([]))).flatMap((name): ReplayRequest[] => {
        const [, scale, seed] = ID.exec(name) ?? []
        const known = REPRO_SCALES.find((candidate) => candidate === scale)
        return known === undefined ? [] : [{ scale: known, seed: Number(seed) }]
      })
      return Promise.all(requests.map((request) => read(replayId(request), request)))
    },
    save: async ({ id, version, state, createdAt, changedAt, progress, note, error }) => {
      const text = JSON.stringify({ version, state, createdAt, changedAt, progress, note, error } satisfies z.infer<typeof storedState>, null, 2)
      await writeFileAtomically(join(folderOf(id), 'state.json'), new TextEncoder().encode(`${text}\n`))
    },
    report: async (id) => {
      const path = join(folderOf(id), 'report.json')
      const json = await readJson(path).catch(ifMissing(null))
      if (json === null) return null
      const parsed = replayReport.safeParse(json)
      if (!parsed.success) throw new LabError('file.damaged', `${path}: ${issuesText(parsed.error.issues, 'file')}; delete it, and the replay will write it again`, { path })
      return parsed.data
    },
    readFile: async (id, path) => {
      const full = pathInside(folderOf(id), path)
      return readFile(full).then((buffer) => new Uint8Array(buffer), (error: unknown) => {
        throw new LabError('file.unreadable', `${full}: ${asLabError(error).message}`, { path }, error)
      })
    },
  }
}
