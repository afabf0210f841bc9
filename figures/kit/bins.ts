/** Counts values in equal bins of a range; values outside are not counted. The upper edge belongs to the last bin. */
export function binCounts(values: ArrayLike<number>, bins: number, [low, high]: readonly [number, number]): number[] {
  const counts = new Array<number>(bins).fill(0)
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? NaN
    if (!(value >= low && value <= high)) continue
    const bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}
