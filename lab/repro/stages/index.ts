import { REPRO_STAGES, type ReproStage } from './names.js'
import type { ReproStageOf } from './stage.js'
import { figures } from './figures.js'
import { layer } from './layer.js'
import { plane } from './plane.js'
import { prune } from './prune.js'
import { report } from './report.js'
import { robustness } from './robustness.js'
import { spectra } from './spectra.js'
import { train } from './train.js'

export { REPRO_STAGES, type ReproStage }

/** The work of each stage; a stage without code does not compile. */
export const STAGES = { layer, prune, train, robustness, spectra, plane, figures, report } satisfies Record<
  ReproStage,
  ReproStageOf<ReproStage>
>

/** The stages that were asked for with all that they need, in their order. */
export function withNeeds(asked: readonly ReproStage[]): ReproStage[] {
  const wanted = new Set<ReproStage>()
  const add = (stage: ReproStage): void => {
    wanted.add(stage)
    STAGES[stage].needs.forEach(add)
  }
  asked.forEach(add)
  return REPRO_STAGES.filter((stage) => wanted.has(stage))
}
