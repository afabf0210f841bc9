import { LabError, type LearningRuleKind } from '../../contract/index.js'
import { rowsOf } from '../datasets/imageRows.js'
import type { Executor } from '../executor/executor.js'
import type { Scalar, Tensor1D, Tensor2D } from '../tf.js'
import type { LayerProgram, LayerProgramOptions } from './layerProgram.js'
import type { RuleParameters } from './rule.js'
import { learningStep } from './rules.js'

/** A type, not an interface: trees have an index signature. */
type LearnInput = { images: Tensor2D; rate: Scalar }
type LearnOutput = { winners: Tensor1D; winningOverlapSum: Scalar; largestChange: Scalar; absoluteChangeSum: Scalar }
type LearnState = { weights: Tensor2D }
type LearnOptions = RuleParameters & { kind: LearningRuleKind }

/** A step of a rule, as a function from a state to the next. */
function learnStep(
  { state, images, rate }: LearnInput & { state: LearnState },
  options: LearnOptions,
): LearnOutput & { state: LearnState } {
  const { weights, ...measures } = learningStep({ weights: state.weights, images, rate }, options)
  return { ...measures, state: { weights } }
}

/** Refuses a step after which a weight is not a number. */
export function refuseNaN(
  result: { largestChange: number; absoluteChangeSum: number; winningOverlapSum: number },
  rate: number,
): void {
  if ([result.largestChange, result.absoluteChangeSum, result.winningOverlapSum].every(Number.isFinite)) return
  throw new LabError('run.notANumber', `the weights became NaN at a learning rate of ${rate}`, { rate })
}

/**
 * A layer that learns by its plain rule, on any executor.
 *
 * @param executor - keeps the weights
 * @param options - see LayerProgramOptions
 */
export async function createLayerProgram(executor: Executor, options: LayerProgramOptions): Promise<LayerProgram> {
  const { hiddenUnits, inputSize, weights, rule, lebesgueNorm, radius } = options
  const program = await executor.keep<LearnState, LearnInput, LearnOutput, LearnOptions>(
    learnStep,
    { weights: { data: weights, shape: [hiddenUnits, inputSize] } },
    { ...rule, lebesgueNorm, radius },
  )
  let room = new Float32Array(0)
  return {
    room: (images) => {
      if (room.length !== images * inputSize) room = new Float32Array(images * inputSize)
      return { data: room, rowLength: inputSize }
    },
    step: async (given, rate) => {
      const { data: images } = rowsOf(given, inputSize)
      const batch = images.length / inputSize
      if (!Number.isInteger(batch))
        throw new LabError(
          'shape.mismatch',
          `expected whole images of ${inputSize} values, got ${images.length} values`,
        )
      const { winners, winningOverlapSum, largestChange, absoluteChangeSum } = await program.step({
        images: { data: images, shape: [batch, inputSize] },
        rate: { data: Float32Array.of(rate), shape: [] },
      })
      const one = ({ data }: { data: ArrayLike<number> }): number => data[0] ?? NaN
      const result = {
        winners: Int32Array.from(winners.data),
        winningOverlapSum: one(winningOverlapSum),
        largestChange: one(largestChange),
        absoluteChangeSum: one(absoluteChangeSum),
      }
      refuseNaN(result, rate)
      return result
    },
    weights: async () => Float32Array.from((await program.state()).weights.data),
    dispose: () => program.dispose(),
  }
}
