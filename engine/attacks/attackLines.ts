import { specsOf, type HostTree } from '../executor/tree.js'
import { matMul, transpose, type Tensor2D } from '../tf.js'
import type { AttackBatch, AttackTools } from './attack.js'
import { adversarialImage, classesOf, logitsOfImages } from './attackBatch.js'
import type { LineNetwork } from './lineNetwork.js'
import { sweepLine, VERDICTS } from './lineSweep.js'

type ProductInput = { weights: Tensor2D; rows: Tensor2D }
const hiddenOf = ({ weights, rows }: ProductInput): { hidden: Tensor2D } => ({
  hidden: matMul(rows, transpose(weights)) as Tensor2D,
})

/** Rows that the plain way classifies at a time. */
const PLAIN_ROWS = 256

async function products(
  rows: Float32Array,
  count: number,
  { executor, network, inputs }: AttackTools,
): Promise<Float32Array> {
  const weights = network.parameters['weights']
  if (weights === undefined) return new Float32Array(0)
  const input: HostTree<ProductInput> = { weights, rows: { data: rows, shape: [count, inputs] } }
  const program = await executor.compile(hiddenOf, specsOf<ProductInput>(input), {})
  return (await program.run(input)).hidden.data as Float32Array
}

/** Whether all entries lie in the range that the clamp keeps. */
function inRange(images: Float32Array): boolean {
  for (let index = 0; index < images.length; index++)
    if (!((images[index] as number) >= 0 && (images[index] as number) <= 1)) return false
  return true
}

/**
 * Attacks a batch with all sizes along one direction per image: the same classes as size by size, at a small share of the cost. Sizes at
 * which an image is close to a decision are classified the plain way.
 *
 * @param direction - B x d
 * @param epsilons - rising
 * @returns 1 where the attack reached its aim, B x E; null where a pixel lies outside [0, 1] already, so that the clamp acts otherwise
 */
export async function attackLines(
  lines: LineNetwork,
  batch: AttackBatch,
  direction: Float32Array,
  epsilons: Float64Array,
  tools: AttackTools,
): Promise<Uint8Array | null> {
  if (!inRange(batch.images)) return null
  const { inputs, targeted, network } = tools
  const { units } = lines
  const [hidden, slope] = [
    await products(batch.images, batch.count, tools),
    await products(direction, batch.count, tools),
  ]
  const sizes = epsilons.length
  const fooled = new Uint8Array(batch.count * sizes)
  const unsure: { image: number; size: number }[] = []
  for (let image = 0; image < batch.count; image++) {
    const part = (rows: Float32Array, width: number): Float32Array => rows.subarray(image * width, (image + 1) * width)
    const verdicts = sweepLine(
      lines,
      {
        image: part(batch.images, inputs),
        direction: part(direction, inputs),
        label: batch.labels[image] as number,
        hidden: part(hidden, units),
        slope: part(slope, units),
      },
      epsilons,
    )
    verdicts.forEach((verdict, size) => {
      if (verdict === VERDICTS.unsure) unsure.push({ image, size })
      else fooled[image * sizes + size] = Number((verdict === VERDICTS.label) === targeted)
    })
  }
  const end = { kind: 'line', direction } as const
  const classes = network.parameters['bias']?.data.length ?? 0
  for (let start = 0; start < unsure.length; start += PLAIN_ROWS) {
    const pairs = unsure.slice(start, start + PLAIN_ROWS)
    const rows = new Float32Array(PLAIN_ROWS * inputs)
    pairs.forEach(({ image, size }, row) =>
      rows.set(adversarialImage(batch, end, epsilons[size] as number, true, image, inputs), row * inputs),
    )
    const logits = (await logitsOfImages(rows, PLAIN_ROWS, tools)).subarray(0, pairs.length * classes)
    classesOf(
      logits,
      classes,
      pairs.map(({ image }) => batch.numbers[image] as number),
    ).forEach((found, row) => {
      const { image, size } = pairs[row] as { image: number; size: number }
      fooled[image * sizes + size] = Number((found === batch.labels[image]) === targeted)
    })
  }
  return fooled
}
