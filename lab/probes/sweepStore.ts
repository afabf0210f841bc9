import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  asLabError,
  issuesText,
  LabError,
  robustnessRequest,
  toWireError,
  type RobustnessPass,
  type SweepId,
  type SweepRecord,
} from '../../contract/index.js'
import type { StoredPass } from '../compute/probeJobs.js'
import { mapEach } from '../files/eachOf.js'
import { ifUseless, isMissing, isUnreadable } from '../files/missing.js'
import { openFolderStore, type FolderStore } from '../jobs/store.js'
import { readDocument, writeDocument } from './documents.js'

/** Sweeps on disk: `probes/robustness/<id>/` with sweep.json, `passes/<n>/` of finished passes, and `progress/a`, `progress/b` of the current one. */
export interface SweepStore extends FolderStore<SweepRecord> {
  /** Finished passes in the order of models and seeds, null where one is missing. */
  passes(record: SweepRecord): Promise<(RobustnessPass | null)[]>
  /** One of them, by its number. */
  pass(id: SweepId, index: number): Promise<RobustnessPass | null>
  writePass(id: SweepId, index: number, pass: RobustnessPass): Promise<void>
  /** The current pass, when it is that of this number. */
  readProgress(id: SweepId, index: number): Promise<StoredPass | null>
  writeProgress(id: SweepId, index: number, progress: StoredPass): Promise<void>
  /** Removes what a crash left of the current pass, once all are finished. */
  removeProgress(id: SweepId): Promise<void>
}

/** Number of passes of a sweep: every model with every seed. */
export const passCount = ({ request }: Pick<SweepRecord, 'request'>): number =>
  request.models.length * request.seeds.length

function parse(json: object, id: SweepId): SweepRecord {
  const request = robustnessRequest.safeParse('request' in json ? json.request : undefined)
  if (!request.success)
    throw new LabError('file.damaged', `sweep.json of ${id}: ${issuesText(request.error.issues, 'request')}`, { id })
  return { ...json, request: request.data } as SweepRecord
}

/** What lists show for a sweep whose record cannot be read; a folder without a record is none. */
function unread(id: SweepId, failure: LabError): SweepRecord | null {
  if (isMissing(failure)) return null
  const dataset = { kind: 'syntheticScenes', imageLimit: 1, dataSeed: 0 } as const
  return {
    id,
    version: 1,
    createdAt: new Date(0).toISOString(),
    seconds: 0,
    executor: null,
    versions: {},
    datasetHashes: {},
    dataset,
    split: 'test',
    models: [],
    state: 'failed',
    done: 0,
    total: 0,
    text: '',
    secondsLeft: null,
    error: toWireError(failure),
    request: {
      name: `${id} (${isUnreadable(failure) ? 'unreadable' : failure.code === 'archive.newerVersion' ? 'newer version' : 'damaged'})`,
      models: [],
      dataset,
      split: 'test',
      imageNorm: null,
      executor: 'auto',
      images: null,
      attack: { kind: 'fgsm', norm: 'linf', target: null },
      grid: { from: 0.001, to: 0.1, count: 2, spacing: 'log' },
      seeds: [],
      criticalOnly: false,
      batchSize: 1,
      level: 0.95,
      resamples: 0,
    },
  }
}

const SLOTS = ['a', 'b'] as const
type StoredProgress = StoredPass & { index: number }

/** Passes of sweeps, as documents in the folder of their sweep. */
function passFiles(root: string): Omit<SweepStore, keyof FolderStore<SweepRecord>> {
  const at = (id: SweepId, ...path: string[]): string => join(root, id, ...path)
  /** Stored progress, the furthest last. */
  const slots = async (id: SweepId): Promise<{ name: string; stored: StoredProgress }[]> => {
    const found = await Promise.all(
      SLOTS.map(async (name) => ({
        name,
        stored: (await readDocument(at(id, 'progress', name)).catch(ifUseless(null))) as StoredProgress | null,
      })),
    )
    const place = ({ index, state }: StoredProgress): number => index * 1e12 + state.imagesDone * 1e5 + state.sizesDone
    return found
      .flatMap(({ name, stored }) => (stored === null ? [] : [{ name, stored }]))
      .sort((a, b) => place(a.stored) - place(b.stored))
  }
  const pass = async (id: SweepId, index: number): Promise<RobustnessPass | null> =>
    (await readDocument(at(id, 'passes', String(index)))) as RobustnessPass | null
  const removeProgress = (id: SweepId): Promise<void> => rm(at(id, 'progress'), { recursive: true, force: true })
  return {
    pass,
    passes: (record) =>
      mapEach(
        Array.from({ length: passCount(record) }, (_, index) => index),
        (index) => pass(record.id, index),
      ),
    writePass: async (id, index, finished) => {
      await writeDocument(at(id, 'passes', String(index)), finished)
      await removeProgress(id)
    },
    removeProgress,
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
  }
}

/**
 * @param archive - the archive's folder; this process has it locked, unless it only reads
 * @throws LabError when the sweeps cannot be listed
 */
export async function openSweepStore(archive: string, { readOnly }: { readOnly: boolean }): Promise<SweepStore> {
  const root = join(archive, 'probes', 'robustness')
  const records = await openFolderStore<SweepRecord>({
    root,
    file: 'sweep.json',
    version: 1,
    isId: (name) => /^a-[0-9a-f]{8}$/.test(name),
    parse,
    toJson: (record) => record,
    unread,
    replacesDamaged: false,
    readOnly,
  }).catch((error: unknown): never => {
    throw new LabError('file.unreadable', `${root}: ${asLabError(error).message}`, { folder: root }, error)
  })
  return { ...records, ...passFiles(root) }
}
