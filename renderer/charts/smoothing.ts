/** A smoothed curve with what the smoothing hides. */
export interface SmoothedCurve {
  mean: number[]
  low: number[]
  high: number[]
}

/**
 * Moving mean over a centred window with the least and the largest value inside it; at the ends the window is cut.
 *
 * @param values - one value a sample; those that are no numbers are left out
 * @param width - samples of the window, odd, >= 1; 1 changes nothing
 */
export function smoothedCurve(values: ArrayLike<number>, width: number): SmoothedCurve {
  const reach = Math.floor(Math.max(1, width) / 2)
  const curve: SmoothedCurve = { mean: [], low: [], high: [] }
  for (let place = 0; place < values.length; place++) {
    let [sum, count, low, high] = [0, 0, Infinity, -Infinity]
    for (let at = Math.max(0, place - reach); at <= Math.min(values.length - 1, place + reach); at++) {
      const value = values[at] ?? NaN
      if (!Number.isFinite(value)) continue
      sum += value
      count += 1
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
    curve.mean.push(count === 0 ? NaN : sum / count)
    curve.low.push(count === 0 ? NaN : low)
    curve.high.push(count === 0 ? NaN : high)
  }
  return curve
}
