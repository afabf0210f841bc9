import { pairPlace, type PlaneResult } from '../../../contract/index.js'

/** Agreement of regions, meaned over pairs of models. */
export interface MeanAgreement {
  /** Share of the points with the same class. */
  agreement: number
  /** Mean over the classes of intersection over union. */
  overlap: number
  pairs: number
}

type Compared = Pick<PlaneResult, 'maps' | 'agreement'>

/** The agreement of two maps by their places; pairs come in the order (0,1), (0,2) …, (1,2) …. */
export function agreementOf(
  { maps, agreement }: Compared,
  a: number,
  b: number,
): PlaneResult['agreement'][number] | null {
  return a === b ? null : (agreement[pairPlace(maps.length, a, b)] ?? null)
}

const mean = (pairs: readonly PlaneResult['agreement'][number][]): MeanAgreement | null =>
  pairs.length === 0
    ? null
    : {
        agreement: pairs.reduce((sum, pair) => sum + pair.agreement, 0) / pairs.length,
        overlap: pairs.reduce((sum, pair) => sum + pair.meanIntersectionOverUnion, 0) / pairs.length,
        pairs: pairs.length,
      }

/**
 * How far seeds of one model agree with each other, and models with other models. Models of one label are seeds.
 *
 * @returns null where there is no such pair
 */
export function seedsAndModels(compared: Compared): { seeds: MeanAgreement | null; models: MeanAgreement | null } {
  const pairs = compared.agreement
  return { seeds: mean(pairs.filter(({ a, b }) => a === b)), models: mean(pairs.filter(({ a, b }) => a !== b)) }
}
