import type { LearningRuleSpec } from '../../contract/index.js'
import type { ImageRows } from '../datasets/imageRows.js'

/** How to start a layer program. H units, d inputs; weights are units x inputs, row by row. */
export interface LayerProgramOptions {
  rule: LearningRuleSpec
  hiddenUnits: number
  inputSize: number
  /** First weights, H x d; copied. */
  weights: Float32Array
  lebesgueNorm: number
  radius: number
}

/** What one step of learning reports. */
export interface LayerStepResult {
  /** The winning unit of every image of the batch, B. */
  winners: Int32Array
  /** Sum over the batch of the winner's overlap. */
  winningOverlapSum: number
  /** Largest absolute change of a weight in this step: the rate itself unless the batch is empty of signal. */
  largestChange: number
  /** Sum over all weights of the absolute change. */
  absoluteChangeSum: number
}

/** A layer that learns: the executor owns its weights between steps. */
export interface LayerProgram {
  /** Room for a batch of this number of images, valid until the next call; a batch written here is read without a copy. */
  room(images: number): ImageRows
  /**
   * One minibatch step (section 2.6, or 2.5 sample by sample).
   *
   * @param images - B x d, normalised, row by row; or the room with what was written there
   * @param rate - the largest weight change, > 0
   * @throws LabError `run.notANumber` when the largest change is not finite
   */
  step(images: Float32Array | ImageRows, rate: number): Promise<LayerStepResult>
  /** A copy of the weights, H x d. */
  weights(): Promise<Float32Array>
  dispose(): Promise<void>
}
