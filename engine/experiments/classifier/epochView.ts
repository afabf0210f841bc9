import { specsOf, type HostTree } from '../../executor/tree.js'
import type { Executor } from '../../executor/executor.js'
import { hiddenOf, type NetworkOptions, type NetworkParameters } from '../../networks/index.js'
import type { EpochView } from '../../regularisers/index.js'
import type { Tensor2D } from '../../tf.js'
import type { NetworkInputs } from './inputs.js'

/**
 * What penalties may look at before an epoch.
 *
 * @param order - the images in the order of the epoch
 */
export function epochView({
  inputs,
  order,
  batchSize,
  parameters,
  network,
  hiddenUnits,
  executor,
}: {
  inputs: NetworkInputs
  order: Int32Array
  batchSize: number
  parameters: HostTree<NetworkParameters>
  network: NetworkOptions
  hiddenUnits: number
  executor: Executor
}): EpochView {
  const rowsOf = (batch: number): { data: Float32Array; shape: readonly number[] } => {
    const chosen = order.subarray(batch * batchSize, Math.min(order.length, (batch + 1) * batchSize))
    return { data: inputs.rows(chosen), shape: [chosen.length, inputs.width] }
  }
  return {
    batches: Math.ceil(order.length / batchSize),
    images: order.length,
    hiddenUnits,
    executor,
    hidden: async (batch) => {
      const input = { parameters, images: rowsOf(batch) } as unknown as HostTree<{
        parameters: NetworkParameters
        images: Tensor2D
      }>
      const program = await executor.compile(
        hiddenOf,
        specsOf<{ parameters: NetworkParameters; images: Tensor2D }>(input),
        network,
      )
      return (await program.run(input)).hidden.data as Float32Array
    },
    inputMean: () => {
      const { data } = rowsOf(0)
      let sum = 0
      for (const value of data) sum += value
      return sum / data.length
    },
  }
}
