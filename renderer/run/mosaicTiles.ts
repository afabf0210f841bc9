import { divergingChannel, type Diverging } from '../charts/diverging.js'

/** How fields become colours: each by its own range, or all by one symmetric range. */
export type TileScaling = 'tile' | 'global'
/** Order of the fields. */
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
export function orderUnits(
  units: number,
  order: TileOrder,
  numbers: UnitNumbers | null,
  wins: ArrayLike<number> | null,
): Int32Array {
  const indices = Int32Array.from({ length: units }, (_, index) => index)
  const key =
    order === 'wins'
      ? wins
      : order === 'norm'
        ? (numbers?.norms ?? null)
        : order === 'variance'
          ? (numbers?.variances ?? null)
          : null
  return key === null ? indices : indices.sort((a, b) => (key[b] ?? 0) - (key[a] ?? 0) || a - b)
}

/** Largest magnitude of each unit. */
export function unitPeaks(weights: Float32Array, units: number): Float32Array {
  const inputs = weights.length / units
  const peaks = new Float32Array(units)
  for (let at = 0; at < weights.length; at++) {
    const size = Math.abs(weights[at] as number)
    const unit = Math.floor(at / inputs)
    if (size > (peaks[unit] as number)) peaks[unit] = size
  }
  return peaks
}

/** The one range of all fields, symmetric about zero. */
export interface GlobalRange {
  /** Largest magnitude that is shown without being cut off. */
  limit: number
  /** Units with weights beyond it. */
  beyond: number
  /** Percentile of the units' largest magnitudes that the limit is; 100 where nothing is cut off. */
  percentile: number
}

/** If the largest value is far beyond this percentile, the percentile is the limit, so that few units do not determine the scale. */
const CLIP_PERCENTILE = 98
const MUCH_BEYOND = 1.5

/**
 * The range of the global scaling.
 *
 * @param peaks - largest magnitude of each unit
 */
export function globalRange(peaks: Float32Array): GlobalRange {
  const sorted = peaks.slice().sort()
  const largest = sorted[sorted.length - 1] ?? 0
  const place = Math.min(sorted.length - 1, Math.ceil((CLIP_PERCENTILE / 100) * sorted.length) - 1)
  const clip = sorted[Math.max(0, place)] ?? 0
  if (!(clip > 0) || largest <= MUCH_BEYOND * clip) return { limit: largest, beyond: 0, percentile: 100 }
  return { limit: clip, beyond: sorted.filter((peak) => peak > clip).length, percentile: CLIP_PERCENTILE }
}

/** Flat fields, such as pruned units, show the well and no black. */
const FLAT = 1e-8

/** How one field is painted. */
export interface TileLook {
  /** Largest magnitude of the global scaling; null scales the field by its own range. */
  range: number | null
  /** Colour of a flat field. */
  ground: readonly [red: number, green: number, blue: number]
  /** Signed colours for fields of one channel under the global scaling; null paints them grey. */
  diverging?: Diverging | null
}

/**
 * Writes one field as RGBA pixels.
 *
 * @param weights - units x inputs
 * @param shape - height, width, channels (1 or 3)
 * @param target - height x width x 4 bytes from `offset`, rows of `stride` pixels
 */
export function writeTile(
  weights: Float32Array,
  unit: number,
  [height, width, channels]: readonly [number, number, number],
  { range, ground, diverging = null }: TileLook,
  target: Uint8ClampedArray,
  offset: number,
  stride: number,
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
  const signed = channels === 1 && range !== null ? diverging : null
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const source = start + (y * width + x) * channels
      const place = offset + 4 * (y * stride + x)
      for (let channel = 0; channel < 3; channel++) {
        const weight = weights[source + (channels === 3 ? channel : 0)] as number
        target[place + channel] = flat
          ? (ground[channel] ?? 0)
          : signed === null
            ? (weight - from) * scale
            : divergingChannel(signed, weight / (range || 1), channel as 0 | 1 | 2)
      }
      target[place + 3] = 255
    }
  }
}

/** Number of further columns that are tried for a mosaic that leaves less of its pane empty. */
const MORE_COLUMNS = 4

/** The smallest number of columns that shows all fields, or slightly more if they fill the width better; fields are at least `smallestTile` wide. */
export function fewestColumns({
  units,
  width,
  height,
  pixelRatio,
  smallestTile,
}: {
  units: number
  width: number
  height: number
  pixelRatio: number
  smallestTile: number
}): number {
  if (width === 0 || height === 0) return 1
  const largest = Math.max(1, Math.floor(width / smallestTile))
  const start = Math.max(1, Math.floor(Math.sqrt((units * width) / height) * 0.7))
  const fits = Array.from({ length: Math.max(0, largest - start + 1) }, (_, index) => start + index).find(
    (count) => Math.ceil(units / count) * (width / count) <= height,
  )
  // Where the mosaic scrolls anyway, larger fields do no harm.
  const first = fits ?? Math.max(1, largest - MORE_COLUMNS)
  const empty = (count: number): number => {
    const pixels = Math.floor(width * pixelRatio)
    return pixels - count * Math.max(1, Math.floor(pixels / count))
  }
  const candidates = Array.from({ length: MORE_COLUMNS + 1 }, (_, more) => first + more).filter(
    (count) => count <= largest,
  )
  return candidates.reduce((best, count) => (empty(count) < empty(best) ? count : best), first)
}
