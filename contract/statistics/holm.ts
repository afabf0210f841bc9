/**
 * p-values adjusted for the number of tests in view, so that any false finding among them has probability α at most:
 * p̃_(i) = max_{j ≤ i} min(1, (m - j + 1) p_(j)) for p in ascending order.
 *
 * @param values - in [0, 1]; null for tests that were not possible, which do not count
 * @returns in the order of the values
 *
 * Source: Holm, Scandinavian Journal of Statistics 6 (1979), 65-70.
 */
export function holmAdjusted(values: readonly (number | null)[]): (number | null)[] {
  const order = values
    .flatMap((p, index) => (p === null ? [] : [{ p, index }]))
    .sort((a, b) => a.p - b.p || a.index - b.index)
  const adjusted = values.map((): number | null => null)
  let largest = 0
  for (const [place, { p, index }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (order.length - place) * p))
    adjusted[index] = largest
  }
  return adjusted
}
