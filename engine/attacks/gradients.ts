import { LabError, type AttackNorm } from '../../contract/index.js'
import type { HostTree } from '../executor/tree.js'
import { specsOf } from '../executor/tree.js'
import type { NetworkOptions } from '../networks/index.js'
import type { Tensor1D, Tensor2D } from '../tf.js'
import type { AttackBatch, AttackTools } from './attack.js'
import { ascentDirection } from './ball.js'
import { lossGradient, type GradientInput } from './lossGradient.js'

/** Direction of steepest ascent of the loss at the images, with Σ|g| of each. */
function gradientDirection(
  input: GradientInput,
  { network, norm }: { network: NetworkOptions; norm: AttackNorm },
): { direction: Tensor2D; size: Tensor1D } {
  const { gradient, size } = lossGradient(input, network)
  return { direction: ascentDirection(gradient, norm), size }
}

/** Refuses gradients that are not finite. @throws LabError `probe.notANumber` naming the first image */
export function expectFinite(size: ArrayLike<number>, { numbers, count }: AttackBatch): void {
  for (let image = 0; image < count; image++) {
    if (!Number.isFinite(size[image]))
      throw new LabError('probe.notANumber', `the gradient of the loss at image ${numbers[image]} is ${size[image]}`, {
        image: numbers[image] ?? null,
      })
  }
}

/** Direction of the first step of every image, B x d, away from its label (towards it when targeted), and Σ|g|. */
export async function firstDirection(
  batch: AttackBatch,
  norm: AttackNorm,
  { executor, network, inputs, targeted }: AttackTools,
): Promise<{ direction: Float32Array; size: Float32Array }> {
  const input: HostTree<GradientInput> = {
    parameters: network.parameters,
    running: network.running,
    images: { data: batch.images, shape: [batch.count, inputs] },
    labels: { data: batch.labels, shape: [batch.count] },
  }
  const program = await executor.compile(gradientDirection, specsOf<GradientInput>(input), {
    network: network.options,
    norm,
  })
  const { direction, size } = await program.run(input)
  expectFinite(size.data, batch)
  const data = direction.data as Float32Array
  if (targeted) for (let index = 0; index < data.length; index++) data[index] = -(data[index] as number)
  return { direction: data, size: size.data as Float32Array }
}
