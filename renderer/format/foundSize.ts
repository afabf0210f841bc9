import { fallAtOnce, foundSize, type RobustnessSeries } from '../../contract/index.js'
import { formatSignificant } from './numbers.js'

/**
 * Where a curve falls through a level, in words: `0.0123`, `below 0.1`, or a text for a curve that does not cross it.
 *
 * @param epsilon - of `crossing`
 * @param epsilons - sizes of the curve
 */
export function foundSizeText(
  epsilon: number | null,
  epsilons: Float64Array,
  digits: number,
  none = 'not reached',
): string {
  const found = foundSize(epsilon, epsilons)
  return found.kind === 'notReached'
    ? none
    : `${found.kind === 'below' ? 'below ' : ''}${formatSignificant(found.epsilon, digits)}`
}

/** The median critical norm, or a text if there is none; an upper limit if half of the fooled images were fooled at the smallest ε. */
export function medianNormText(
  series: Pick<RobustnessSeries, 'criticalNorm' | 'medianCriticalEpsilon' | 'epsilons'> | null | undefined,
  format: (value: number) => string = formatSignificant,
): string {
  if (series === null || series === undefined || series.criticalNorm === null) return '–'
  return `${fallAtOnce(series) ? '≤ ' : ''}${format(series.criticalNorm.median)}`
}
