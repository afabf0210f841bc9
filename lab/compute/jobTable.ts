import type {
  ClassifierSpec,
  ComputeDevice,
  ConvergenceVerdict,
  DatasetSpec,
  DatasetSplit,
  ExecutorName,
  ExecutorStatus,
  ExperimentSpec,
  FigureContent,
  FigureFormat,
  FigureProvenance,
  LocalLearningSpec,
  ModelEvaluation,
  ModelRecord,
  PreflightFinding,
  PruningMode,
  PruningPlan,
  SpectrumSource,
  StyleName,
  UnitImages,
  WireError,
} from '../../contract/index.js'
import type { FieldMatch, NullKind } from '../../contract/compare/fieldMatch.js'
import type { RunSummary } from '../../contract/library/summary.js'
import type { FinishedClassifier, FinishedLayer, RunEvent } from '../../engine/experiments/events.js'
import type { StoredCheckpoint } from '../archive/archive.js'
import type { HistoryFacts, HistoryRequest } from '../exchange/readHistory.js'
import type { RunMeasures } from '../exchange/runMeasures.js'
import type { EventsHead } from '../exchange/writeEvents.js'
import type { Work } from '../work.js'
import type { DataPlaces } from './dataPlaces.js'
import type { PredictionCache } from './predictionCache.js'
import type { ProbeJobs } from './probeJobs.js'

export type { DataPlaces }

/** A layer as plain numbers: H x d, one row per unit. */
export interface LayerWeights {
  data: Float32Array
  hiddenUnits: number
  inputSize: number
}

/** What the numbers of a layer mean, and where they are looked at. */
export interface LayerSetting {
  dataset: DatasetSpec
  executor: LocalLearningSpec['executor']
  /** p of the overlap; 2 for a plain product. */
  lebesgueNorm: number
  /** p of the images. */
  imageNorm: number
}

/** Which executors work on this machine. */
export interface ExecutorReport {
  executors: ExecutorStatus[]
  /** What `auto` takes, and why. */
  chosen: ExecutorName
  note: string
}

/** Which executor a job asks for. */
export interface ExecutorChoice {
  /** One by name, which alone will do, or `auto`. */
  asked: ExecutorName | 'auto'
  /** What `auto` takes if it starts; `auto` is the fastest. */
  preferred: ExecutorName | 'auto'
  /** What `auto` must not take, because it failed in this very run. */
  avoid: readonly ExecutorName[]
}

/** The choice of a specification alone, whatever the settings prefer. */
export const choiceOf = (asked: ExecutorName | 'auto'): ExecutorChoice => ({ asked, preferred: 'auto', avoid: [] })

/** Files of a finished layer, as bytes. */
export interface ModelFiles {
  pty: Uint8Array
  safetensors: Uint8Array
}

export type ExperimentEvent =
  | {
      type: 'opened'
      executor: ExecutorName
      executorNote: string
      device: ComputeDevice
      /** Faster ones that should work here and did not start. */ passedOver: readonly string[]
      datasetHashes: Record<string, string>
    }
  | Exclude<RunEvent, { type: 'finished' }>
  | (FinishedLayer & { files: ModelFiles })
  | (Omit<FinishedClassifier, 'parameters' | 'running'> & { files: ModelFiles })

type Job<Input, Output, Event = never> = { input: Input; output: Output; event: Event }

/** Every kind of work that a worker thread does. */
export interface Jobs extends ProbeJobs {
  probe: Job<{ preferred: ExecutorChoice['preferred'] }, ExecutorReport>
  /** Steps per second times units, inputs and images of a step: the machine's speed for one kind of step. */
  rate: Job<
    { spec: ExperimentSpec; work: Work; choice: ExecutorChoice },
    { executor: ExecutorName; workPerSecond: number }
  >
  /** `layer`: the frozen layer of a hybrid model. `scratch`: a folder for what does not fit in memory. */
  experiment: Job<
    {
      spec: ExperimentSpec
      layer: ModelRecord | null
      checkpoint: StoredCheckpoint | null
      places: DataPlaces
      scratch: string
      choice: ExecutorChoice
    },
    { finished: boolean },
    ExperimentEvent
  >
  /** Curves of runs, reduced; in the order of the files. */
  curves: Job<{ paths: string[] }, RunSummary[]>
  /** The value of a measure at an epoch in each of these files. */
  epochValues: Job<{ paths: string[]; name: string; epoch: number }, (number | null)[]>
  /** A measure in each of these files, thinned to at most `points` values. */
  thinnedCurves: Job<{ paths: string[]; name: string; points: number }, Float64Array[]>
  /** All measures of a run. */
  measures: Job<{ path: string }, RunMeasures>
  /** The measures of a run as a TensorBoard event file. */
  eventFile: Job<{ path: string; head: EventsHead }, Uint8Array>
  /** Reads a run of another program and writes its measures into a folder. */
  history: Job<HistoryRequest, HistoryFacts[]>
  spectrum: Job<
    { setting: LayerSetting; layer: LayerWeights; source: SpectrumSource; images: number; places: DataPlaces },
    { eigenvalues: Float64Array; rank: number; participationRatio: number; images: number; executor: ExecutorName },
    { done: number; total: number }
  >
  prune: Job<
    { spec: LocalLearningSpec; layer: LayerWeights; mode: PruningMode; cutoff: number | null; offNorm: number | null },
    PruningPlan
  >
  pruneModel: Job<
    { spec: LocalLearningSpec; layer: LayerWeights; removed: Uint8Array; epoch: number },
    { files: ModelFiles; verdict: ConvergenceVerdict }
  >
  /** A classifier before its first step. */
  untrainedModel: Job<{ spec: ClassifierSpec; layer: ModelRecord | null }, { files: ModelFiles }>
  units: Job<
    { layer: LayerWeights; lebesgueNorm: number },
    { norms: Float32Array; means: Float32Array; variances: Float32Array }
  >
  /** Matches the fields of two layers one to one; `shape` is that of their images. */
  matchFields: Job<
    { a: LayerWeights; b: LayerWeights; shape: FieldMatch['shape']; null: NullKind; seed: number },
    Omit<FieldMatch, 'a' | 'b' | 'seconds'> & { constant: [ofA: number, ofB: number] }
  >
  unitImages: Job<
    {
      setting: LayerSetting
      layer: LayerWeights
      unit: number
      count: number
      split: DatasetSplit
      places: DataPlaces
    },
    UnitImages
  >
  evaluate: Job<
    {
      record: ModelRecord
      dataset: DatasetSpec
      split: DatasetSplit
      images: number | null
      lebesgueNorm: number
      executor: ExecutorName | 'auto'
      logits: number
      places: DataPlaces
      cache: PredictionCache | null
    },
    ModelEvaluation,
    { done: number; total: number; note: string | null }
  >
  figure: Job<
    {
      content: FigureContent
      style: StyleName
      provenance: FigureProvenance
      formats: readonly FigureFormat[]
      dpi: number
    },
    {
      svg: string
      widthMm: number
      heightMm: number
      findings: PreflightFinding[]
      numbers: string
      files: { format: FigureFormat; fileName: string; bytes: Uint8Array }[]
    }
  >
}
export type JobName = keyof Jobs
export type JobInput<Name extends JobName> = Jobs[Name]['input']
export type JobOutput<Name extends JobName> = Jobs[Name]['output']
export type JobEvent<Name extends JobName> = Jobs[Name]['event']

/** The shared memory of a job, an Int32Array: what the lab requests, and how many events it has not handled yet. */
export const FLAGS = { request: 0, pending: 1, count: 2 } as const

/** A thread that is this number of events ahead of the disk waits, so that memory stays bounded. */
export const MOST_PENDING_EVENTS = 100

/** What the lab requests of a job. */
export const REQUESTS = { run: 0, pause: 1, stop: 2 } as const
export type JobRequest = keyof typeof REQUESTS

/** The lab's messages to a worker. */
export type ToWorker = { tag: 'job'; id: number; name: JobName; input: unknown; flags: SharedArrayBuffer }

/** A worker's messages to the lab. */
export type FromWorker =
  | { tag: 'event'; id: number; event: unknown }
  | { tag: 'done'; id: number; output: unknown }
  | { tag: 'fail'; id: number; error: WireError }
