import { FEWEST_PAIRS } from '../statistics/paired.js'
import type { Difference, MeasureCell, TestName } from './comparison.js'
import { fewestRankedPairs, LEVEL, smallestSignedRankP } from './differences.js'

/** Decimals of the second significant digit of a half width. */
const decimalsOf = (halfWidth: number): number => Math.max(0, Math.min(8, 1 - Math.floor(Math.log10(halfWidth))))

const withMinus = (text: string): string => text.replaceAll('-', '−')

/** A number with four significant digits: `0.4721`, `−3.2e−5`. */
export function plainNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : '∞'
  return withMinus(String(Number(value.toPrecision(4))))
}

/** A mean with its interval: `0.472 ± 0.003`; without one the mean alone. */
export function meanText(mean: number | null, halfWidth: number | null): string {
  if (mean === null) return '–'
  if (halfWidth === null || halfWidth === 0 || !Number.isFinite(halfWidth)) return plainNumber(mean)
  // Beyond these sizes fixed decimals are long, or hide the number.
  if (halfWidth < 1e-6 || Math.abs(mean) >= 1e7) return `${plainNumber(mean)} ± ${withMinus(halfWidth.toPrecision(2))}`
  const decimals = decimalsOf(halfWidth)
  return `${withMinus(mean.toFixed(decimals))} ± ${halfWidth.toFixed(decimals)}`
}

/** A difference with its sign and interval: `+0.081 ± 0.005`. */
export function signedText(mean: number | null, halfWidth: number | null): string {
  const text = meanText(mean, halfWidth)
  return mean !== null && mean > 0 ? `+${text}` : text
}

/** A probability: `0.024`, `< 0.001`. */
export const probabilityText = (p: number): string =>
  p < 0.001 ? '< 0.001' : p > 0.999 ? '1' : String(Number(p.toPrecision(2)))

/** The p of a test, corrected and as it is. */
export const probabilityOf = (
  difference: Difference,
  test: TestName,
): { p: number | null; corrected: number | null } =>
  test === 'pairedT'
    ? { p: difference.p, corrected: difference.pCorrected }
    : { p: difference.signedRankP, corrected: difference.signedRankCorrected }

/** Pairs that the signed-rank test ranks. */
const rankedPairs = ({ pairs }: Difference): number => pairs.filter(({ difference }) => difference !== 0).length

/** The corrected p of a difference, or why there is none. */
export function testText(difference: Difference, test: TestName): string {
  const { corrected } = probabilityOf(difference, test)
  if (corrected !== null) return probabilityText(corrected)
  const words = {
    baseline: 'baseline',
    noValues: 'no values',
    single: 'single runs, no test',
    noCommonSeeds: 'no common seeds',
    notEnoughSeeds: 'not enough seeds',
    allEqual: 'equal in every seed',
    paired: 'not enough seeds',
  } as const satisfies Record<Difference['kind'], string>
  return words[difference.kind]
}

const seedsText = (count: number): string => (count === 1 ? '1 common seed' : `${count} common seeds`)

/** The same in a sentence. */
export function testSentence(difference: Difference, test: TestName): string {
  const { pairs, kind } = difference
  const { p, corrected } = probabilityOf(difference, test)
  if (p !== null && corrected !== null)
    return `${seedsText(pairs.length)}; p = ${probabilityText(p)}, corrected ${probabilityText(corrected)}. A large p does not show that there is no difference.`
  const ranked = rankedPairs(difference)
  const sentences = {
    baseline: 'The other groups are compared with this one.',
    noValues: 'One of the two has no finite value of this measure.',
    single: 'One run each: a difference without a test, because nothing is known of the spread between seeds.',
    noCommonSeeds: 'The two have no seed in common, so nothing can be paired; this is the difference of their means.',
    notEnoughSeeds: `${seedsText(pairs.length)}: fewer than ${FEWEST_PAIRS} say too little about the spread of a difference.`,
    allEqual: `The difference is the same in each of ${seedsText(pairs.length)}, so it has no spread to test it against.`,
    paired: `${seedsText(ranked)} that differ: the smallest possible p is ${probabilityText(smallestSignedRankP(ranked))}, so the test can never reject at ${LEVEL}. It needs ${fewestRankedPairs(1)}.`,
  } as const satisfies Record<Difference['kind'], string>
  return sentences[kind]
}

/** What the correction counts, in one sentence. */
export function correctionText(tests: number, test: TestName): string {
  if (tests === 0) return 'No test is possible.'
  const counted = tests === 1 ? '1 test, no correction needed.' : `p corrected for ${tests} tests (Holm).`
  const needed = fewestRankedPairs(tests)
  return test === 'signedRank' && tests > 1
    ? `${counted} The smallest of them can only be below ${LEVEL} with ${needed} or more seeds.`
    : counted
}

/** What a mean leaves out: `1 not finite, 2 without a value`; empty where nothing is. */
export function leftOutText({ notFinite, missing }: Pick<MeasureCell, 'notFinite' | 'missing'>): string {
  return [
    ...(notFinite === 0 ? [] : [`${notFinite} NaN or infinite`]),
    ...(missing === 0 ? [] : [`${missing} without a value`]),
  ].join(', ')
}
