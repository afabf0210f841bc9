/** How fields become colours: each by its own range, or all by one symmetric range. */
export type TileScaling = 'tile' | 'global'
/** In which order fields stand. */
export type TileOrder = 'wins' | 'index' | 'norm' | 'variance'

/** Numbers of every unit that orders go by. */
export interface UnitNumbers {
  norms: ArrayLike<number>
  means: ArrayLike<number>
  variances: ArrayLike<number>
}

/**
 * Norm, mean and variance of every unit, as the screen needs them; the lab's own numbers are the same to the digits shown.
 *
 * @param weights - units x inputs
 */
export function unitNumbers(weights: Float32Array, units: number, inputs: number, lebesgueNorm: number): UnitNumbers {
  const norms = new Float32Array(units)
  const means = new Float32Array(units)
  const variances = new Float32Array(units)
  for (let unit = 0; unit < units; unit++) {
    let sum = 0
    let squares = 0
    let power = 0
    const end = (unit + 1) * inputs
    for (let at = unit * inputs; at < end; at++) {
      const weight = weights[at] as number
      sum += weight
      squares += weight * weight
      const size = weight < 0 ? -weight : weight
      power += lebesgueNorm === 3 ? size * size * size : lebesgueNorm === 2 ? size * size : size ** lebesgueNorm
    }
    norms[unit] = power ** (1 / lebesgueNorm)
    means[unit] = sum / inputs
    variances[unit] = Math.max(0, (squares - (sum * sum) / inputs) / (inputs - 1))
  }
  return { norms, means, variances }
}

/** Units in the order asked for; by wins the busiest first, ties by index. */
export function orderUnits(units: number, order: TileOrder, numbers: UnitNumbers | null, wins: ArrayLike<number> | null): Int32Array {
  const indices = Int32Array.from({ length: units }, (_, index) => index)
  const key = order === 'wins' ? wins : order === 'norm' ? numbers?.norms ?? null : order === 'variance' ? numbers?.variances ?? null : null
  return key === null ? indices : indices.sort((a, b) => (key[b] ?? 0) - (key[a] ?? 0) || a - b)
}

/** Largest magnitude of any weight: the range of the global scaling. */
export function largestMagnitude(weights: Float32Array): number {
  let largest = 0
  for (let at = 0; at < weights.length; at++) {
    const size = Math.abs(weights[at] as number)
    if (size > largest) largest = size
  }
  return largest
}

/** Flat fields, such as pruned units, show the well and no black. */
const FLAT = 1e-8

/**
 * Writes one field as RGBA pixels.
 *
 * @param weights - units x inputs
 * @param shape - height, width, channels (1 or 3)
 * @param range - largest magnitude for the global scaling; null scales the field by its own range
 * @param ground - red, green, blue of a flat field
 * @param target - height x width x 4 bytes from `offset`, rows of `stride` pixels
 */
export function writeTile(
  weights: Float32Array, unit: number, [height, width, channels]: readonly [number, number, number], range: number | null, ground: readonly [number, number, number],
  target: Uint8ClampedArray, offset: number, stride: number,
): void {
  const start = unit * height * width * channels
  let low = Infinity
  let high = -Infinity
  for (let at = start; at < start + height * width * channels; at++) {
    const weight = weights[at] as number
    if (weight < low) low = weight
    if (weight > high) high = weight
  }
  const flat = high - low < FLAT
  const from = range === null ? low : -range
  const scale = flat ? 0 : range === null ? 255 / (high - low) : 255 / (2 * range || 1)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const source = start + (y * width + x) * channels
      const place = offset + 4 * (y * stride + x)
      for (let channel = 0; channel < 3; channel++) {
        target[place + channel] = flat ? ground[channel] ?? 0 : ((weights[source + (channels === 3 ? channel : 0)] as number) - from) * scale
      }
      target[place + 3] = 255
    }
  }
}
