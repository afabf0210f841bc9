import { add, matMul, mean, mul, rsqrt, square, sub, tidy, transpose, type Tensor1D, type Tensor2D } from '../tf.js'
import * as members from './members.js'
import type { Network, NetworkOptions, NetworkParameters, RunningStatistics } from './network.js'

export type * from './network.js'

/** The code of every network; one without code does not compile. */
export const NETWORKS: Readonly<Record<NetworkOptions['kind'], Network>> = members

/** ε and the share of a new batch in the running statistics, as the original's library has them. */
const NORM_EPSILON = 1e-5
const NORM_MOMENTUM = 0.1

/** What a forward pass gives. */
export interface Forward {
  /** Pre-activation, B x H. */
  hidden: Tensor2D
  /** B x C. */
  logits: Tensor2D
  /** Running statistics after this batch; those given when it was not a training batch. */
  running: RunningStatistics
}

/** Normalises by statistics of the batch (training) or by the running ones. */
function normalised(
  latent: Tensor2D,
  parameters: NetworkParameters,
  running: RunningStatistics,
  training: boolean,
): { latent: Tensor2D; running: RunningStatistics } {
  const { scale, shift } = parameters as { scale: Tensor1D; shift: Tensor1D }
  const { mean: runningMean, variance: runningVariance } = running as { mean: Tensor1D; variance: Tensor1D }
  const [batch] = latent.shape
  const batchMean = training ? mean(latent, 0) : runningMean
  const centred = sub(latent, batchMean)
  const variance = training ? mean(square(centred), 0) : runningVariance
  const output = add(mul(centred, mul(rsqrt(add(variance, NORM_EPSILON)), scale)), shift) as Tensor2D
  if (!training) return { latent: output, running }
  // The running variance is the unbiased one, though the biased one normalises.
  const unbiased = mul(variance, batch / Math.max(1, batch - 1))
  return {
    latent: output,
    running: {
      mean: add(mul(runningMean, 1 - NORM_MOMENTUM), mul(batchMean, NORM_MOMENTUM)),
      variance: add(mul(runningVariance, 1 - NORM_MOMENTUM), mul(unbiased, NORM_MOMENTUM)),
    },
  }
}

/**
 * The classifier on top of latent activations: logits = [norm](latent) Aᵀ + b.
 *
 * @param latent - B x H
 * @param training - whether batch norm takes its statistics from this batch
 */
export function classify(
  parameters: NetworkParameters,
  latent: Tensor2D,
  running: RunningStatistics,
  training: boolean,
  { batchNorm }: NetworkOptions,
): { logits: Tensor2D; running: RunningStatistics } {
  const normal = batchNorm ? normalised(latent, parameters, running, training) : { latent, running }
  const { dense, bias } = parameters as { dense: Tensor2D; bias: Tensor1D }
  return { logits: add(matMul(normal.latent, transpose(dense)), bias) as Tensor2D, running: normal.running }
}

/**
 * A forward pass: hidden = x Gᵀ, latent = f(hidden), logits = [norm](latent) Aᵀ + b.
 *
 * @param parameters - see NetworkParameters
 * @param images - B x d
 * @param running - of batch norm; empty without it
 * @param training - whether batch norm takes its statistics from this batch
 */
export function forward(
  parameters: NetworkParameters,
  images: Tensor2D,
  running: RunningStatistics,
  training: boolean,
  options: NetworkOptions,
): Forward {
  const network = NETWORKS[options.kind]
  const hidden = network.hidden(parameters, images, options)
  return { hidden, ...classify(parameters, network.latent(hidden, options), running, training, options) }
}

/** Latent activations alone, B x H: what a network with a frozen first layer needs once. */
export function latentOf(
  input: { parameters: NetworkParameters; images: Tensor2D },
  options: NetworkOptions,
): { latent: Tensor2D } {
  const network = NETWORKS[options.kind]
  return { latent: network.latent(network.hidden(input.parameters, input.images, options), options) }
}

/** Pre-activations alone, B x H. */
export function hiddenOf(
  input: { parameters: NetworkParameters; images: Tensor2D },
  options: NetworkOptions,
): { hidden: Tensor2D } {
  return { hidden: NETWORKS[options.kind].hidden(input.parameters, input.images, options) }
}

/** Logits of a hidden layer that is there already, B x H, with the running statistics. */
export function logitsFromHidden(
  parameters: NetworkParameters,
  hidden: Tensor2D,
  running: RunningStatistics,
  options: NetworkOptions,
): Tensor2D {
  return tidy(() => {
    const latent = NETWORKS[options.kind].latent(hidden, options)
    const normal = options.batchNorm ? normalised(latent, parameters, running, false).latent : latent
    const { dense, bias } = parameters as { dense: Tensor2D; bias: Tensor1D }
    return add(matMul(normal, transpose(dense)), bias) as Tensor2D
  })
}

/** Logits alone, with the running statistics: what attacks and evaluations need. */
export function logitsOf(
  parameters: NetworkParameters,
  images: Tensor2D,
  running: RunningStatistics,
  options: NetworkOptions,
): Tensor2D {
  return tidy(() => forward(parameters, images, running, false, options).logits)
}
