import type { ReproPlan } from '../plan.js'
import type { ReplayContext } from '../step.js'

/** A step with the seconds that it takes on two quiet cores, as `costs.ts` estimates. */
export interface PlannedStep {
  key: string
  seconds: number
}

/** A stage of section 9. */
export interface ReproStageOf<Name extends string> {
  /** What it is made from; done first where it is not there. */
  needs: readonly Name[]
  steps(plan: ReproPlan): PlannedStep[]
  run(context: ReplayContext): Promise<void>
}
