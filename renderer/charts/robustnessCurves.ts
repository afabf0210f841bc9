import type { PassUnderWay, RobustnessPass, RobustnessResult, RobustnessSeries } from '../../contract/index.js'
import { studentQuantile } from '../groups/seedStatistics.js'

/** Share of the kept images, or of all images of the split. */
export type CurveShare = 'relative' | 'absolute'
/** Both meanings of "robust accuracy": no size up to this one has fooled the image, or exactly this size does not. */
export type CurveMeaning = 'first' | 'exact'

/** One line of the robustness chart, with its interval. */
export interface AccuracyCurve {
  label: string
  slot: number
  epsilons: Float64Array
  accuracy: Float64Array
  lower: Float64Array
  upper: Float64Array
  /** Where the relative accuracy falls through 0.5; null where it does not. */
  epsilonAtHalf: number | null
  /** Whether it still grows: of a pass that is not finished, over the sizes done so far. */
  underWay: boolean
}

/** Student's quantile with so many degrees of freedom is the normal one to 3e-5. */
const NORMAL_DEGREES = 1e5

/** Ends of Wilson's interval of a share of n images, z the normal quantile: (s + z²/2n ± z √(s(1 - s)/n + z²/4n²)) / (1 + z²/n). */
function wilsonBand(shares: Float64Array, images: (place: number) => number, level: number): { lower: Float64Array; upper: Float64Array } {
  const z2 = studentQuantile(NORMAL_DEGREES, level) ** 2
  const half = (share: number, count: number): number => Math.sqrt(z2 * ((share * (1 - share)) / count + z2 / (4 * count * count))) / (1 + z2 / count)
  const middle = (share: number, count: number): number => (share + z2 / (2 * count)) / (1 + z2 / count)
  return {
    lower: shares.map((share, place) => Math.max(0, middle(share, images(place)) - half(share, images(place)))), upper: shares.map((share, place) => Math.min(1, middle(share, images(place)) + half(share, images(place)))),
  }
}

/** ε at which a curve first falls through a level, between sizes linearly in ln ε; null when it does not. */
export function fallThrough(epsilons: Float64Array, curve: Float64Array, level: number): number | null {
  for (let index = 1; index < curve.length; index++) {
    const [above, below, left, right] = [curve[index - 1] ?? NaN, curve[index] ?? NaN, epsilons[index - 1] ?? NaN, epsilons[index] ?? NaN]
    if (!(above >= level && below < level)) continue
    const share = (above - level) / (above - below)
    return left > 0 ? left * (right / left) ** share : left + share * (right - left)
  }
  return null
}

/** Images of all passes that resist, over kept or over all images. */
function pooledShare(passes: readonly RobustnessPass[], share: CurveShare, meaning: CurveMeaning): { accuracy: Float64Array; images: number } {
  const images = passes.reduce((sum, pass) => sum + (share === 'absolute' ? pass.images : pass.keptIndices.length), 0)
  const kept = (pass: RobustnessPass): number => (share === 'absolute' ? pass.cleanAccuracy * pass.images : pass.keptIndices.length)
  const of = (pass: RobustnessPass): Float64Array => (meaning === 'exact' ? pass.relativeAccuracy : pass.neverFooledYet)
  const sizes = passes[0]?.epsilons ?? new Float64Array(0)
  return { images, accuracy: sizes.map((_, index) => passes.reduce((sum, pass) => sum + kept(pass) * (of(pass)[index] ?? NaN), 0) / images) }
}

/** The lines of a sweep in one of the four ways to read "robust accuracy". */
export function accuracyCurves({ passes, series, record }: RobustnessResult, slots: ReadonlyMap<string, number>, share: CurveShare, meaning: CurveMeaning): AccuracyCurve[] {
  return series.map((one): AccuracyCurve => {
    const { label, epsilons } = one
    const known = { label, slot: slots.get(label) ?? 0, epsilons, underWay: false }
    const half = meaning === 'exact' ? one.epsilonAtHalf : fallThrough(epsilons, one.neverFooledYet, 0.5)
    if (share === 'relative' && meaning === 'exact') return { ...known, accuracy: one.relativeAccuracy, lower: one.relativeLower, upper: one.relativeUpper, epsilonAtHalf: half }
    const { accuracy, images } = pooledShare(passes.filter(({ model }) => model.label === label), share, meaning)
    return { ...known, accuracy, ...wilsonBand(accuracy, () => images, record.request.level), epsilonAtHalf: half }
  })
}

/**
 * The line of a pass under way, over the sizes done so far; of all images, those attacked stand for attacked / clean accuracy.
 *
 * @param words - what stands behind the label: that it is under way, or stopped there
 */
export function curveUnderWay(pass: PassUnderWay, { slot, words, share, meaning, level }: { slot: number; words: string; share: CurveShare; meaning: CurveMeaning; level: number }): AccuracyCurve {
  const { model, epsilons, attacked, cleanAccuracy } = pass
  const relative = meaning === 'exact' ? pass.relativeAccuracy : pass.neverFooledYet
  const part = share === 'relative' ? 1 : cleanAccuracy
  const accuracy = relative.map((value) => value * part)
  return { label: `${model.label}, ${words}`, slot, epsilons, accuracy, ...wilsonBand(accuracy, (place) => (attacked[place] ?? NaN) / part, level), epsilonAtHalf: fallThrough(epsilons, relative, 0.5), underWay: true }
}

/** Place of the size that is nearest in ratio, or in distance where a size is 0. */
export function nearestSize(sizes: ArrayLike<number>, epsilon: number): number {
  const distance = (size: number): number => (size > 0 && epsilon > 0 ? Math.abs(Math.log(size / epsilon)) : Math.abs(size - epsilon))
  let best = 0
  for (let index = 1; index < sizes.length; index++) if (distance(sizes[index] ?? NaN) < distance(sizes[best] ?? NaN)) best = index
  return best
}

/** The size at which a gallery opens: the first that fools half of the images of every model, else the last. */
export function openingSize(series: readonly RobustnessSeries[]): number | null {
  const sizes = series[0]?.epsilons
  if (sizes === undefined || sizes.length === 0) return null
  const largest = Math.max(...series.map(({ medianCriticalEpsilon }) => medianCriticalEpsilon ?? 0))
  return sizes.find((size) => largest > 0 && size >= largest) ?? sizes[sizes.length - 1] ?? null
}
