import type { RunRecord, RunState } from '../run.js'
import type { ImportOrigin } from './imported.js'

/** Facts of a run that the library shows without its specification and curves; every `RunRecord` is one. */
export interface LibraryRecord extends Pick<
  RunRecord,
  | 'id'
  | 'name'
  | 'createdAt'
  | 'startedAt'
  | 'finishedAt'
  | 'epoch'
  | 'executor'
  | 'verdict'
  | 'spectrumSlope'
  | 'spectrumStandardError'
  | 'pruning'
  | 'testAccuracy'
  | 'trainAccuracy'
  | 'group'
  | 'tags'
  | 'error'
> {
  kind: RunRecord['kind'] | 'imported'
  state: RunState | 'imported'
  /** Null where another program does not say. */
  seed: number | null
  computeSeconds: number | null
  epochs: number | null
  /** Epochs at which it was resumed; absent where another program does not say. */
  resumedAt?: number[]
  /** Of imported runs alone. */
  origin?: ImportOrigin
}
