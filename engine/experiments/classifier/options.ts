import type { ClassifierSpec } from '../../../contract/index.js'
import type { ImageSource } from '../../datasets/imageSource.js'
import type { Executor } from '../../executor/executor.js'
import type { Checkpoint, RunControl } from '../events.js'
import type { FrozenLayer } from './firstState.js'
import type { RowStore } from './inputs.js'

/** Everything that the training of a classifier works with. */
export interface ClassifierOptions {
  spec: ClassifierSpec
  train: ImageSource
  test: ImageSource
  classes: number
  /** The layer under a hybrid model; null for the others. */
  layer: FrozenLayer | null
  executor: Executor
  control: RunControl
  checkpoint: Checkpoint | null
  /** A place for the activations of a frozen layer. */
  openRows(rows: number, width: number): RowStore
}
