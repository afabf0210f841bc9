import {
  attackOf,
  attackWarnings,
  type AttackSpec,
  type RobustnessPass,
  type RobustnessRequest,
  type SweepRecord,
} from '../../../contract/index.js'
import { hashOf } from '../../files/hash.js'
import { sweepSeconds } from '../costs.js'
import { modelStem } from '../models.js'
import { REPRO_ATTACKS, SHOWN_MODELS, type ReproAttack, type ReproPlan, type ShownModel } from '../plan.js'
import { doStep, entryOf, jobOf, keepJson, type ReplayContext } from '../step.js'
import type { ReproStage } from './names.js'
import type { ReproStageOf } from './stage.js'

/** Names of the result files (section 9). */
const FILES = {
  random: 'random_perturbation_results',
  fgsm: 'fgsm_results',
  pgd: 'pgd_results',
} as const satisfies Record<ReproAttack, string>

/** The paper's settings of an attack, with the numbers of the plan where it has them. */
function plannedAttack({ robustness: { steps, stepSize, stepSizeRatio } }: ReproPlan, attack: ReproAttack): AttackSpec {
  const { first } = attackOf(attack)
  return first.kind === 'pgd' ? { ...first, steps, stepSize, stepSizeRatio } : first
}

function requestOf(
  plan: ReproPlan,
  attack: ReproAttack,
  models: { model: string; label: ShownModel }[],
): RobustnessRequest {
  const { images, batchSize, grids, resamples } = plan.robustness
  return {
    name: `Replay, ${plan.scale}: ${attack}`,
    models,
    dataset: plan.layer.dataset,
    split: 'test',
    imageNorm: null,
    executor: plan.layer.executor,
    images,
    attack: plannedAttack(plan, attack),
    grid: grids[attack],
    seeds: [plan.seed],
    criticalOnly: false,
    batchSize,
    level: 0.95,
    resamples,
  }
}

/** The finished sweep of this very request: there already, gone on with, or new. */
async function finishedSweep({ lab, listener }: ReplayContext, request: RobustnessRequest): Promise<SweepRecord> {
  const wanted = hashOf(request)
  const alike = (await lab.call('robustness.list', null)).filter((record) => hashOf(record.request) === wanted)
  const known = alike.find(({ state }) => state === 'finished') ?? alike[0]
  if (known?.state === 'finished') return known
  if (known !== undefined && known.state !== 'queued' && known.state !== 'running')
    await lab.call('robustness.resume', { id: known.id })
  const { id } = known ?? (await lab.call('robustness.run', request))
  return listener.followSweep(id)
}

/** The numbers of a pass as the original stores them; NaN, an image that was never fooled, is null. */
const recordOf = ({
  epsilons,
  keptIndices,
  relativeAccuracy,
  criticalEpsilon,
  criticalNorm,
}: RobustnessPass): Record<string, unknown> => ({
  eps: epsilons,
  no_imgs: keptIndices.length,
  acc: relativeAccuracy,
  crit_eps: criticalEpsilon,
  crit_norm: criticalNorm,
})

/** Random perturbations, FGSM and PGD, each against the five models in one sweep: `experiments/fgsm_results.json` … */
export const robustness: ReproStageOf<ReproStage> = {
  needs: ['train'],
  steps: (plan) =>
    REPRO_ATTACKS.map((attack) => ({
      key: `robustness/${attack}`,
      seconds: SHOWN_MODELS.reduce((sum, model) => sum + sweepSeconds(plan, attack, model), 0),
    })),
  run: async (context) => {
    const { lab, plan } = context
    for (const attack of REPRO_ATTACKS) {
      const request = requestOf(
        plan,
        attack,
        SHOWN_MODELS.map((model) => ({ model: jobOf(context, `train/${model}`), label: model })),
      )
      for (const text of attackWarnings(request.attack, request.grid))
        context.listener.line(`WARNING: ${attack}: ${text}`)
      await doStep(context, {
        // Models by their content instead of their runs. Of a model that has not changed, the lab knows its passes already.
        key: `robustness/${attack}`,
        label: `Robustness, ${attack}`,
        inputs: {
          request: { ...request, models: [] },
          models: SHOWN_MODELS.map((model) => [modelStem(plan, model), entryOf(context, `train/${model}`).output]),
        },
        isThere: async (id) =>
          (await lab.call('robustness.list', null)).some((record) => record.id === id && record.state === 'finished'),
        make: async () => {
          const { id } = await finishedSweep(context, request)
          const { passes } = await lab.call('robustness.get', { id })
          const records = SHOWN_MODELS.map((model) => {
            const pass = passes.find((one) => one.model.label === model)
            return [modelStem(plan, model), pass === undefined ? null : recordOf(pass)] as const
          })
          return {
            job: id,
            files: [await keepJson(context, `experiments/${FILES[attack]}.json`, Object.fromEntries(records))],
          }
        },
      })
    }
  },
}
