import type { ComputeDevice } from './device.js'
import type { DatasetKind } from './dataset.js'
import type { WireError } from './errors.js'
import type { ExecutorName } from './common.js'
import type { ConvergenceVerdict } from './convergence.js'
import type { ExperimentSpec } from './experiment.js'
import type { PruningRecord } from './pruning.js'
import type { RunId } from './runId.js'

/** The life of a run. `interrupted`: the program died or was closed; `stopped`: the user ended it early and kept it. */
export const RUN_STATES = ['queued', 'running', 'paused', 'interrupted', 'stopped', 'finished', 'failed'] as const
export type RunState = (typeof RUN_STATES)[number]

/** States in which `resume` continues a run. */
export const RESUMABLE_STATES: readonly RunState[] = ['paused', 'interrupted', 'stopped', 'failed']

/** Runs of one experiment with different seeds. */
export interface RunGroup {
  /** The id of its first run. */
  id: RunId
  /** Place in the group, from 0; the seed is the experiment's plus this. */
  index: number
  count: number
}

/** The frozen layer of a classifier, copied when the run was submitted; its file is `inputs/layer.pty`. */
export interface LayerOrigin {
  /** What it was taken from: a run, an imported model, a file. */
  name: string
  form: 'pruned' | 'raw'
  sha256: string
  hiddenUnits: number
  lebesgueNorm: number
}

/** State of a run: `run.json`. Times are ISO 8601. */
export interface RunRecord {
  id: RunId
  version: 1
  name: string
  kind: ExperimentSpec['kind']
  state: RunState
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
  /** Seconds of computing so far, summed over all sessions. */
  computeSeconds: number
  seed: number
  /** Chosen when the run was resumed, in place of its specification's; null when that counts. */
  executorAsked: ExecutorName | 'auto' | null
  executor: ExecutorName | null
  /** Why this executor: `the fastest that works here`, and what was passed over or failed. */
  executorNote: string | null
  /** What it computes on: the processor, or an adapter with its memory. */
  device: ComputeDevice | null
  /** Program, node, platform, libraries. */
  versions: Record<string, string>
  /** sha256 of the dataset's files, or of the generator's name and settings. */
  datasetHashes: Record<string, string>
  epoch: number
  epochs: number
  step: number
  stepsPerEpoch: number
  /** Estimate while running. */
  secondsLeft: number | null
  /** Epochs at which a checkpoint lies on disk, ascending. */
  checkpoints: number[]
  /** Epochs at which the run was resumed. */
  resumedAt: number[]
  verdict: ConvergenceVerdict | null
  /** Last fitted slope with its standard error, for tables. */
  spectrumSlope: number | null
  spectrumStandardError: number | null
  pruning: PruningRecord | null
  /** Fractions at the last test and in the last epoch; null for layers and before the first. */
  testAccuracy: number | null
  trainAccuracy: number | null
  layer: LayerOrigin | null
  group: RunGroup | null
  tags: string[]
  error: WireError | null
}

/** What lists show of a run's specification. */
export interface RunColumns {
  dataset: DatasetKind
  /** Null where they are those of the layer that the run was given. */
  hiddenUnits: number | null
}

/** One line of the run's log. */
export interface RunNotice {
  wall: number
  level: 'event' | 'notice' | 'warning' | 'error'
  /** `start`, `checkpoint`, `resume`, `notice` … */
  topic: string
  text: string
  epoch: number | null
}

/** Numbers of every unit, for the mosaic's orders and the unit pane; all of length H. */
export interface UnitTable {
  epoch: number
  norms: Float32Array
  means: Float32Array
  variances: Float32Array
  wins: Int32Array
}

/** The images that excite one unit most. */
export interface UnitImages {
  unit: number
  shape: readonly [height: number, width: number, channels: number]
  indices: Int32Array
  labels: Uint8Array
  overlaps: Float32Array
  pixels: Uint8Array
}

/** A file of a run's folder. */
export interface RunFile {
  path: string
  bytes: number
  modifiedAt: string
}

/** What an experiment costs here, before it runs. */
export interface RunEstimate {
  steps: number
  stepsPerEpoch: number
  seconds: number | null
  /** Estimated seconds on an otherwise idle machine if the time was measured under load; null otherwise. */
  idleSeconds: number | null
  /** Where the estimate comes from: `measured on this machine`, `from 3 earlier runs`. */
  secondsNote: string
  memoryBytes: number
  diskBytes: number
  checkpointCount: number
}

/** What decides the place of a run in lists. */
export interface RunPlace {
  id: RunId
  createdAt: string
  group: { index: number } | null
}

/** Which runs of a list are wanted. */
export interface RunPage {
  /** The last run of the page before; null for the first page. */
  after: RunPlace | null
  count: number
}

/** The order of lists: newest first. Runs of one group may be made in the same millisecond. */
export function newestRunFirst(a: RunPlace, b: RunPlace): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? 1 : -1
  return (b.group?.index ?? 0) - (a.group?.index ?? 0) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
}
