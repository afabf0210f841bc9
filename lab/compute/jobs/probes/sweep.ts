import { attackOf, LabError, targetOf } from '../../../../contract/index.js'
import { passOf } from '../../../../engine/probes/robustness/series.js'
import { gridSizes } from '../../../../engine/probes/robustness/sizes.js'
import { freshState, robustnessSweep, type SweepState } from '../../../../engine/probes/robustness/sweep.js'
import type { PassProgress } from '../../probeJobs.js'
import type { JobFunction } from '../job.js'
import { cleanBaseline } from './cleanBaseline.js'
import { openProbe, subjectOf } from './subject.js'

/** How often a pass reports its progress. */
const REPORT_EVERY_MS = 300

/** One attack against one model with one seed; goes on exactly where it was paused. */
export const sweepPass: JobFunction<'sweep'> = async (
  { subject: input, request, seed, stored, places, cache },
  { resources, requested, report },
) => {
  const opened = await openProbe(resources, request, places)
  const subject = subjectOf(input, opened, request.dataset)
  const epsilons = gridSizes(request.grid)
  const { attack, batchSize, criticalOnly } = request
  const target = targetOf(attack)
  const { base, note } =
    stored === null
      ? await cleanBaseline(subject, {
          model: input.model,
          request,
          images: request.images,
          target,
          batchSize,
          cache,
          cancelled: () => requested() !== 'run',
        })
      : { base: stored.baseline, note: null }
  const kept = base.keptIndices.length
  const progressOf = (state: SweepState): PassProgress => ({
    ...opened.computed,
    note,
    baseline: base,
    state,
    fraction: Math.min(
      1,
      (state.imagesDone + (state.sizesDone / epsilons.length) * Math.min(batchSize, kept - state.imagesDone)) / kept,
    ),
  })
  let last = stored?.state ?? freshState(kept, epsilons.length)
  if (last.firstFooled.length !== kept || last.resisted.length !== epsilons.length)
    throw new LabError(
      'file.damaged',
      `the stored state of the sweep has ${last.firstFooled.length} images and ${last.resisted.length} ε values; expected ${kept} and ${epsilons.length}`,
    )
  const openNoise = attackOf(attack.kind).method === 'noise' ? resources.openNoise() : null
  report(progressOf(last))
  let reportedMs = performance.now()
  for await (const state of robustnessSweep({
    subject,
    baseline: base,
    attack,
    epsilons,
    seed,
    batchSize,
    criticalOnly,
    state: last,
    ...(openNoise === null ? {} : { openNoise }),
  })) {
    last = state
    if (requested() !== 'run') return { finished: null, progress: progressOf(state) }
    if (performance.now() - reportedMs < REPORT_EVERY_MS) continue
    reportedMs = performance.now()
    report(progressOf(state))
  }
  return { finished: passOf(input.model, seed, base, epsilons, last, criticalOnly), progress: progressOf(last) }
}
