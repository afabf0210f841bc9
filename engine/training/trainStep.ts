import type { RegulariserSpec } from '../../contract/index.js'
import { crossEntropy } from '../losses/crossEntropy.js'
import {
  classify,
  forward,
  NETWORKS,
  type NetworkOptions,
  type NetworkParameters,
  type RunningStatistics,
} from '../networks/index.js'
import { adamUpdate, type AdamOptions } from '../optimisers/adam.js'
import { regulariserTerm, type TermInputs } from '../regularisers/index.js'
import {
  add,
  addN,
  argMax,
  cast,
  equal,
  keep,
  mul,
  square,
  sum,
  valueAndGrads,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '../tf.js'

/** Everything that a training step is compiled for. */
export interface TrainOptions {
  network: NetworkOptions
  regularisers: readonly RegulariserSpec[]
  adam: AdamOptions
  /** What the batch holds: images (B x d), or latent activations (B x H) of a frozen first layer. */
  input: 'images' | 'latent'
}

/** A batch: images (or latent activations), labels B (int32), and the tensors of every penalty, `penalty0`, `penalty1` …, by name. */
export type TrainBatch = { images: Tensor2D; labels: Tensor1D; terms: { [penalty: string]: TermInputs } }

/** Measures of a batch: the loss that is descended, mean cross entropy, correct images, ‖∇L‖², and penalties `penalty0`, `penalty1` … without strength. */
export type TrainMeasures = {
  loss: Scalar
  crossEntropy: Scalar
  correct: Scalar
  gradientSquare: Scalar
  penalties: { [name: string]: Scalar }
}

/** What a step of gradients takes. */
export type GradientInput = { parameters: NetworkParameters; running: RunningStatistics; batch: TrainBatch }

/** What a step of gradients gives. */
export type TrainGradients = {
  gradients: { [name: string]: Tensor }
  running: RunningStatistics
  measures: TrainMeasures
}

/** State of training: parameters, Adam's moments of the trained ones, running statistics of batch norm. */
export type TrainState = {
  parameters: NetworkParameters
  first: NetworkParameters
  second: NetworkParameters
  running: RunningStatistics
}

/** Names of the parameters that training changes. */
export function trainableNames(parameters: Readonly<Record<string, unknown>>, { kind }: NetworkOptions): string[] {
  const { trainable } = NETWORKS[kind]
  return Object.keys(parameters).filter((name) => trainable.includes(name))
}

/** Σ of all squares, row by row: one sum over millions of float32 values loses digits. */
const squares = (tensor: Tensor): Tensor => (tensor.rank === 2 ? sum(sum(square(tensor), 1)) : sum(square(tensor)))

/**
 * Loss and gradients of one batch: L = cross entropy + Σ strength · penalty.
 *
 * @returns gradients of the trained parameters by name, the running statistics after the batch, and sums for the meters
 *
 * Source: docs/SOURCES.md 3.5 and 4.
 */
export function trainGradients(input: GradientInput, options: TrainOptions): TrainGradients {
  const { parameters, running, batch } = input
  const names = trainableNames(parameters, options.network)
  type Beside = Omit<TrainMeasures, 'loss' | 'gradientSquare'> & { running: RunningStatistics }
  let beside: Beside | null = null
  const lossOf = (...trained: Tensor[]): Scalar => {
    const present: NetworkParameters = {
      ...parameters,
      ...Object.fromEntries(names.map((name, index) => [name, trained[index] as Tensor])),
    }
    const pass =
      options.input === 'latent'
        ? { hidden: null, ...classify(present, batch.images, running, true, options.network) }
        : forward(present, batch.images, running, true, options.network)
    const entropy = crossEntropy(pass.logits, batch.labels)
    const context = { parameters: present, network: options.network, batch: batch.images.shape[0], hidden: pass.hidden }
    const terms = options.regularisers.map((regulariser, index) =>
      regulariserTerm({ ...context, inputs: batch.terms[`penalty${index}`] ?? {} }, regulariser),
    )
    // The library clears away what a differentiated function does not return; these are outputs all the same.
    beside = {
      crossEntropy: keep(mul(entropy, 1)) as Scalar,
      correct: keep(sum(cast(equal(argMax(pass.logits, 1), batch.labels), 'float32'))) as Scalar,
      penalties: Object.fromEntries(terms.map((term, index) => [`penalty${index}`, keep(mul(term, 1)) as Scalar])),
      running: Object.fromEntries(
        Object.entries(pass.running).map(([name, statistic]) => [name, keep(mul(statistic, 1))]),
      ),
    }
    return terms.reduce((total: Scalar, term, index) => {
      const strength = options.regularisers[index]?.strength ?? 0
      return strength === 0 ? total : (add(total, mul(term, strength)) as Scalar)
    }, entropy)
  }
  const { value: loss, grads } = valueAndGrads(lossOf)(names.map((name) => parameters[name] as Tensor))
  const { running: after, ...measures } = beside as unknown as Beside
  const gradientSquare = addN(grads.map(squares)) as Scalar
  return {
    gradients: Object.fromEntries(names.map((name, index) => [name, grads[index] as Tensor])),
    running: after,
    measures: { loss: loss as Scalar, gradientSquare, ...measures },
  }
}

/** A batch with the two factors of Adam that change from step to step. */
export type TrainInput = { batch: TrainBatch; stepSize: Scalar; correction: Scalar }

/**
 * One step of training with Adam.
 *
 * Executors may compute it in another form that is equal; this is the reference.
 */
export function trainStep(
  input: TrainInput & { state: TrainState },
  options: TrainOptions,
): TrainMeasures & { state: TrainState } {
  const { state, batch, stepSize, correction } = input
  const { gradients, running, measures } = trainGradients(
    { parameters: state.parameters, running: state.running, batch },
    options,
  )
  const updated = Object.entries(gradients).map(([name, gradient]) => {
    const before = {
      parameter: state.parameters[name] as Tensor,
      first: state.first[name] as Tensor,
      second: state.second[name] as Tensor,
    }
    return [name, adamUpdate(before, gradient, { stepSize, correction }, options.adam)] as const
  })
  const next = (part: 'parameter' | 'first' | 'second'): NetworkParameters =>
    Object.fromEntries(updated.map(([name, each]) => [name, each[part]]))
  return {
    ...measures,
    state: {
      parameters: { ...state.parameters, ...next('parameter') },
      first: next('first'),
      second: next('second'),
      running,
    },
  }
}
