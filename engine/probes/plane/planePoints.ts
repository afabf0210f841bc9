import { specsOf, type HostTree } from '../../executor/tree.js'
import type { Executor } from '../../executor/executor.js'
import {
  logitsFromHidden,
  type NetworkOptions,
  type NetworkParameters,
  type RunningStatistics,
} from '../../networks/index.js'
import {
  add,
  expandDims,
  matMul,
  mul,
  pow,
  relu,
  softmax,
  sqrt,
  square,
  sub,
  tanh,
  transpose,
  cast,
  greater,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '../../tf.js'

/** Points on a plane: h = h_A + ε G û + ξ G v̂, since the hidden layer is linear in the image. P points. */
type PointInput = {
  parameters: NetworkParameters
  running: RunningStatistics
  /** G x_A, G û and G v̂, H each. */
  origin: Tensor1D
  alongU: Tensor1D
  alongV: Tensor1D
  /** ε and ξ of every point, P. */
  first: Tensor1D
  second: Tensor1D
  /** c_μ = Σ_i G_μi², H. */
  squares: Tensor1D
}

/** `faithful` takes the derivative of max(h, 0)^n for every network, `corrected` of the network's own activation. */
export type PlaneJacobian = 'faithful' | 'corrected'

/** f'(h) of the latent activation; 0 at h <= 0 for rectified powers. */
function slope(hidden: Tensor2D, { kind, activationExponent: n }: NetworkOptions, jacobian: PlaneJacobian): Tensor {
  if (kind === 'tanhPerceptron' && jacobian === 'corrected') {
    const t = tanh(hidden)
    const inner = sub(1, square(t))
    return n === 1 ? inner : mul(mul(pow(t, n - 1), n), inner)
  }
  return n === 1
    ? cast(greater(hidden, 0), 'float32')
    : mul(mul(pow(relu(hidden), n - 1), cast(greater(hidden, 0), 'float32')), n)
}

/**
 * Softmax and Jacobian norm at points of a plane, the latter in closed form:
 *
 *     ‖∂a/∂x‖_F² = Σ_μ f'(h_μ)² c_μ
 *
 * @returns probabilities P x C and ‖J‖_F, P x 1
 *
 * Source: docs/SOURCES.md 7.
 */
export function planePoints(
  input: PointInput,
  { network, jacobian }: { network: NetworkOptions; jacobian: PlaneJacobian },
): { probabilities: Tensor2D; jacobianNorm: Tensor2D } {
  const { origin, alongU, alongV, first, second, squares } = input
  const hidden = add(
    add(expandDims(origin, 0), matMul(expandDims(first, 1), expandDims(alongU, 0))),
    matMul(expandDims(second, 1), expandDims(alongV, 0)),
  ) as Tensor2D
  const logits = logitsFromHidden(input.parameters, hidden, input.running, network)
  const squared = matMul(
    square(slope(hidden, network, jacobian)) as Tensor2D,
    transpose(expandDims(squares, 0)) as Tensor2D,
  )
  return { probabilities: softmax(logits) as Tensor2D, jacobianNorm: sqrt(squared) as Tensor2D }
}

/** What a network makes of the three vectors that span a plane, H each. */
export interface PlaneImages {
  origin: Float32Array
  alongU: Float32Array
  alongV: Float32Array
  squares: Float32Array
}

/** Values at points of a plane. */
export interface PointValues {
  probabilities: Float32Array
  jacobianNorm: Float32Array
}

/** Points that are computed together: their hidden activations stay in the processor's cache. Fewer are padded, so that one program serves all. */
const CHUNK = 250

function padded(values: Float32Array, start: number): Float32Array {
  const part = new Float32Array(CHUNK)
  part.set(values.subarray(start, start + CHUNK))
  return part
}

/** Evaluates a network at points of a plane, chunk by chunk. */
export async function evaluatePoints(
  executor: Executor,
  network: { options: NetworkOptions; parameters: HostTree<NetworkParameters>; running: HostTree<RunningStatistics> },
  images: PlaneImages,
  points: { first: Float32Array; second: Float32Array },
  jacobian: PlaneJacobian,
  onProgress?: (done: number) => void,
): Promise<PointValues> {
  const units = images.origin.length
  const classes = network.parameters['bias']?.data.length ?? 0
  const count = points.first.length
  const result = { probabilities: new Float32Array(count * classes), jacobianNorm: new Float32Array(count) }
  // The first layer is behind us; it is not an input.
  const { weights: _, ...parameters } = network.parameters
  for (let start = 0; start < count; start += CHUNK) {
    const end = Math.min(count, start + CHUNK)
    const row = (data: Float32Array): { data: Float32Array; shape: number[] } => ({ data, shape: [data.length] })
    const input: HostTree<PointInput> = {
      parameters,
      running: network.running,
      origin: row(images.origin),
      alongU: row(images.alongU),
      alongV: row(images.alongV),
      squares: { data: images.squares, shape: [units] },
      first: row(padded(points.first, start)),
      second: row(padded(points.second, start)),
    }
    const program = await executor.compile(planePoints, specsOf<PointInput>(input), {
      network: network.options,
      jacobian,
    })
    const { probabilities, jacobianNorm } = await program.run(input)
    result.probabilities.set(probabilities.data.subarray(0, (end - start) * classes), start * classes)
    result.jacobianNorm.set(jacobianNorm.data.subarray(0, end - start), start)
    onProgress?.(end)
  }
  return result
}
