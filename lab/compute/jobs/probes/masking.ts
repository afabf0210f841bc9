import { attackOfMethod, LabError, type AttackSpec } from '../../../../contract/index.js'
import { maskingChecks, type AttackCurve } from '../../../../engine/probes/robustness/masking.js'
import { gridSizes } from '../../../../engine/probes/robustness/sizes.js'
import { robustnessSweep } from '../../../../engine/probes/robustness/sweep.js'
import type { JobFunction } from '../job.js'
import { cleanBaseline } from './cleanBaseline.js'
import { openProbe, subjectOf } from './subject.js'

const BATCH = 1000
/** Sizes from where nothing happens to where every image of a normalised set should have fallen. */
const SIZES = gridSizes({ from: 1e-4, to: 0.3, count: 10, spacing: 'log' })
const singleStep = attackOfMethod('singleStep').first
/** Steps that reach two and a half times the radius, however many. */
const pgd = (steps: number): AttackSpec => ({
  kind: 'pgd',
  norm: 'linf',
  target: null,
  steps,
  stepSize: 1e9,
  stepSizeRatio: 2.5 / steps,
  randomStart: false,
})
const CHECKED: readonly AttackSpec[] = [attackOfMethod('noise').first, singleStep, pgd(10), pgd(40)]

/** Attacks of rising strength on a few images, and what they say of the model's gradients. */
export const maskingOf: JobFunction<'masking'> = async (
  { subject: input, request, places, cache },
  { resources, requested, report },
) => {
  const subject = subjectOf(input, await openProbe(resources, request, places), request.dataset)
  const { base, note } = await cleanBaseline(subject, {
    model: input.model,
    request,
    images: request.images,
    target: null,
    batchSize: BATCH,
    cache,
    cancelled: () => requested() !== 'run',
  })
  const curves: AttackCurve[] = []
  for (const [index, attack] of CHECKED.entries()) {
    let result = null
    for await (const state of robustnessSweep({
      subject,
      baseline: base,
      attack,
      epsilons: SIZES,
      seed: request.seed,
      batchSize: BATCH,
      criticalOnly: false,
      state: null,
    })) {
      result = state
      if (requested() !== 'run') throw new LabError('cancelled', `the checks were cancelled during ${attack.kind}`)
    }
    report({ done: index + 1, total: CHECKED.length, note })
    if (result !== null)
      curves.push({
        sweep: null,
        attack,
        epsilons: SIZES,
        relativeAccuracy: Float64Array.from(result.resisted, (count) => count / base.keptIndices.length),
        keptImages: base.keptIndices.length,
        zeroGradients: result.zeroGradients,
      })
  }
  return {
    cleanAccuracy: base.cleanAccuracy,
    images: base.keptIndices.length,
    checks: maskingChecks(curves, singleStep),
  }
}
