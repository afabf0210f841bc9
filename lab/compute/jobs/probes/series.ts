import type { RobustnessPass } from '../../../../contract/index.js'
import { maskingChecks, type AttackCurve } from '../../../../engine/probes/robustness/masking.js'
import { poolPasses } from '../../../../engine/probes/robustness/series.js'
import { gridSizes } from '../../../../engine/probes/robustness/sizes.js'
import { passUnderWay } from '../../../../engine/probes/robustness/underWay.js'
import type { AttackPasses } from '../../probeJobs.js'
import type { JobFunction } from '../index.js'

const byLabel = (passes: readonly RobustnessPass[]): Map<string, RobustnessPass[]> => {
  const groups = new Map<string, RobustnessPass[]>()
  for (const pass of passes) groups.set(pass.model.label, [...(groups.get(pass.model.label) ?? []), pass])
  return groups
}

const curvesOf = ({ attack, passes }: AttackPasses): AttackCurve[] => passes.map(({ epsilons, relativeAccuracy, keptIndices, zeroGradients }) => ({ attack, epsilons, relativeAccuracy, keptImages: keptIndices.length, zeroGradients }))

/** Lines of the charts from passes, and signs of masked gradients from these and other sweeps of the same models. */
export const seriesOf: JobFunction<'series'> = async ({ request, passes, others }) => {
  const groups = [...byLabel(passes)]
  const options = { level: request.level, resamples: request.resamples, seed: request.seeds[0] ?? 0 }
  return {
    series: groups.map(([label, own]) => poolPasses(label, own, options)),
    checks: groups.map(([label, own]) => ({ label, checks: maskingChecks([{ attack: request.attack, passes: own }, ...(others[label] ?? [])].flatMap(curvesOf)) })),
  }
}

/** The part of a stored pass that is measured. */
export const passUnderWayOf: JobFunction<'underWay'> = async ({ request, model, seed, stored: { baseline, state } }) => passUnderWay({ model, seed, baseline, epsilons: gridSizes(request.grid), state, batchSize: request.batchSize, criticalOnly: request.criticalOnly })
