import { normalTwoSided } from './special.js'

/** Up to this number of pairs the distribution is counted, without and with ties or zeros. */
const MOST_EXACT = 50
const MOST_EXACT_WITH_TIES = 13

/** Ranks of absolute values from 1, ties at their mean; and the sizes of the groups of ties. */
function ranksOf(values: readonly number[]): { ranks: number[]; ties: number[] } {
  const order = values.map((_, index) => index).sort((a, b) => Math.abs(values[a] ?? 0) - Math.abs(values[b] ?? 0))
  const ranks = new Array<number>(values.length).fill(0)
  const ties: number[] = []
  for (let from = 0; from < order.length;) {
    const size = Math.abs(values[order[from] ?? 0] ?? 0)
    let to = from
    while (to < order.length && Math.abs(values[order[to] ?? 0] ?? 0) === size) to++
    for (let place = from; place < to; place++) ranks[order[place] ?? 0] = (from + to + 1) / 2
    ties.push(to - from)
    from = to
  }
  return { ranks, ties }
}

/** Probability that the sum of the ranks of positive values is at most `sum` when every sign is as likely as the other. */
function exactBelow(ranks: readonly number[], sum: number): number {
  // Mean ranks of ties are halves.
  const doubled = ranks.map((rank) => Math.round(2 * rank))
  const most = doubled.reduce((total, rank) => total + rank, 0)
  const ways = new Float64Array(most + 1)
  ways[0] = 1
  for (const rank of doubled)
    for (let total = most; total >= rank; total--) ways[total] = (ways[total] ?? 0) + (ways[total - rank] ?? 0)
  let below = 0
  for (let total = 0; total <= Math.round(2 * sum); total++) below += ways[total] ?? 0
  return below / 2 ** ranks.length
}

/**
 * Two-sided p of Wilcoxon's signed-rank test of differences: exact up to 50 pairs, or 13 with ties or zeros, else by the normal
 * distribution with the variance corrected for ties. Zeros are left out.
 *
 * @returns null where all differences are 0
 *
 * Source: scipy.stats.wilcoxon with `zero_method='wilcox'`, `correction=False`, whose `method='auto'` decides alike.
 */
export function signedRankTails(differences: readonly number[]): number | null {
  const values = differences.filter((value) => value !== 0)
  const count = values.length
  if (count === 0) return null
  const { ranks, ties } = ranksOf(values)
  const positive = ranks.reduce((sum, rank, index) => sum + ((values[index] ?? 0) > 0 ? rank : 0), 0)
  const smaller = Math.min(positive, (count * (count + 1)) / 2 - positive)
  const isPlain = count === differences.length && ties.every((size) => size === 1)
  if (differences.length <= (isPlain ? MOST_EXACT : MOST_EXACT_WITH_TIES))
    return Math.min(1, 2 * exactBelow(ranks, smaller))
  const correction = ties.reduce((sum, size) => sum + size ** 3 - size, 0) / 48
  const variance = (count * (count + 1) * (2 * count + 1)) / 24 - correction
  return normalTwoSided((smaller - (count * (count + 1)) / 4) / Math.sqrt(variance))
}
