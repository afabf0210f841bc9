import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { asLabError, issuesText, LabError, robustnessRequest, type RobustnessPass, type SweepId, type SweepRecord } from '../../contract/index.js'
import type { StoredPass } from '../compute/probeJobs.js'
import type { ArchiveProblems } from '../archive/problems.js'
import { readJson } from '../archive/records.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import { mapEach } from '../files/eachOf.js'
import { ifMissing, ifUseless } from '../files/missing.js'
import { readDocument, writeDocument } from './documents.js'

/** Sweeps on disk: `probes/robustness/<id>/` with sweep.json, `passes/<n>/` of finished passes, and `progress/a`, `progress/b` of the one under way. */
export interface SweepStore {
  /** All whose record is whole. @throws LabError `file.unreadable` when one cannot be read now */
  list(): Promise<SweepRecord[]>
  save(record: SweepRecord): Promise<void>
  /** Finished passes in the order of models and seeds, null where one is missing. */
  passes(record: SweepRecord): Promise<(RobustnessPass | null)[]>
  /** One of them, by its number. */
  pass(id: SweepId, index: number): Promise<RobustnessPass | null>
  writePass(id: SweepId, index: number, pass: RobustnessPass): Promise<void>
  /** The pass under way, when it is that of this number. */
  readProgress(id: SweepId, index: number): Promise<StoredPass | null>
  writeProgress(id: SweepId, index: number, progress: StoredPass): Promise<void>
  remove(id: SweepId): Promise<void>
}

const SLOTS = ['a', 'b'] as const
type StoredProgress = StoredPass & { index: number }

/** Number of passes of a sweep: every model with every seed. */
export const passCount = ({ request }: Pick<SweepRecord, 'request'>): number => request.models.length * request.seeds.length

/**
 * @param archive - the archive's folder; this process has it locked
 * @param problems - hears of sweeps that cannot be used, which lists leave out
 */
export function openSweepStore(archive: string, problems?: Pick<ArchiveProblems, 'add'>): SweepStore {
  const root = join(archive, 'probes', 'robustness')
  const at = (id: SweepId, ...path: string[]): string => join(root, id, ...path)
  const read = async (id: SweepId): Promise<SweepRecord | null> => {
    const leaveOut = (why: string): null => {
      problems?.add(`The sweep ${id} cannot be used: ${why}.`)
      return null
    }
    const json = await readJson(at(id, 'sweep.json')).catch(ifUseless(null, (error) => leaveOut(asLabError(error).message)))
    if (json === null) return null
    if (typeof json !== 'object' || !('request' in json)) return leaveOut('sweep.json has no request')
    if ('version' in json && typeof json.version === 'number' && json.version > 1) return leaveOut(`sweep.json has version ${json.version}, but this program supports version 1 only`)
    const request = robustnessRequest.safeParse(json.request)
    return request.success ? ({ ...json, request: request.data } as SweepRecord) : leaveOut(`sweep.json: ${issuesText(request.error.issues, 'request')}`)
  }
  /** Stored progress, the furthest last. */
  const slots = async (id: SweepId): Promise<{ name: string; stored: StoredProgress }[]> => {
    const found = await Promise.all(SLOTS.map(async (name) => ({ name, stored: (await readDocument(at(id, 'progress', name)).catch(ifUseless(null))) as StoredProgress | null })))
    const place = ({ index, state }: StoredProgress): number => index * 1e12 + state.imagesDone * 1e5 + state.sizesDone
    return found.flatMap(({ name, stored }) => (stored === null ? [] : [{ name, stored }])).sort((a, b) => place(a.stored) - place(b.stored))
  }
  const pass = async (id: SweepId, index: number): Promise<RobustnessPass | null> => (await readDocument(at(id, 'passes', String(index)))) as RobustnessPass | null
  return {
    pass,
    list: async () => {
      const ids = (await readdir(root).catch(ifMissing([]))).filter((name) => /^a-[0-9a-f]{8}$/.test(name))
      return (await mapEach(ids, read)).filter((record) => record !== null)
    },
    save: (record) => writeFileAtomically(at(record.id, 'sweep.json'), new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`)),
    passes: (record) => mapEach(Array.from({ length: passCount(record) }, (_, index) => index), (index) => pass(record.id, index)),
    writePass: async (id, index, pass) => {
      await writeDocument(at(id, 'passes', String(index)), pass)
      await rm(at(id, 'progress'), { recursive: true, force: true })
    },
    readProgress: async (id, index) => {
      const newest = (await slots(id)).at(-1)?.stored
      return newest?.index === index ? { baseline: newest.baseline, state: newest.state } : null
    },
    writeProgress: async (id, index, { baseline, state }) => {
      // Two places in turn: a crash while one is written leaves the other.
      const taken = (await slots(id)).at(-1)?.name
      const name = SLOTS.find((slot) => slot !== taken) ?? SLOTS[0]
      await rm(at(id, 'progress', name, 'result.json'), { force: true })
      await writeDocument(at(id, 'progress', name), { index, baseline, state })
    },
    remove: async (id) => {
      await rm(at(id, 'sweep.json'), { force: true })
      await rm(at(id), { recursive: true, force: true }).catch((error: unknown) => {
        throw new LabError('file.unwritable', `${at(id)} could not be removed`, { folder: at(id) }, error)
      })
    },
  }
}
