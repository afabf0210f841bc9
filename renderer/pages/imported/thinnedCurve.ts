/** Places along x that a chart distinguishes. */
const MOST_BUCKETS = 2000

/** A curve with at most two points per bucket, its smallest and largest value there, so that no peak is lost. */
export function thinnedCurve(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  buckets = MOST_BUCKETS,
): { x: number[]; y: number[] } {
  if (y.length <= 2 * buckets) return { x: Array.from(x), y: Array.from(y) }
  const thinned: { x: number[]; y: number[] } = { x: [], y: [] }
  for (let bucket = 0; bucket < buckets; bucket++) {
    const [from, to] = [Math.floor((bucket * y.length) / buckets), Math.floor(((bucket + 1) * y.length) / buckets)]
    let [low, high] = [from, from]
    for (let place = from; place < to; place++) {
      if (!((y[low] ?? NaN) <= (y[place] ?? NaN))) low = place
      if (!((y[high] ?? NaN) >= (y[place] ?? NaN))) high = place
    }
    for (const place of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) {
      thinned.x.push(x[place] ?? NaN)
      thinned.y.push(y[place] ?? NaN)
    }
  }
  return thinned
}
