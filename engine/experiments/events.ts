import type { ArrayRecord, ConvergenceVerdict, MetricRecord, PowerLawFit, RunNotice } from '../../contract/index.js'
import type { NetworkOptions } from '../networks/index.js'

/** Everything that is needed to go on exactly where a run stopped. */
export interface Checkpoint {
  epoch: number
  step: number
  tensors: NamedTensors
  /** Plain values: accumulators, the position in the epoch, the state of nothing random (random numbers are keyed by epoch and step). */
  state: Record<string, unknown>
}

/** Tensors by name with their shapes, float32. */
export type NamedTensors = Record<string, { data: Float32Array; shape: readonly number[] }>

/** The end of a local-learning run. */
export interface FinishedLayer {
  type: 'finished'
  kind: 'localLearning'
  verdict: ConvergenceVerdict
  weights: { data: Float32Array; shape: readonly [units: number, inputs: number] }
  lastRate: number
}

/** The end of a classifier's training: parameters and running statistics as engine/networks names them. */
export interface FinishedClassifier {
  type: 'finished'
  kind: 'classifier'
  network: NetworkOptions
  parameters: NamedTensors
  running: NamedTensors
  /** How many batches batch norm has seen. */
  batches: number
}

/** Events of a running experiment; the lab stores every one. */
export type RunEvent =
  | { type: 'started'; stepsPerEpoch: number; epochs: number; executor: string }
  | { type: 'metric'; record: Omit<MetricRecord, 'wall'> }
  | { type: 'array'; record: ArrayRecord; /** Store it, or only show it. */ keep: boolean }
  | { type: 'progress'; epoch: number; step: number; secondsLeft: number | null }
  | { type: 'spectrum'; epoch: number; fit: PowerLawFit | null }
  | { type: 'notice'; notice: Omit<RunNotice, 'wall'> }
  | {
      type: 'checkpoint'
      checkpoint: Checkpoint
      /** `pause` ones are written when the user pauses or stops inside an epoch. */ reason:
        'scheduled' | 'pause' | 'last'
    }
  | FinishedLayer
  | FinishedClassifier

/** How the host talks to a running experiment, read between steps. */
export interface RunControl {
  /** `run`: go on; `pause` or `stop`: write a checkpoint of this very step and return. */
  requested(): 'run' | 'pause' | 'stop'
  /** Milliseconds of a steady clock; the engine has no clock of its own. */
  now(): number
}
