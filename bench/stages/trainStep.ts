import { ADAM_DEFAULTS, adamFactors } from '../../engine/optimisers/adam.js'
import {
  trainStep as step,
  type TrainInput,
  type TrainMeasures,
  type TrainOptions,
  type TrainState,
} from '../../engine/training/trainStep.js'
import type { Executor } from '../../engine/executor/executor.js'
import type { HostArray, HostTree } from '../../engine/executor/tree.js'
import { batchOf, firstParameters, NETWORK } from './network.js'
import { overlapOperations, type Prepared, type Sizes, type Stage } from './stage.js'

/** Training of the perceptron with the given penalties. */
export async function prepareTraining(
  sizes: Sizes,
  executor: Executor,
  regularisers: TrainOptions['regularisers'],
  terms: Record<string, Record<string, HostArray>>,
): Promise<Prepared> {
  const parameters = firstParameters(sizes)
  const zeros = (): Record<string, HostArray> =>
    Object.fromEntries(
      Object.entries(parameters).map(([name, { data, shape }]) => [
        name,
        { data: new Float32Array(data.length), shape },
      ]),
    )
  const state = { parameters, first: zeros(), second: zeros(), running: {} } as unknown as HostTree<TrainState>
  const program = await executor.keep<TrainState, TrainInput, TrainMeasures, TrainOptions>(step, state, {
    network: NETWORK,
    regularisers,
    adam: ADAM_DEFAULTS,
    input: 'images',
  })
  const batch = { ...batchOf(sizes), terms }
  let count = 0
  return {
    run: async () => {
      count += 1
      const { stepSize, correction } = adamFactors(1e-3, count, ADAM_DEFAULTS)
      await program.step({
        batch,
        stepSize: { data: Float32Array.of(stepSize), shape: [] },
        correction: { data: Float32Array.of(correction), shape: [] },
      })
    },
  }
}

/** Loss, gradients and Adam for the perceptron. */
export const trainStep: Stage = {
  operations: (sizes) => 2 * overlapOperations(sizes),
  stretch: 5,
  prepare: (sizes, executor) => prepareTraining(sizes, executor, [], {}),
}
