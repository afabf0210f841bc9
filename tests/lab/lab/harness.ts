import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  parseExperiment,
  RUN_STATES,
  type ExperimentSpec,
  type LabInfo,
  type RunId,
  type RunRecord,
  type RunState,
} from '../../../contract/index.js'
import { createLab, type Lab } from '../../../lab/lab.js'
import type { ReproPlan } from '../../../lab/repro/plan.js'

const root = new URL('../../../', import.meta.url)

/** A folder for one test's archive and dataset store. */
export async function temporaryHome(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-lab-'))
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }) }
}

/** Opens a lab with real parts: archive, dataset store, worker threads. */
export function openTestLab(
  folder: string,
  {
    host = 'terminal',
    computeThread = new URL('lab/compute/computeThread.mjs', root),
    changeReplay,
    version = '0.0.0-test',
  }: { host?: LabInfo['host']; computeThread?: URL; changeReplay?: (plan: ReproPlan) => void; version?: string } = {},
): Promise<Lab> {
  return createLab({
    archiveFolder: join(folder, 'archive'),
    storeFolder: join(folder, 'datasets'),
    dataFolders: [],
    host,
    computeThread,
    version,
    resourcesFolder: new URL('resources', root).pathname,
    ...(changeReplay === undefined ? {} : { changeReplay }),
  })
}

/** Changes to the small experiment. */
export interface Sizes {
  name?: string
  hiddenUnits?: number
  epochs?: number
  images?: number
  batchSize?: number
  learningRate?: number
  spectrumEvery?: number
  checkpointEvery?: number
  weightSpread?: number
}

/** An experiment on the built-in scenes that takes about a second on wasm. */
export function smallExperiment(sizes: Sizes = {}): ExperimentSpec {
  const {
    name = 'small',
    hiddenUnits = 16,
    epochs = 6,
    images = 200,
    batchSize = 50,
    learningRate = 0.02,
    spectrumEvery = 0,
    checkpointEvery = 2,
    weightSpread = 1,
  } = sizes
  return parseExperiment({
    version: 1,
    kind: 'localLearning',
    name,
    seed: 7,
    executor: 'wasm',
    dataset: { kind: 'syntheticScenes', imageLimit: images, dataSeed: 1 },
    layer: { hiddenUnits, weightSpread, lebesgueNorm: 3, activationExponent: 4.5, radius: 1 },
    rule: { kind: 'fkhl3', rank: 2, antiHebbianStrength: 0.4, precision: 1e-9 },
    schedule: { epochs, batchSize, learningRate, decay: 'linear' },
    checks: { normTolerance: 0.01, unconvergedLimit: 0.1, meanLimit: -0.5, flatLogVariance: -9 },
    probes: { spectrumEvery, spectrumImages: 100, windowStart: 1, windowEnd: 12, fieldsEvery: 1 },
    checkpoints: { every: checkpointEvery, keep: 2 },
  })
}

/** Resolves when the run reaches a state; fails when it ends in another. */
export function reachState(lab: Lab, id: RunId, ...wanted: RunState[]): Promise<RunRecord> {
  const ends: RunState[] = RUN_STATES.filter((state) => state !== 'queued' && state !== 'running')
  return waitFor(
    lab,
    id,
    ({ state }) => wanted.includes(state),
    ({ state }) => ends.includes(state),
  )
}

/** Resolves when the run has learnt until this epoch. */
export function reachEpoch(lab: Lab, id: RunId, epoch: number): Promise<RunRecord> {
  return waitFor(
    lab,
    id,
    (record) => record.epoch >= epoch && record.state === 'running',
    ({ state }) => state === 'finished' || state === 'failed',
  )
}

function waitFor(
  lab: Lab,
  id: RunId,
  done: (record: RunRecord) => boolean,
  over: (record: RunRecord) => boolean,
): Promise<RunRecord> {
  return new Promise((resolve, reject) => {
    const look = (record: RunRecord): void => {
      if (record.id !== id) return
      if (done(record)) resolve(record)
      else if (over(record))
        reject(new Error(`${id} ended ${record.state}: ${record.error?.message ?? ''}\n${record.error?.stack ?? ''}`))
      else return
      stop()
    }
    const stop = lab.listen('run.changed', ({ record }) => look(record))
    lab.call('run.get', { id }).then(({ record }) => look(record), reject)
  })
}

/** The bytes of the weights of a run as it ended. */
export async function weightBytes(lab: Lab, id: RunId): Promise<Buffer> {
  const { data } = await lab.call('run.array', { id, name: 'weights', epoch: null })
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}
