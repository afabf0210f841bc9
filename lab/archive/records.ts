import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import {
  asLabError,
  issuesText,
  LabError,
  RUN_STATES,
  toWireError,
  type ExperimentSpec,
  type RunId,
  type RunRecord,
} from '../../contract/index.js'
import { parseOwnJson } from '../files/json.js'
import { isUnreadable } from '../files/missing.js'
import type { RunBeginning } from './archive.js'

/** Just enough of a record to trust the rest, which this program wrote itself. */
const recordForm = z.looseObject({
  id: z.string(),
  version: z.number(),
  name: z.string(),
  state: z.enum(RUN_STATES),
  createdAt: z.string(),
  epoch: z.number(),
  epochs: z.number(),
  step: z.number(),
  checkpoints: z.array(z.number()),
})

/** Reads JSON of a run's folder. @throws LabError `file.damaged` when it is no JSON, `file.unreadable` when it is not there */
export async function readJson(path: string): Promise<unknown> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new LabError('file.unreadable', `${path}: ${asLabError(error).message}`, { path }, error)
  })
  return parseOwnJson(bytes, path)
}

/** @throws LabError `file.damaged`, `archive.newerVersion` */
export const readRecord = async (path: string): Promise<RunRecord> => recordFrom(await readJson(path), path)

/** A record from JSON. @throws LabError `file.damaged`, `archive.newerVersion` */
export function recordFrom(json: unknown, path: string): RunRecord {
  if (
    typeof json === 'object' &&
    json !== null &&
    'version' in json &&
    typeof json.version === 'number' &&
    json.version > 1
  ) {
    throw new LabError(
      'archive.newerVersion',
      `${path} has version ${json.version}, but this program supports version 1 only`,
      { path },
    )
  }
  const result = recordForm.safeParse(json)
  if (!result.success)
    throw new LabError(
      'file.damaged',
      `${path} is not a valid run record: ${issuesText(result.error.issues, 'record')}`,
      { path },
    )
  // Records of the first version know no classifiers and no devices.
  return {
    executorAsked: null,
    device: null,
    testAccuracy: null,
    trainAccuracy: null,
    layer: null,
    group: null,
    ...result.data,
  } as unknown as RunRecord
}

/** What a list shows for a run whose record cannot be read: damaged, or unreadable for another reason. */
export function unreadRecord(id: RunId, error: unknown): RunRecord {
  return {
    id,
    version: 1,
    name: `${id} (${isUnreadable(error) ? 'unreadable' : 'damaged'})`,
    kind: 'localLearning',
    state: 'failed',
    createdAt: new Date(0).toISOString(),
    startedAt: null,
    finishedAt: null,
    computeSeconds: 0,
    seed: 0,
    executorAsked: null,
    executor: null,
    executorNote: null,
    device: null,
    versions: {},
    datasetHashes: {},
    epoch: 0,
    epochs: 0,
    step: 0,
    stepsPerEpoch: 0,
    secondsLeft: null,
    checkpoints: [],
    resumedAt: [],
    verdict: null,
    spectrumSlope: null,
    spectrumStandardError: null,
    pruning: null,
    testAccuracy: null,
    trainAccuracy: null,
    layer: null,
    group: null,
    tags: [],
    error: toWireError(error),
  }
}

/** The record of a run that was just made. */
export function newRecord(
  id: RunId,
  spec: ExperimentSpec,
  versions: Record<string, string>,
  { group = null, layer = null }: RunBeginning,
): RunRecord {
  return {
    id,
    version: 1,
    name: spec.name,
    kind: spec.kind,
    state: 'queued',
    createdAt: new Date().toISOString(),
    startedAt: null,
    finishedAt: null,
    computeSeconds: 0,
    seed: spec.seed,
    executorAsked: null,
    executor: null,
    executorNote: null,
    device: null,
    versions,
    datasetHashes: {},
    epoch: 0,
    epochs: spec.schedule.epochs,
    step: 0,
    stepsPerEpoch: 0,
    secondsLeft: null,
    checkpoints: [],
    resumedAt: [],
    verdict: null,
    spectrumSlope: null,
    spectrumStandardError: null,
    pruning: null,
    testAccuracy: null,
    trainAccuracy: null,
    layer: layer?.origin ?? null,
    // A group is named after its first run, which does not know its own id before.
    group: group === null ? null : { ...group, id: group.id === '' ? id : group.id },
    tags: [],
    error: null,
  }
}
