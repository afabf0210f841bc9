import { attackOf, LabError, type AttackSpec } from '../../contract/index.js'
import { specsOf, type HostTree } from '../executor/tree.js'
import { logitsOf, type NetworkOptions, type NetworkParameters, type RunningStatistics } from '../networks/index.js'
import { add, maximum, minimum, mul, type Scalar, type Tensor2D } from '../tf.js'
import { boxesOf, boxOf, type Boxes } from './box.js'
import { openAttack, type AttackBatch, type AttackEnd, type AttackSize, type AttackTools } from './index.js'

/** `low` and `high`: the box of each image, B x 1. */
type LineInput = {
  parameters: NetworkParameters
  running: RunningStatistics
  images: Tensor2D
  low: Tensor2D
  high: Tensor2D
  direction: Tensor2D
  epsilon: Scalar
}
type ImagesInput = Omit<LineInput, 'direction' | 'epsilon'>
type Ending = { network: NetworkOptions; clamps: boolean }

const inBox = (images: Tensor2D, { low, high }: Pick<LineInput, 'low' | 'high'>, clamps: boolean): Tensor2D =>
  (clamps ? minimum(maximum(images, low), high) : images) as Tensor2D

/** Logits of x + ε · direction. */
function lineLogits(input: LineInput, { network, clamps }: Ending): { logits: Tensor2D } {
  const { parameters, running, images, direction, epsilon } = input
  return {
    logits: logitsOf(
      parameters,
      inBox(add(images, mul(direction, epsilon)) as Tensor2D, input, clamps),
      running,
      network,
    ),
  }
}

/** Logits of images that an attack ended at. */
function imageLogits(input: ImagesInput, { network, clamps }: Ending): { logits: Tensor2D } {
  return { logits: logitsOf(input.parameters, inBox(input.images, input, clamps), input.running, network) }
}

/** Classes of B rows of logits: the first largest. @throws LabError `probe.notANumber` */
export function classesOf(logits: ArrayLike<number>, classes: number, numbers: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: logits.length / classes }, (_, image) => {
    let best = 0
    for (let index = 0; index < classes; index++) {
      const value = logits[image * classes + index] as number
      if (!Number.isFinite(value))
        throw new LabError('probe.notANumber', `a logit of image ${numbers[image]} is ${value}`, {
          image: numbers[image] ?? null,
        })
      if (value > (logits[image * classes + best] as number)) best = index
    }
    return best
  })
}

const boxInputs = ({ low, high }: Boxes): Pick<HostTree<ImagesInput>, 'low' | 'high'> => ({
  low: { data: low, shape: [low.length, 1] },
  high: { data: high, shape: [high.length, 1] },
})

/** Logits of images as they are, B x C. */
export async function logitsOfImages(
  images: Float32Array,
  count: number,
  { executor, network, inputs }: Pick<AttackTools, 'executor' | 'network' | 'inputs'>,
): Promise<Float32Array> {
  const input: HostTree<ImagesInput> = {
    parameters: network.parameters,
    running: network.running,
    images: { data: images, shape: [count, inputs] },
    ...boxInputs(boxesOf(images, count, inputs)),
  }
  const program = await executor.compile(imageLogits, specsOf<ImagesInput>(input), {
    network: network.options,
    clamps: false,
  })
  return (await program.run(input)).logits.data as Float32Array
}

/** The end of an attack as one image, kept in the box of that image where the attack clamps; float32 step by step, as executors compute it. */
export function adversarialImage(
  batch: AttackBatch,
  end: AttackEnd,
  epsilon: number,
  clamps: boolean,
  image: number,
  inputs: number,
): Float32Array {
  const size = Math.fround(epsilon)
  const start = image * inputs
  const result = new Float32Array(inputs)
  const { low, high } = boxOf(batch.images.subarray(start, start + inputs))
  for (let entry = 0; entry < inputs; entry++) {
    const value =
      end.kind === 'images'
        ? (end.images[start + entry] as number)
        : Math.fround(
            (batch.images[start + entry] as number) + Math.fround(size * (end.direction[start + entry] as number)),
          )
    result[entry] = clamps ? Math.min(high, Math.max(low, value)) : value
  }
  return result
}

/** ‖x_adv - x‖₂ over all entries, in float64. */
export function perturbationNorm(batch: AttackBatch, adversarial: Float32Array, image: number): number {
  const start = image * adversarial.length
  let squares = 0
  for (let entry = 0; entry < adversarial.length; entry++)
    squares += ((adversarial[entry] as number) - (batch.images[start + entry] as number)) ** 2
  return Math.sqrt(squares)
}

/** What an attack of one size did to a batch. */
export interface AttackOutcome {
  /** Classes of the adversarial images, B. */
  classes: Int32Array
  /** Logits, B x C. */
  logits: Float32Array
  /** 1 where the attack reached its aim: another class than the label, or the target. */
  fooled: Uint8Array
  /** The adversarial image, clamped where the attack clamps. */
  image(index: number): Float32Array
  /** ‖x_adv - x‖₂ of that image. */
  norm(index: number): number
}

/** An attack on a batch, size by size. */
export interface BatchAttack {
  /** Σ|g| at the images, B; null without gradients. */
  readonly gradientSize: Float32Array | null
  attack(size: AttackSize): Promise<AttackOutcome>
}

/**
 * Opens an attack: it finds the direction, the base here keeps pixels in the box of their image, classifies, and says which images were fooled.
 *
 * @throws LabError `probe.notANumber` for gradients or logits that are not finite
 */
export async function openBatchAttack(batch: AttackBatch, spec: AttackSpec, tools: AttackTools): Promise<BatchAttack> {
  const { executor, network, inputs, targeted } = tools
  const { clamps } = attackOf(spec.kind)
  const open = await openAttack(batch, spec, tools)
  const classes = network.parameters['bias']?.data.length ?? 0

  const boxes = boxInputs(boxesOf(batch.images, batch.count, inputs))
  const logitsAt = async (end: AttackEnd, epsilon: number): Promise<Float32Array> => {
    const shape = [batch.count, inputs]
    const common = { parameters: network.parameters, running: network.running, ...boxes }
    if (end.kind === 'images') {
      const input: HostTree<ImagesInput> = { ...common, images: { data: end.images, shape } }
      const program = await executor.compile(imageLogits, specsOf<ImagesInput>(input), {
        network: network.options,
        clamps,
      })
      return (await program.run(input)).logits.data as Float32Array
    }
    const input: HostTree<LineInput> = {
      ...common,
      images: { data: batch.images, shape },
      direction: { data: end.direction, shape },
      epsilon: { data: Float32Array.of(epsilon), shape: [] },
    }
    const program = await executor.compile(lineLogits, specsOf<LineInput>(input), { network: network.options, clamps })
    return (await program.run(input)).logits.data as Float32Array
  }
  return {
    gradientSize: open.gradientSize,
    attack: async (size) => {
      const end = await open.end(size)
      const logits = await logitsAt(end, size.epsilon)
      const found = classesOf(logits, classes, batch.numbers)
      const image = (index: number): Float32Array => adversarialImage(batch, end, size.epsilon, clamps, index, inputs)
      return {
        classes: found,
        logits,
        image,
        norm: (index) => perturbationNorm(batch, image(index), index),
        fooled: Uint8Array.from(found, (value, index) => Number((value === batch.labels[index]) === targeted)),
      }
    },
  }
}
