import { evaluateBatch } from '../../engine/probes/evaluate.js'
import { specsOf, type HostTree } from '../../engine/executor/tree.js'
import { batchOf, firstParameters, NETWORK } from './network.js'
import { overlapOperations, type Stage } from './stage.js'

type Input = Parameters<typeof evaluateBatch>[0]

/** Predictions of a batch, and how many are right. */
export const evaluate: Stage = {
  operations: overlapOperations,
  stretch: 5,
  prepare: async (sizes, executor) => {
    const input = { parameters: firstParameters(sizes), running: {}, ...batchOf(sizes) } as unknown as HostTree<Input>
    const program = await executor.compile(evaluateBatch, specsOf<Input>(input), NETWORK)
    return { run: async () => void (await program.run(input)) }
  },
}
