import { tQuantile } from '../../contract/index.js'

/** A mean over seeds with its interval. */
export interface SeedInterval {
  count: number
  mean: number
  /** Unbiased; NaN for one value. */
  standardDeviation: number
  /** Half the width of the interval t s / √n; null for fewer than two values, which say nothing about their spread. */
  halfWidth: number | null
}

/** Mean and Student interval of some values; null without any. Values that are no numbers are left out. */
export function seedInterval(values: readonly number[]): SeedInterval | null {
  const finite = values.filter(Number.isFinite)
  const count = finite.length
  if (count === 0) return null
  const mean = finite.reduce((sum, value) => sum + value, 0) / count
  if (count === 1) return { count, mean, standardDeviation: NaN, halfWidth: null }
  const standardDeviation = Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1))
  return {
    count,
    mean,
    standardDeviation,
    halfWidth: (tQuantile(count - 1) * standardDeviation) / Math.sqrt(count),
  }
}

/** A curve over seeds: at every epoch the mean of those runs that have it, and the ends of its interval. */
export interface SeedCurve {
  epoch: number[]
  mean: number[]
  low: number[]
  high: number[]
  /** Runs behind each epoch. */
  count: number[]
}

/** The mean curve of runs with different seeds; where only one run has come so far the interval has no width. */
export function seedCurve(columns: readonly { epoch: ArrayLike<number>; value: ArrayLike<number> }[]): SeedCurve {
  const values = new Map<number, number[]>()
  for (const { epoch, value } of columns) {
    // Runs of other programs have several values at an epoch; a run is one sample, with the last of them.
    const last = new Map<number, number>()
    for (let place = 0; place < epoch.length; place++) last.set(epoch[place] ?? NaN, value[place] ?? NaN)
    for (const [at, own] of last) {
      const list = values.get(at) ?? []
      if (list.length === 0) values.set(at, list)
      list.push(own)
    }
  }
  const curve: SeedCurve = { epoch: [], mean: [], low: [], high: [], count: [] }
  for (const [epoch, list] of [...values].sort(([a], [b]) => a - b)) {
    const interval = seedInterval(list)
    if (interval === null) continue
    curve.epoch.push(epoch)
    curve.mean.push(interval.mean)
    curve.low.push(interval.mean - (interval.halfWidth ?? 0))
    curve.high.push(interval.mean + (interval.halfWidth ?? 0))
    curve.count.push(interval.count)
  }
  return curve
}
