import type {
  AttackSpec,
  ExecutorName,
  GalleryRow,
  MaskingCheck,
  MeasuredRequest,
  ModelRecord,
  ModelSpectrum,
  PartialPass,
  PlaneAgreement,
  PlaneGeometry,
  PlaneMap,
  PlanePoint,
  PlanePointRequest,
  PlaneRequest,
  ProbedModel,
  RobustnessPass,
  RobustnessRequest,
  RobustnessSeries,
  SpectrumFits,
  SweepId,
  WindowMap,
} from '../../contract/index.js'
import type { Baseline } from '../../engine/probes/robustness/baseline.js'
import type { SweepState } from '../../engine/probes/robustness/sweep.js'
import type { DataPlaces } from './dataPlaces.js'
import type { PredictionCache } from './predictionCache.js'

export type { Baseline, SweepState }

/** A model as a job is handed it. */
export interface ProbeSubjectInput {
  model: ProbedModel
  record: ModelRecord
}

/** What computed, and on which bytes. */
export interface Computed {
  executor: ExecutorName
  datasetHashes: Record<string, string>
}

/** A pass that was interrupted. */
export interface StoredPass {
  baseline: Baseline
  state: SweepState
}

/** How far a pass is: shares of its images and sizes. */
export interface PassProgress extends StoredPass, Computed {
  fraction: number
  /** What went wrong with the kept predictions; null when nothing did. */
  note: string | null
}

type Progress = { done: number; total: number }
type Job<Input, Output, Event = never> = { input: Input; output: Output; event: Event }

/** Passes of one attack against one model, for its checks. */
export interface AttackPasses {
  sweep: SweepId
  attack: AttackSpec
  passes: RobustnessPass[]
}

/** A map of a plane at one fineness. */
export interface PlaneLevel {
  size: number
  firstAxis: Float64Array
  secondAxis: Float64Array
  geometry: PlaneGeometry
  maps: PlaneMap[]
  agreement: PlaneAgreement[]
}

/** The work of probes. */
export interface ProbeJobs {
  /** One pass of a sweep; `finished` null when it was asked to pause. */
  sweep: Job<
    {
      subject: ProbeSubjectInput
      request: RobustnessRequest
      seed: number
      stored: StoredPass | null
      places: DataPlaces
      cache: PredictionCache | null
    },
    { finished: RobustnessPass | null; progress: PassProgress },
    PassProgress
  >
  series: Job<
    {
      id: SweepId
      request: RobustnessRequest
      passes: RobustnessPass[]
      /** By label. */ others: Record<string, AttackPasses[]>
    },
    { series: RobustnessSeries[]; checks: { label: string; checks: MaskingCheck[] }[] }
  >
  partialPass: Job<{ request: RobustnessRequest; model: ProbedModel; seed: number; stored: StoredPass }, PartialPass>
  gallery: Job<
    {
      request: RobustnessRequest
      rows: { subject: ProbeSubjectInput; pass: RobustnessPass }[]
      images: Int32Array
      epsilon: number | null
      places: DataPlaces
    },
    { rows: GalleryRow[]; labels: Uint8Array; clean: Uint8Array },
    Progress
  >
  /** Attacks of a few sizes, to see whether gradients are masked. */
  masking: Job<
    {
      subject: ProbeSubjectInput
      request: Pick<RobustnessRequest, 'dataset' | 'split' | 'executor'> & { images: number; seed: number }
      places: DataPlaces
      cache: PredictionCache | null
    },
    { cleanAccuracy: number; images: number; checks: MaskingCheck[] },
    Progress & { note: string | null }
  >
  modelSpectrum: Job<
    { request: MeasuredRequest; subject: ProbeSubjectInput | null; imageNorm: number; places: DataPlaces },
    Omit<ModelSpectrum, 'id' | 'origin' | 'request' | 'model'> & { computed: Computed },
    Progress
  >
  spectrumFits: Job<{ eigenvalues: Float64Array; window: readonly [number, number]; rank: number }, SpectrumFits>
  windowMap: Job<{ eigenvalues: Float64Array; size: number; rank: number }, WindowMap>
  plane: Job<
    { request: PlaneRequest; subjects: ProbeSubjectInput[]; attacked: ProbeSubjectInput | null; places: DataPlaces },
    PlaneLevel & { computed: Computed },
    { coarse: PlaneLevel; computed: Computed } | Progress
  >
  planePoint: Job<
    {
      request: PlanePointRequest
      subjects: ProbeSubjectInput[]
      attacked: ProbeSubjectInput | null
      places: DataPlaces
    },
    PlanePoint
  >
}
