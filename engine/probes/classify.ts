import { LabError } from '../../contract/index.js'
import { fillBatch } from '../datasets/lpUnit.js'
import type { ImageSource } from '../datasets/imageSource.js'
import type { Executor } from '../executor/executor.js'
import { specsOf, type HostArray, type HostTree } from '../executor/tree.js'
import { logitsOf, type NetworkOptions, type NetworkParameters, type RunningStatistics } from '../networks/index.js'
import { argMax, type Tensor1D, type Tensor2D } from '../tf.js'

/** A type, not an interface: trees have an index signature. */
type ClassifyInput = { parameters: NetworkParameters; running: RunningStatistics; images: Tensor2D }

/**
 * Logits and predictions of a batch in evaluation mode.
 *
 * @returns logits B x C, and the class of the largest B (int32)
 */
export function classifyBatch(
  { parameters, running, images }: ClassifyInput,
  options: NetworkOptions,
): { logits: Tensor2D; predictions: Tensor1D } {
  const logits = logitsOf(parameters, images, running, options)
  return { logits, predictions: argMax(logits, 1) as Tensor1D }
}

export interface ClassifyOptions {
  model: {
    network: NetworkOptions
    parameters: Record<string, HostArray>
    running: Record<string, HostArray>
    inputSize: number
    classes: number
  }
  source: ImageSource
  /** Number of images from the start. */
  images: number
  /** p of the images' norm, >= 1. */
  lebesgueNorm: number
  executor: Executor
  /** How many rows of logits are kept. */
  logitRows: number
  onProgress?: (done: number, total: number) => void
  /** Looked at between batches; true ends the work with `cancelled`. */
  cancelled?: () => boolean
}

/** What a model answers. */
export interface Classification {
  images: number
  correct: number
  /** Class numbers, one an image. */
  predictions: Int32Array
  /** The first rows, K x C. */
  logits: Float32Array
}

/** Images of a batch, as the original evaluates (section 1.3). */
export const CLASSIFY_BATCH = 1000

/**
 * What a classifier in evaluation mode says of the first images of a set: batch norm takes its running statistics.
 *
 * @throws LabError `shape.mismatch` when the model was trained on images of another size, `value.range` for a label that the model has no class for,
 * `probe.notANumber` when a logit is not finite, `cancelled`
 *
 * Source: docs/SOURCES.md 1.5 and 3.
 */
export async function classify(options: ClassifyOptions): Promise<Classification> {
  const { model, source, images, lebesgueNorm, executor } = options
  const [height, width, channels] = source.shape
  const inputSize = height * width * channels
  const { network, parameters, running, classes } = model
  if (model.inputSize !== inputSize)
    throw new LabError(
      'shape.mismatch',
      `the model was trained on images of ${model.inputSize} entries, but got ${source.shape.join(' x ')} = ${inputSize}`,
      { inputSize },
    )
  const predictions = new Int32Array(images)
  const logits = new Float32Array(Math.min(options.logitRows, images) * classes)
  let correct = 0
  for (let start = 0; start < images; start += CLASSIFY_BATCH) {
    if (options.cancelled?.() === true)
      throw new LabError('cancelled', `the evaluation was cancelled after ${start} of ${images} images`)
    const count = Math.min(CLASSIFY_BATCH, images - start)
    const batch = new Float32Array(count * inputSize)
    fillBatch(
      source,
      Int32Array.from({ length: count }, (_, index) => start + index),
      lebesgueNorm,
      batch,
    )
    const input = {
      parameters,
      running,
      images: { data: batch, shape: [count, inputSize] },
    } as unknown as HostTree<ClassifyInput>
    const program = await executor.compile<ClassifyInput, ReturnType<typeof classifyBatch>, NetworkOptions>(
      classifyBatch,
      specsOf<ClassifyInput>(input),
      network,
    )
    const answer = await program.run(input)
    const strange = answer.logits.data.findIndex((value) => !Number.isFinite(value))
    if (strange >= 0)
      throw new LabError(
        'probe.notANumber',
        `a logit of image ${start + Math.floor(strange / classes)} is ${answer.logits.data[strange]}`,
        { image: start + Math.floor(strange / classes) },
      )
    if (start * classes < logits.length)
      logits.set(answer.logits.data.subarray(0, logits.length - start * classes), start * classes)
    for (let place = 0; place < count; place++) {
      const label = source.labels[start + place] ?? NaN
      if (!(label < classes))
        throw new LabError(
          'value.range',
          `the model has ${classes} classes, but the label of image ${start + place} is ${label}`,
          { image: start + place },
        )
      predictions[start + place] = answer.predictions.data[place] ?? -1
      if (predictions[start + place] === label) correct += 1
    }
    options.onProgress?.(start + count, images)
  }
  return { images, correct, predictions, logits }
}
