import { spectralNormBound } from '../linalg/spectralNorm.js'
import { NETWORKS } from '../networks/index.js'
import { networkSizes } from '../networks/frozenNetwork.js'
import type { NetworkOptions } from '../networks/network.js'
import { specsOf, type HostTree } from '../executor/tree.js'
import { tidy, type Tensor2D } from '../tf.js'
import type { AttackBatch, AttackTools } from './attack.js'
import { denseLayer } from './denseLayer.js'

/** How far the latent activation of a unit can go when its hidden one h moves by at most t s, s being the deviation of a symmetric move. */
interface Bend {
  /** Largest |f'| on [h - t s, h + t s]. */
  slope: number
  /** |E f - f(h)| is at most this. */
  bias: number
}

/**
 * Standard deviations that noise is trusted to stay within, in every unit and every margin of all images and sizes: of 10¹⁰ draws one
 * strays with a probability of 10⁻¹².
 */
const DEVIATIONS = 10
/** Share of a margin's scale that rounding may take, as along lines. */
const CLOSE = 5e-5
const NORMAL_PEAK = 1 / Math.sqrt(2 * Math.PI)
/** E |ξ| of a normal ξ. */
const MEAN_SIZE = Math.sqrt(2 / Math.PI)
/** Largest |tanh''|. */
const TANH_BEND = 4 / (3 * Math.sqrt(3))

/** max(h, 0)^n, n >= 1. By Jensen its mean lies above f(h), and by a normal integral or half the second derivative not far. */
function bendRectified(h: number, s: number, n: number, bend: Bend): void {
  const top = h + DEVIATIONS * s
  if (top <= 0) {
    bend.slope = bend.bias = 0
    return
  }
  if (n === 1) {
    bend.slope = 1
    bend.bias = Math.abs(h) < DEVIATIONS * s ? s * NORMAL_PEAK * Math.exp(-0.5 * (h / s) * (h / s)) : 0
    return
  }
  const slope = n * top ** (n - 1)
  bend.slope = slope
  bend.bias = n >= 2 ? (0.5 * (n - 1) * slope * s * s) / top : MEAN_SIZE * slope * s
}

/** tanh(h)^n with n = 1; steepest where the interval comes closest to 0. */
function bendTanh(h: number, s: number, _n: number, bend: Bend): void {
  const nearest = Math.tanh(Math.max(0, Math.abs(h) - DEVIATIONS * s))
  bend.slope = 1 - nearest * nearest
  bend.bias = 0.5 * TANH_BEND * s * s
}

function bendOf({
  kind,
  activationExponent,
}: NetworkOptions): ((h: number, s: number, n: number, bend: Bend) => void) | null {
  if (kind === 'perceptron' && activationExponent >= 1) return bendRectified
  if (kind === 'tanhPerceptron' && activationExponent === 1) return bendTanh
  return null
}

type HiddenInput = Parameters<typeof hiddenAndLatent>[0]
const hiddenAndLatent = (
  { parameters, images }: { parameters: Record<string, Tensor2D>; images: Tensor2D },
  options: NetworkOptions,
): { hidden: Tensor2D; latent: Tensor2D } =>
  tidy(() => {
    const hidden = NETWORKS[options.kind].hidden(parameters, images, options)
    return { hidden, latent: NETWORKS[options.kind].latent(hidden, options) }
  })

/** Says of images how much noise certainly leaves them with their class. */
export interface CertifiedNoise {
  /** How many of the rising sizes, from the first on, certainly leave each image of the batch with its label; B. */
  certified(batch: AttackBatch, epsilons: Float64Array): Promise<Int32Array>
}

/**
 * For a network with one hidden layer, the sizes ε at which x + ε z certainly keeps the class of x, z being standard normal; nothing is
 * computed at those.
 *
 * With s_μ = ε‖g_μ‖ the hidden activation of unit μ is normal about h_μ with deviation s_μ and stays within t s_μ, so that f' there is at
 * most b_μ. The margin of the label c over another class j, as a function of z, has then the Lipschitz constant
 * L_j = ε ‖G‖₂ ‖(A_c - A_j) ∘ b‖₂, and a Lipschitz function of normal numbers exceeds its mean by t L with a probability below e^(-t²/2).
 * Its mean differs from its value at x by at most Σ_μ |A_cμ - A_jμ| |E f(h_μ + s_μ ξ) - f(h_μ)|. With t = 10 a sweep errs with a
 * probability below 10⁻¹².
 *
 * @param tools - with G multiplied out
 * @returns null for networks of another form
 *
 * Source: B. Tsirelson, I. Ibragimov, V. Sudakov (1976), as in S. Boucheron, G. Lugosi, P. Massart, Concentration Inequalities, theorem 5.6.
 */
export async function openCertifiedNoise({
  executor,
  network,
  inputs,
}: Pick<AttackTools, 'executor' | 'network' | 'inputs'>): Promise<CertifiedNoise | null> {
  const bendUnit = bendOf(network.options)
  const weights = network.parameters['weights']
  if (bendUnit === null || weights === undefined) return null
  const { units, classes } = networkSizes(network)
  const n = network.options.activationExponent
  const norms = Float64Array.from({ length: units }, (_, unit) => {
    let squares = 0
    for (let input = unit * inputs; input < (unit + 1) * inputs; input++)
      squares += (weights.data[input] as number) ** 2
    return Math.sqrt(squares)
  })
  const spread = await spectralNormBound(executor, weights)
  const { rows, bias: offsets, hidden: offsetScale } = denseLayer(network, units, classes)
  const largest = Float64Array.from({ length: units }, (_, unit) => {
    let most = 0
    for (let row = 0; row < classes; row++) most = Math.max(most, Math.abs(rows[row * units + unit] as number))
    return most
  })

  /** Logits of latent activations, and the scale of rounding in them. */
  const logitsOf = (latent: ArrayLike<number>, start: number, logits: Float64Array): number => {
    let scale = offsetScale
    for (let unit = 0; unit < units; unit++)
      scale += (largest[unit] as number) * Math.abs(latent[start + unit] as number)
    for (let row = 0; row < classes; row++) {
      let value = offsets[row] as number
      for (let unit = 0; unit < units; unit++)
        value += (rows[row * units + unit] as number) * (latent[start + unit] as number)
      logits[row] = value
    }
    return scale
  }
  const bend: Bend = { slope: 0, bias: 0 }
  const [slopes, biases] = [new Float64Array(units), new Float64Array(units)]
  /** Whether noise of this size keeps every margin of an image above 0; `others` are the classes, nearest first. */
  const holds = (
    hidden: ArrayLike<number>,
    start: number,
    epsilon: number,
    label: number,
    others: readonly { row: number; margin: number }[],
  ): boolean => {
    for (let unit = 0; unit < units; unit++) {
      bendUnit(hidden[start + unit] as number, epsilon * (norms[unit] as number), n, bend)
      slopes[unit] = bend.slope
      biases[unit] = bend.bias
    }
    return others.every(({ row, margin }) => {
      let [squares, sum, bias] = [0, 0, 0]
      for (let unit = 0; unit < units; unit++) {
        const difference = (rows[label * units + unit] as number) - (rows[row * units + unit] as number)
        const part = difference * (slopes[unit] as number)
        squares += part * part
        sum += Math.abs(part) * (norms[unit] as number)
        bias += Math.abs(difference) * (biases[unit] as number)
      }
      return margin > bias + DEVIATIONS * epsilon * Math.min(spread * Math.sqrt(squares), sum)
    })
  }
  return {
    certified: async (batch, epsilons) => {
      const input: HostTree<HiddenInput> = {
        parameters: { weights },
        images: { data: batch.images, shape: [batch.count, inputs] },
      }
      const program = await executor.compile(hiddenAndLatent, specsOf<HiddenInput>(input), network.options)
      const { hidden, latent } = await program.run(input)
      const logits = new Float64Array(classes)
      return Int32Array.from({ length: batch.count }, (_, image) => {
        const start = image * units
        const label = batch.labels[image] as number
        const tolerance = 2 * CLOSE * logitsOf(latent.data, start, logits)
        const others = Array.from(logits, (value, row) => ({
          row,
          margin: (logits[label] as number) - value - tolerance,
        }))
          .filter(({ row }) => row !== label)
          .sort((a, b) => a.margin - b.margin)
        if (!((others[0]?.margin ?? 0) > 0)) return 0
        let [low, high] = [0, epsilons.length]
        while (low < high) {
          const middle = (low + high) >> 1
          if (holds(hidden.data, start, epsilons[middle] as number, label, others)) low = middle + 1
          else high = middle
        }
        return low
      })
    },
  }
}
