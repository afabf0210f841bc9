/** A bin of a histogram: values from `from` to below `to`, and how many. */
export interface Bin {
  from: number
  to: number
  count: number
}

/** Bins of whole numbers that double: 0, 1, 2 to 3, 4 to 7, … up to the largest value. */
export function doublingBins(values: ArrayLike<number>): Bin[] {
  let largest = 0
  for (let index = 0; index < values.length; index++) largest = Math.max(largest, values[index] ?? 0)
  const bins: Bin[] = [{ from: 0, to: 1, count: 0 }]
  for (let from = 1; from <= Math.max(1, largest); from *= 2) bins.push({ from, to: 2 * from, count: 0 })
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0
    const bin = bins[value < 1 ? 0 : Math.floor(Math.log2(value)) + 1]
    if (bin !== undefined) bin.count += 1
  }
  return bins
}

/** Equal bins between two limits; what lies outside is counted at the edges. */
export function equalBins(values: ArrayLike<number>, count: number, low: number, high: number): Bin[] {
  const width = (high - low) / count
  const bins = Array.from({ length: count }, (_, index): Bin => ({
    from: low + index * width,
    to: low + (index + 1) * width,
    count: 0,
  }))
  for (let index = 0; index < values.length; index++) {
    const place = Math.max(0, Math.min(count - 1, Math.floor(((values[index] ?? 0) - low) / width)))
    const bin = bins[place]
    if (bin !== undefined) bin.count += 1
  }
  return bins
}

/** The round number at or above a positive value, for the end of an axis: 1, 2, 3, 4, 5, 6 or 8 times a power of ten. */
export function niceAbove(value: number): number {
  if (!(value > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return Number((power * ([1, 2, 3, 4, 5, 6, 8].find((factor) => factor * power >= value * 1.02) ?? 10)).toPrecision(6))
}
