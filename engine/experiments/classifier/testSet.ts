import { specsOf, type HostTree } from '../../executor/tree.js'
import type { Executor } from '../../executor/executor.js'
import { classify, forward, type NetworkOptions, type NetworkParameters, type RunningStatistics } from '../../networks/index.js'
import type { Tensor2D } from '../../tf.js'
import { numbers, type NetworkInputs } from './inputs.js'

type TestInput = { parameters: NetworkParameters; running: RunningStatistics; images: Tensor2D }
type TestOptions = { network: NetworkOptions; input: 'images' | 'latent'; training: boolean }

/** Logits of a batch; `training` lets batch norm use and learn the batch's own statistics, as the original's tests do. */
function testBatch({ parameters, running, images }: TestInput, { network, input, training }: TestOptions): { logits: Tensor2D; running: RunningStatistics } {
  const { logits, running: after } = input === 'latent' ? classify(parameters, images, running, training, network) : forward(parameters, images, running, training, network)
  return { logits, running: after }
}

/** How a classifier did on the test images. */
export interface TestResult {
  accuracy: number
  crossEntropy: number
  /** C x C, true class by predicted class. */
  confusion: Int32Array
  /** K x 4: image, true class, predicted class, its probability; the most confident mistakes first. */
  mistakes: Float32Array
  /** Running statistics afterwards; changed in `training` mode alone. */
  running: HostTree<RunningStatistics>
}

/**
 * Tests a classifier on all images of a set, batch by batch in their order.
 *
 * @param batchSize - images of a batch; in `training` mode it matters
 * @param most - mistakes to keep
 *
 * Source: docs/SOURCES.md 3.5.
 */
export async function testClassifier(
  { inputs, parameters, running: first, network, training, classes, batchSize, most, executor }: {
    inputs: NetworkInputs; parameters: HostTree<NetworkParameters>; running: HostTree<RunningStatistics>; network: NetworkOptions; training: boolean
    classes: number; batchSize: number; most: number; executor: Executor
  },
): Promise<TestResult> {
  const confusion = new Int32Array(classes * classes)
  const wrong: { image: number; label: number; predicted: number; probability: number }[] = []
  let running = first
  let entropy = 0
  let correct = 0
  for (let start = 0; start < inputs.count; start += batchSize) {
    const chosen = numbers(start, Math.min(inputs.count, start + batchSize))
    const input = { parameters, running, images: { data: inputs.rows(chosen), shape: [chosen.length, inputs.width] } } as unknown as HostTree<TestInput>
    const program = await executor.compile(testBatch, specsOf<TestInput>(input), { network, input: inputs.kind, training })
    const output = await program.run(input)
    if (training) running = output.running as HostTree<RunningStatistics>
    const logits = output.logits.data
    for (let place = 0; place < chosen.length; place++) {
      const image = start + place
      const label = inputs.labels[image] ?? 0
      const row = logits.subarray(place * classes, (place + 1) * classes)
      const predicted = largestOf(row)
      const top = row[predicted] as number
      let sum = 0
      for (const value of row) sum += Math.exp(value - top)
      entropy += Math.log(sum) + top - (row[label] ?? NaN)
      confusion[label * classes + predicted] = (confusion[label * classes + predicted] ?? 0) + 1
      if (predicted === label) correct += 1
      else wrong.push({ image, label, predicted, probability: 1 / sum })
    }
  }
  wrong.sort((a, b) => b.probability - a.probability || a.image - b.image)
  const mistakes = Float32Array.from(wrong.slice(0, most).flatMap(({ image, label, predicted, probability }) => [image, label, predicted, probability]))
  return { accuracy: correct / inputs.count, crossEntropy: entropy / inputs.count, confusion, mistakes, running }
}

/** The place of the largest value; the first of equals, and any place for NaN. */
function largestOf(values: ArrayLike<number>): number {
  let best = 0
  for (let index = 1; index < values.length; index++) if ((values[index] as number) > (values[best] as number)) best = index
  return best
}
