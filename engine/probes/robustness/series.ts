import {
  crossing,
  effectiveImages,
  type ProbedModel,
  type RobustnessPass,
  type RobustnessSeries,
} from '../../../contract/index.js'
import { quantileOfSorted } from '../../linalg/statistics.js'
import type { Baseline } from './baseline.js'
import { criticalBox, wilsonInterval } from './statistics.js'
import type { SweepState } from './sweep.js'

/** A finished pass as the contract has it. */
export function passOf(
  model: ProbedModel,
  seed: number,
  base: Baseline,
  epsilons: Float64Array,
  state: SweepState,
  criticalOnly: boolean,
): RobustnessPass {
  const kept = base.keptIndices.length
  const falls = new Int32Array(epsilons.length)
  for (const size of state.firstFooled) if (size >= 0) falls[size] = (falls[size] as number) + 1
  let fallen = 0
  const neverFooledYet = Float64Array.from(falls, (count) => {
    fallen += count
    return (kept - fallen) / kept
  })
  return {
    model,
    seed,
    images: base.images,
    cleanAccuracy: base.cleanAccuracy,
    keptIndices: base.keptIndices,
    labels: base.labels,
    epsilons,
    neverFooledYet,
    relativeAccuracy: criticalOnly
      ? new Float64Array(epsilons.length).fill(NaN)
      : Float64Array.from(state.resisted, (count) => count / kept),
    criticalEpsilon: Float64Array.from(state.firstFooled, (size) => (size < 0 ? NaN : (epsilons[size] as number))),
    criticalNorm: state.criticalNorm,
    zeroGradients: state.zeroGradients,
  }
}

const median = (values: Float64Array): number | null => {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  return sorted.length === 0 ? null : quantileOfSorted(sorted, 0.5)
}

const joined = (arrays: readonly Float64Array[]): Float64Array =>
  Float64Array.from(arrays.flatMap((array) => [...array]))

/**
 * All passes of one label as one line of the charts. Images are pooled: every kept image of every pass counts once.
 *
 * @param passes - of the same sizes, at least one
 */
export function poolPasses(
  label: string,
  passes: readonly RobustnessPass[],
  options: { level: number; resamples: number; seed: number },
): RobustnessSeries {
  const [first] = passes as readonly [RobustnessPass, ...RobustnessPass[]]
  const { epsilons } = first
  const keptImages = passes.reduce((sum, pass) => sum + pass.keptIndices.length, 0)
  const pooled = (of: (pass: RobustnessPass) => Float64Array): Float64Array =>
    Float64Array.from(
      epsilons,
      (_, index) =>
        passes.reduce((sum, pass) => sum + (of(pass)[index] as number) * pass.keptIndices.length, 0) / keptImages,
    )
  const relativeAccuracy = pooled((pass) => pass.relativeAccuracy)
  const neverFooledYet = pooled((pass) => pass.neverFooledYet)
  const images = effectiveImages(passes)
  const intervals = Array.from(relativeAccuracy, (share, size) =>
    Number.isNaN(share) ? { lower: NaN, upper: NaN } : wilsonInterval(share, images[size] as number, options.level),
  )
  const norms = joined(passes.map((pass) => pass.criticalNorm))
  const medians = passes.flatMap((pass) => median(pass.criticalNorm) ?? [])
  const mean = medians.reduce((sum, value) => sum + value, 0) / medians.length
  const known = !Number.isNaN(relativeAccuracy[0])
  const cleans = new Map(passes.map((pass) => [pass.model.hash, pass.cleanAccuracy]))
  return {
    label,
    models: [...new Map(passes.map((pass) => [pass.model.hash, pass.model])).values()],
    seeds: [...new Set(passes.map((pass) => pass.seed))],
    cleanAccuracy: [...cleans.values()].reduce((sum, value) => sum + value, 0) / cleans.size,
    keptImages,
    neverFooled: norms.filter(Number.isNaN).length,
    epsilons,
    relativeAccuracy,
    neverFooledYet,
    relativeLower: Float64Array.from(intervals, ({ lower }) => lower),
    relativeUpper: Float64Array.from(intervals, ({ upper }) => upper),
    absoluteAccuracy: Float64Array.from(
      epsilons,
      (_, index) =>
        passes.reduce((sum, pass) => sum + pass.cleanAccuracy * (pass.relativeAccuracy[index] as number), 0) /
        passes.length,
    ),
    epsilonAtHalf: crossing(epsilons, known ? relativeAccuracy : neverFooledYet, 0.5),
    medianCriticalEpsilon: median(joined(passes.map((pass) => pass.criticalEpsilon))),
    criticalNorm: criticalBox(
      norms,
      options.resamples,
      options.level,
      options.seed,
      Int32Array.from(passes.flatMap(({ keptIndices }) => [...keptIndices])),
    ),
    medianSpread:
      medians.length < 2
        ? null
        : Math.sqrt(medians.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (medians.length - 1)),
  }
}
