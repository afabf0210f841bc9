import {
  absoluteEnds,
  crossing,
  distinctPasses,
  effectiveImages,
  wilsonEnds,
  type Interval,
  studentQuantile,
  type PartialPass,
  type RobustnessPass,
  type RobustnessResult,
  type RobustnessSeries,
} from '../../contract/index.js'

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
  inProgress: boolean
}

/** With this many degrees of freedom, Student's quantile equals the normal one to 3e-5. */
const NORMAL_DEGREES = 1e5

/** Clean accuracy, with the images that it is of; null for shares of the kept images, in which it plays no part. */
type Clean = { share: number; images: number } | null

/** A curve with its interval: Wilson's, and for shares of all images that of a product with the clean accuracy. */
function bandOf(
  relative: Float64Array,
  images: (place: number) => number,
  clean: Clean,
  level: number,
): Pick<AccuracyCurve, 'accuracy' | 'lower' | 'upper'> {
  const z = studentQuantile(NORMAL_DEGREES, level)
  const ends = Array.from(relative, (share, place): Interval =>
    clean === null ? wilsonEnds(share, images(place), z) : absoluteEnds(clean, { share, images: images(place) }, z),
  )
  return {
    accuracy: relative.map((share) => share * (clean?.share ?? 1)),
    lower: Float64Array.from(ends, ({ lower }) => lower),
    upper: Float64Array.from(ends, ({ upper }) => upper),
  }
}

/** Share of the kept images of all passes that resist; each pass counts by its weight. */
function pooledShare(
  passes: readonly RobustnessPass[],
  meaning: CurveMeaning,
  weightOf: (pass: RobustnessPass) => number,
): Float64Array {
  const weight = passes.reduce((sum, pass) => sum + weightOf(pass), 0)
  const of = (pass: RobustnessPass): Float64Array => (meaning === 'exact' ? pass.relativeAccuracy : pass.neverFooledYet)
  return (passes[0]?.epsilons ?? new Float64Array(0)).map(
    (_, index) => passes.reduce((sum, pass) => sum + weightOf(pass) * (of(pass)[index] ?? NaN), 0) / weight,
  )
}

/** Clean accuracy of all passes. They classify the same images, so that it is of no more of these than one pass has. */
function cleanOf(passes: readonly RobustnessPass[]): { share: number; images: number } {
  const total = passes.reduce((sum, { images }) => sum + images, 0)
  return {
    share: passes.reduce((sum, pass) => sum + pass.cleanAccuracy * pass.images, 0) / total,
    images: total / Math.max(1, passes.length),
  }
}

/** The lines of a sweep in one of the four ways to read "robust accuracy". */
export function accuracyCurves(
  { passes, series, record }: RobustnessResult,
  slots: ReadonlyMap<string, number>,
  share: CurveShare,
  meaning: CurveMeaning,
): AccuracyCurve[] {
  return series.map((one): AccuracyCurve => {
    const { label, epsilons } = one
    const known = { label, slot: slots.get(label) ?? 0, epsilons, inProgress: false }
    const half = meaning === 'exact' ? one.epsilonAtHalf : crossing(epsilons, one.neverFooledYet, 0.5)
    if (share === 'relative' && meaning === 'exact')
      return {
        ...known,
        accuracy: one.relativeAccuracy,
        lower: one.relativeLower,
        upper: one.relativeUpper,
        epsilonAtHalf: half,
      }
    const own = distinctPasses(passes.filter(({ model }) => model.label === label))
    const images = effectiveImages(own)
    const clean = share === 'absolute' ? cleanOf(own) : null
    const relative = pooledShare(own, meaning, (pass) =>
      clean === null ? pass.keptIndices.length : pass.cleanAccuracy * pass.images,
    )
    return {
      ...known,
      ...bandOf(relative, (place) => images[place] ?? NaN, clean, record.request.level),
      epsilonAtHalf: half,
    }
  })
}

/**
 * The line of a pass in progress, over the sizes done so far.
 *
 * @param words - note after the label: in progress, or stopped
 */
export function partialCurve(
  pass: PartialPass,
  {
    slot,
    words,
    share,
    meaning,
    level,
  }: { slot: number; words: string; share: CurveShare; meaning: CurveMeaning; level: number },
): AccuracyCurve {
  const { model, epsilons, attacked, cleanAccuracy, images } = pass
  const relative = meaning === 'exact' ? pass.relativeAccuracy : pass.neverFooledYet
  const clean = share === 'relative' ? null : { share: cleanAccuracy, images }
  return {
    label: `${model.label}, ${words}`,
    slot,
    epsilons,
    ...bandOf(relative, (place) => attacked[place] ?? NaN, clean, level),
    epsilonAtHalf: crossing(epsilons, relative, 0.5),
    inProgress: true,
  }
}

/** Place of the size that is nearest in ratio, or in distance where a size is 0. */
export function nearestSize(sizes: ArrayLike<number>, epsilon: number): number {
  const distance = (size: number): number =>
    size > 0 && epsilon > 0 ? Math.abs(Math.log(size / epsilon)) : Math.abs(size - epsilon)
  let best = 0
  for (let index = 1; index < sizes.length; index++)
    if (distance(sizes[index] ?? NaN) < distance(sizes[best] ?? NaN)) best = index
  return best
}

/** The size at which a gallery opens: the first that fools half of the images of every model, else the last. */
export function openingSize(series: readonly RobustnessSeries[]): number | null {
  const sizes = series[0]?.epsilons
  if (sizes === undefined || sizes.length === 0) return null
  const largest = Math.max(...series.map(({ medianCriticalEpsilon }) => medianCriticalEpsilon ?? 0))
  return sizes.find((size) => largest > 0 && size >= largest) ?? sizes[sizes.length - 1] ?? null
}
