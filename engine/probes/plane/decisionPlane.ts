import { LabError } from '../../../contract/index.js'
import type { Executor } from '../../executor/executor.js'
import { multipliedOut, networkSizes, type FrozenNetwork } from '../../networks/frozenNetwork.js'
import type { Plane } from './geometry.js'
import { evaluatePoints, type PlaneImages, type PlaneJacobian, type PointValues } from './planePoints.js'

/** A network with what it makes of a plane; opened once, asked for many points. */
export interface OpenPlane {
  classes: number
  /** @param points - ε and ξ of each, lengths in ‖Δx‖₂ */
  evaluate(
    points: { first: Float32Array; second: Float32Array },
    onProgress?: (done: number) => void,
  ): Promise<PointValues>
}

/** G x for one vector, in float64. */
function product(weights: ArrayLike<number>, units: number, vector: Float32Array): Float32Array {
  const result = new Float32Array(units)
  const inputs = vector.length
  for (let unit = 0; unit < units; unit++) {
    const start = unit * inputs
    let [a, b, c, d] = [0, 0, 0, 0]
    let input = 0
    for (; input + 3 < inputs; input += 4) {
      a += (weights[start + input] as number) * (vector[input] as number)
      b += (weights[start + input + 1] as number) * (vector[input + 1] as number)
      c += (weights[start + input + 2] as number) * (vector[input + 2] as number)
      d += (weights[start + input + 3] as number) * (vector[input + 3] as number)
    }
    for (; input < inputs; input++) a += (weights[start + input] as number) * (vector[input] as number)
    result[unit] = a + b + c + d
  }
  return result
}

/** c_μ = Σ_i G_μi². */
function rowSquares(weights: ArrayLike<number>, units: number, inputs: number): Float32Array {
  return Float32Array.from({ length: units }, (_, unit) => {
    let sum = 0
    for (let index = unit * inputs; index < (unit + 1) * inputs; index++) sum += (weights[index] as number) ** 2
    return sum
  })
}

/**
 * Opens a plane for a network. The hidden layer is linear in the image, so three products with its matrix serve every point.
 *
 * @throws LabError `shape.mismatch` for a plane of other images
 */
export function openPlane(frozen: FrozenNetwork, plane: Plane, executor: Executor, jacobian: PlaneJacobian): OpenPlane {
  const network = multipliedOut(frozen)
  const { inputs, units, classes } = networkSizes(network)
  if (plane.origin.length !== inputs)
    throw new LabError(
      'shape.mismatch',
      `expected images of ${inputs} entries for this model, got ${plane.origin.length}`,
    )
  const weights = network.parameters['weights']?.data ?? new Float32Array(0)
  const images: PlaneImages = {
    origin: product(weights, units, plane.origin),
    alongU: product(weights, units, plane.u),
    alongV: product(weights, units, plane.v),
    squares: rowSquares(weights, units, inputs),
  }
  return {
    classes,
    evaluate: (points, onProgress) => evaluatePoints(executor, network, images, points, jacobian, onProgress),
  }
}

/** Values over a square grid: row i is the i-th ξ, column j the j-th ε. */
export interface PlaneGrid extends PointValues {
  labels: Uint8Array
  confidence: Float32Array
}

/** Evenly spaced places from one end to the other, both included. */
export const axisOf = ([from, to]: readonly [number, number], size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, index) => from + ((to - from) * index) / (size - 1))

/**
 * Class, confidence and Jacobian norm on a grid.
 *
 * @param firstAxis - ε of the columns
 * @param secondAxis - ξ of the rows
 * @throws LabError `probe.notANumber` where there is no softmax
 */
export async function planeGrid(
  open: OpenPlane,
  firstAxis: Float64Array,
  secondAxis: Float64Array,
  onProgress?: (done: number) => void,
): Promise<PlaneGrid> {
  const [columns, rows] = [firstAxis.length, secondAxis.length]
  const first = Float32Array.from({ length: rows * columns }, (_, index) => firstAxis[index % columns] as number)
  const second = Float32Array.from(
    { length: rows * columns },
    (_, index) => secondAxis[Math.floor(index / columns)] as number,
  )
  const values = await open.evaluate({ first, second }, onProgress)
  const labels = new Uint8Array(rows * columns)
  const confidence = new Float32Array(rows * columns)
  for (let point = 0; point < labels.length; point++) {
    const { index, value } = best(values.probabilities, point, open.classes)
    // The largest of C shares is at least 1/C; some graphics processors give zeros where others give NaN.
    if (!(value > 0.5 / open.classes))
      throw new LabError('probe.notANumber', `the softmax at ε = ${first[point]}, ξ = ${second[point]} is ${value}`)
    labels[point] = index
    confidence[point] = value
  }
  return { ...values, labels, confidence }
}

/** The largest softmax of a point and its class; NaN when there is one. */
export function best(
  probabilities: ArrayLike<number>,
  point: number,
  classes: number,
): { index: number; value: number } {
  let index = 0
  for (let each = 0; each < classes; each++) {
    const value = probabilities[point * classes + each] as number
    if (Number.isNaN(value)) return { index: each, value }
    if (value > (probabilities[point * classes + index] as number)) index = each
  }
  return { index, value: probabilities[point * classes + index] as number }
}
