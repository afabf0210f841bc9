import { studentTwoSided } from './special.js'

/**
 * Quantile of Student's t: the t whose two tails together hold 1 - `confidence`.
 *
 * @param degrees - of freedom, >= 1
 * @param confidence - in (0, 1)
 */
export function studentQuantile(degrees: number, confidence: number): number {
  let [low, high] = [0, 2]
  while (studentTwoSided(high, degrees) > 1 - confidence) high *= 2
  for (let step = 0; step < 200 && high - low > 1e-14 * high; step++) {
    const middle = (low + high) / 2
    if (studentTwoSided(middle, degrees) > 1 - confidence) low = middle
    else high = middle
  }
  return (low + high) / 2
}
