import { distinctPasses, type RobustnessPass } from '../../../../contract/index.js'
import { maskingChecks, type AttackCurve } from '../../../../engine/probes/robustness/masking.js'
import { poolPasses } from '../../../../engine/probes/robustness/series.js'
import { gridSizes } from '../../../../engine/probes/robustness/sizes.js'
import { partialPass } from '../../../../engine/probes/robustness/partialPass.js'
import type { AttackPasses } from '../../probeJobs.js'
import type { JobFunction } from '../job.js'

const byLabel = (passes: readonly RobustnessPass[]): Map<string, RobustnessPass[]> => {
  const groups = new Map<string, RobustnessPass[]>()
  for (const pass of passes) groups.set(pass.model.label, [...(groups.get(pass.model.label) ?? []), pass])
  return groups
}

const curvesOf = ({ sweep, attack, passes }: AttackPasses): AttackCurve[] =>
  distinctPasses(passes).map(({ epsilons, relativeAccuracy, keptIndices, zeroGradients }) => ({
    sweep,
    attack,
    epsilons,
    relativeAccuracy,
    keptImages: keptIndices.length,
    zeroGradients,
  }))

/** Lines of the charts from passes, and signs of masked gradients from these and other sweeps of the same models. */
export const seriesOf: JobFunction<'series'> = async ({ id, request, passes, others }) => {
  const groups = [...byLabel(distinctPasses(passes))]
  const options = { level: request.level, resamples: request.resamples, seed: request.seeds[0] ?? 0 }
  return {
    series: groups.map(([label, own]) => poolPasses(label, own, options)),
    checks: groups.map(([label, own]) => ({
      label,
      checks: maskingChecks(
        [{ sweep: id, attack: request.attack, passes: own }, ...(others[label] ?? [])].flatMap(curvesOf),
        request.attack,
      ),
    })),
  }
}

/** The part of a stored pass that is measured. */
export const partialPassOf: JobFunction<'partialPass'> = async ({
  request,
  model,
  seed,
  stored: { baseline, state },
}) =>
  partialPass({
    model,
    seed,
    baseline,
    epsilons: gridSizes(request.grid),
    state,
    batchSize: request.batchSize,
    criticalOnly: request.criticalOnly,
  })
