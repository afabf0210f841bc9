import { LabError } from '../../../contract/index.js'

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number)
  return sum
}

/** Directions whose angle is smaller than this (as a sine) lie on one line. */
const SMALLEST_SINE = 1e-4

/** An orthonormal pair, d entries each. */
export interface Frame {
  u: Float32Array
  v: Float32Array
}

/**
 * Gram and Schmidt: û = u/‖u‖, v̂ = (v - (v·û)û) normalised; in float64, stored in float32.
 *
 * @param u - d entries
 * @param v - d entries
 * @throws LabError `probe.anchors` when a direction is zero or both lie on one line
 *
 * Source: docs/SOURCES.md 7.
 */
export function orthonormalise(u: ArrayLike<number>, v: ArrayLike<number>): Frame {
  if (u.length !== v.length)
    throw new LabError('shape.mismatch', `expected two directions of the same length, got ${u.length} and ${v.length}`)
  const length = Math.sqrt(dot(u, u))
  const other = Math.sqrt(dot(v, v))
  if (!(length > 0 && other > 0 && Number.isFinite(length) && Number.isFinite(other)))
    throw new LabError('probe.anchors', `expected two directions of non-zero length, got ${length} and ${other}`)
  const unit = Float64Array.from(u, (value) => value / length)
  let rest = Float64Array.from(v)
  // Twice, so that what is left is perpendicular to the last digit.
  for (let pass = 0; pass < 2; pass++) {
    const along = dot(rest, unit)
    rest = rest.map((value, index) => value - along * (unit[index] as number))
  }
  const height = Math.sqrt(dot(rest, rest))
  if (!(height > SMALLEST_SINE * other))
    throw new LabError(
      'probe.anchors',
      `the two directions are collinear: the sine of their angle is ${(height / other).toExponential(1)}`,
    )
  return { u: Float32Array.from(unit), v: Float32Array.from(rest, (value) => value / height) }
}

/** Coordinates of a difference in the plane. */
export const coordinates = (difference: ArrayLike<number>, { u, v }: Frame): readonly [number, number] => [
  dot(difference, u),
  dot(difference, v),
]
