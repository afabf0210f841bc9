/** Points of a line that are drawn: about four per pixel of the widest chart. */
export const MOST_POINTS = 4000

/**
 * The places of a curve that are drawn when it has more points than pixels: of each of equal stretches the first, the smallest, the largest and
 * the last value, so that no peak is lost and the line looks the same.
 *
 * @param curves - the curve, and the ends of its band; of equal length
 * @param most - points, at least 8
 * @returns places in rising order; null where all are drawn
 */
export function drawnPlaces(curves: readonly ArrayLike<number>[], most = MOST_POINTS): number[] | null {
  const length = curves[0]?.length ?? 0
  if (length <= most) return null
  const stretches = Math.max(1, Math.floor(most / (2 + 2 * curves.length)))
  const places = new Set<number>()
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * length) / stretches)
    const end = Math.floor(((stretch + 1) * length) / stretches)
    places.add(from)
    for (const curve of curves) {
      let [low, high] = [from, from]
      for (let place = from; place < end; place++) {
        const value = curve[place] as number
        // The first value may be NaN, which nothing is smaller than.
        if (!(value >= (curve[low] as number))) low = Number.isNaN(value) ? low : place
        if (!(value <= (curve[high] as number))) high = Number.isNaN(value) ? high : place
      }
      places.add(low).add(high)
    }
    places.add(end - 1)
  }
  return [...places].sort((a, b) => a - b)
}
