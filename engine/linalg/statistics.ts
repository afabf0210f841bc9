/**
 * A quantile by linear interpolation between order statistics (the default of NumPy and R type 7).
 *
 * @param sorted - ascending, at least one value
 * @param fraction - in [0, 1]
 */
export function quantileOfSorted(sorted: ArrayLike<number>, fraction: number): number {
  const position = fraction * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below] ?? NaN
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN
  return low + (high - low) * (position - below)
}

/** A histogram: counts[i] values lie in [edges[i], edges[i+1]), the last bin closed. */
export interface Histogram {
  edges: Float64Array
  counts: Int32Array
  /** Values outside the edges. */
  outside: number
}

/**
 * Counts values in equal bins.
 *
 * @param values - any numbers; NaN counts as outside
 * @param bins - how many, >= 1
 * @param range - lower and upper edge
 */
export function histogram(values: ArrayLike<number>, bins: number, range: readonly [number, number]): Histogram {
  const [low, high] = range
  const width = (high - low) / bins
  const edges = Float64Array.from({ length: bins + 1 }, (_, index) => low + index * width)
  const counts = new Int32Array(bins)
  let outside = 0
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? NaN
    if (!(value >= low && value <= high)) {
      outside += 1
      continue
    }
    const bin = Math.min(bins - 1, Math.floor((value - low) / width))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return { edges, counts, outside }
}

/** Mean and unbiased variance of a row of numbers, in two passes. */
export function meanAndVariance(
  values: ArrayLike<number>,
  start: number,
  count: number,
): { mean: number; variance: number } {
  let sum = 0
  for (let index = start; index < start + count; index++) sum += values[index] ?? NaN
  const mean = sum / count
  let squares = 0
  for (let index = start; index < start + count; index++) {
    const distance = (values[index] ?? NaN) - mean
    squares += distance * distance
  }
  return { mean, variance: squares / (count - 1) }
}
