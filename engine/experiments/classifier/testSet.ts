import { LabError, type RegulariserSpec } from '../../../contract/index.js'
import { specsOf, type HostTree } from '../../executor/tree.js'
import type { Executor } from '../../executor/executor.js'
import {
  classify,
  forward,
  type NetworkOptions,
  type NetworkParameters,
  type RunningStatistics,
} from '../../networks/index.js'
import { needsHidden, regulariserTerm, type HostInputs, type TermInputs } from '../../regularisers/index.js'
import type { Scalar, Tensor2D } from '../../tf.js'
import { numbers, type NetworkInputs } from './inputs.js'
import type { LossTerm } from './terms.js'

type TestInput = {
  parameters: NetworkParameters
  running: RunningStatistics
  images: Tensor2D
  terms: { [penalty: string]: TermInputs }
}
type TestOptions = {
  network: NetworkOptions
  input: 'images' | 'latent'
  training: boolean
  regularisers: readonly RegulariserSpec[]
}
type TestOutput = { logits: Tensor2D; running: RunningStatistics; penalties: { [penalty: string]: Scalar } }

/** Logits and penalties of a batch; `training` lets batch norm use and learn the batch's own statistics, as the original's tests do. */
function testBatch(
  { parameters, running, images, terms }: TestInput,
  { network, input, training, regularisers }: TestOptions,
): TestOutput {
  const pass =
    input === 'latent'
      ? { hidden: null, ...classify(parameters, images, running, training, network) }
      : forward(parameters, images, running, training, network)
  const context = { parameters, network, batch: images.shape[0], hidden: pass.hidden }
  const penalties = Object.fromEntries(
    regularisers.map((regulariser, place) => [
      `penalty${place}`,
      regulariserTerm({ ...context, inputs: terms[`penalty${place}`] ?? {} }, regulariser),
    ]),
  )
  return { logits: pass.logits, running: pass.running, penalties }
}

/** How a classifier did on the test images. */
export interface TestResult {
  accuracy: number
  crossEntropy: number
  /** C x C, true class by predicted class. */
  confusion: Int32Array
  /** K x 4: image, true class, predicted class, its probability; the most confident mistakes first. */
  mistakes: Float32Array
  /** Terms of the penalties without their strengths, in the order of the spec: means over the batches, weighted by their images; null where no batch could be measured. */
  penalties: (number | null)[]
  /** Running statistics afterwards; changed in `training` mode alone. */
  running: HostTree<RunningStatistics>
}

/**
 * Tests a classifier on all images of a set, batch by batch in their order.
 *
 * @param batchSize - images of a batch; in `training` mode it matters
 * @param terms - penalties whose terms are measured over the test images too
 * @param termInputs - tensors of a penalty for a test batch, by its place in the spec
 * @param most - mistakes to keep
 * @throws LabError `run.notANumber` when a logit or the term of a penalty is not finite
 *
 * Source: docs/SOURCES.md 3.5.
 */
export async function testClassifier({
  inputs,
  parameters,
  running: first,
  network,
  training,
  classes,
  batchSize,
  terms,
  termInputs,
  most,
  executor,
}: {
  inputs: NetworkInputs
  parameters: HostTree<NetworkParameters>
  running: HostTree<RunningStatistics>
  network: NetworkOptions
  training: boolean
  classes: number
  batchSize: number
  terms: readonly LossTerm[]
  termInputs(index: number, batch: { number: number; images: number }): HostInputs
  most: number
  executor: Executor
}): Promise<TestResult> {
  const moving = terms.filter(({ constant }) => constant === null)
  const values = terms.map((): BatchTerm[] => [])
  const confusion = new Int32Array(classes * classes)
  const wrong: { image: number; label: number; predicted: number; probability: number }[] = []
  let running = first
  let entropy = 0
  let correct = 0
  for (let start = 0; start < inputs.count; start += batchSize) {
    const chosen = numbers(start, Math.min(inputs.count, start + batchSize))
    // One image has no covariance.
    const measured = moving.filter(({ spec }) => chosen.length > 1 || !needsHidden(spec))
    const tensors = Object.fromEntries(
      measured.map(({ index }, place) => [
        `penalty${place}`,
        termInputs(index, { number: start / batchSize, images: chosen.length }),
      ]),
    )
    const input = {
      parameters,
      running,
      images: { data: inputs.rows(chosen), shape: [chosen.length, inputs.width] },
      terms: tensors,
    } as unknown as HostTree<TestInput>
    const program = await executor.compile(testBatch, specsOf<TestInput>(input), {
      network,
      input: inputs.kind,
      training,
      regularisers: measured.map(({ spec }) => spec),
    })
    const output = await program.run(input)
    measured.forEach(({ index }, place) =>
      values[index]?.push({ value: output.penalties[`penalty${place}`]?.data[0] ?? NaN, images: chosen.length }),
    )
    if (training) running = output.running as HostTree<RunningStatistics>
    const logits = output.logits.data
    for (let place = 0; place < chosen.length; place++) {
      const image = start + place
      const label = inputs.labels[image] ?? 0
      const row = logits.subarray(place * classes, (place + 1) * classes)
      expectFiniteLogits(row, image)
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
  const mistakes = Float32Array.from(
    wrong.slice(0, most).flatMap(({ image, label, predicted, probability }) => [image, label, predicted, probability]),
  )
  return {
    accuracy: correct / inputs.count,
    crossEntropy: entropy / inputs.count,
    confusion,
    mistakes,
    penalties: terms.map((term) => meanTerm(term, values[term.index] ?? [])),
    running,
  }
}

/** A penalty's term on a batch of this number of images. */
interface BatchTerm {
  value: number
  images: number
}

/** Mean of a penalty's term over batches, weighted by their images. */
function meanTerm({ spec, index, constant }: LossTerm, values: readonly BatchTerm[]): number | null {
  if (constant !== null) return constant
  const nonFinite = values.find(({ value }) => !Number.isFinite(value))?.value
  if (nonFinite !== undefined)
    throw new LabError(
      'run.notANumber',
      `penalty ${index + 1} (${spec.kind}) became ${Number.isNaN(nonFinite) ? 'NaN' : 'infinite'} on test images`,
      { term: `penalty ${index + 1} (${spec.kind})` },
    )
  return values.length === 0
    ? null
    : values.reduce((sum, { value, images }) => sum + images * value, 0) /
        values.reduce((sum, { images }) => sum + images, 0)
}

function expectFiniteLogits(row: ArrayLike<number>, image: number): void {
  for (let index = 0; index < row.length; index++) {
    const value = row[index] as number
    if (!Number.isFinite(value))
      throw new LabError(
        'run.notANumber',
        `a logit of test image ${image} became ${Number.isNaN(value) ? 'NaN' : 'infinite'}`,
        { image, term: 'the logits of a test image' },
      )
  }
}

/** The place of the largest value; the first of equals. */
function largestOf(values: ArrayLike<number>): number {
  let best = 0
  for (let index = 1; index < values.length; index++)
    if ((values[index] as number) > (values[best] as number)) best = index
  return best
}
