import { DATASETS, penaltyMetricNames, type ClassifierSpec, type MetricName } from '../../../contract/index.js'
import { classifierSeconds, unitsOf } from '../costs.js'
import { INITIAL_PATH, logPath, modelPath } from '../models.js'
import { REPRO_MODELS, type ReproModel } from '../plan.js'
import { finishedRun, runIsThere } from '../runs.js'
import { doStep, entryOf, jobOf, keepFile, keepJson, type ReplayContext } from '../step.js'
import { trainingLog } from '../trainingLog.js'
import type { ReproStage } from './names.js'
import type { ReproStageOf } from './stage.js'

const MODEL_TYPES = {
  hybrid: 'KHModel',
  perceptron: 'SHLP',
  tanhPerceptron: 'SHLP_tanh',
  identity: 'Linear',
} as const satisfies Record<ClassifierSpec['model']['kind'], string>

/** The spec with the layer that this replay has learnt. */
function onLayer(spec: ClassifierSpec, layer: string): ClassifierSpec {
  if (spec.model.kind !== 'hybrid') return spec
  return { ...spec, model: { ...spec.model, layer: spec.model.layerForm === 'pruned' ? `${layer}/pruned` : layer } }
}

async function trainModel(context: ReplayContext, model: ReproModel): Promise<void> {
  const { lab, plan } = context
  const spec = plan.models[model]
  const hybrid = spec.model.kind === 'hybrid'
  await doStep(context, {
    key: `train/${model}`,
    label: model,
    isThere: (job) => runIsThere(lab, job),
    // The layer by its content: one learnt again to the same numbers changes nothing.
    inputs: { spec, layer: hybrid ? entryOf(context, 'prune').output : null },
    make: async () => {
      const run = await finishedRun(context, onLayer(spec, jobOf(context, 'layer')))
      const names: MetricName[] = [
        'loss',
        'crossEntropy',
        'testAccuracy',
        ...spec.regularisers.flatMap((_, index) => [penaltyMetricNames(index).term, penaltyMetricNames(index).test]),
      ]
      const metrics = await lab.call('run.metrics', { id: run.id, names })
      const log = trainingLog(
        spec,
        metrics,
        { epoch: run.stepsPerEpoch, test: Math.ceil(DATASETS[spec.dataset.kind].testImages / spec.schedule.batchSize) },
        { modelType: MODEL_TYPES[spec.model.kind], modelPath: modelPath(plan, model) },
      )
      const files = [
        await keepFile(
          context,
          modelPath(plan, model),
          await lab.call('run.readFile', { id: run.id, path: 'model.pty' }),
        ),
        await keepJson(context, logPath(plan, model), log),
      ]
      if (run.testAccuracy !== null) context.listener.line(`${model}: test accuracy ${run.testAccuracy.toFixed(4)}`)
      return { job: run.id, files }
    },
  })
}

/** Trains the models of section 3.6 in their order, and keeps the perceptron before its training as `shlp_init`. */
export const train: ReproStageOf<ReproStage> = {
  needs: ['prune'],
  steps: (plan) => [
    { key: 'train/init', seconds: 0.5 },
    ...REPRO_MODELS.map((model) => ({
      key: `train/${model}`,
      seconds: classifierSeconds(plan.models[model], unitsOf(plan, model)),
    })),
  ],
  run: async (context) => {
    const { lab, plan } = context
    const { seed, model, dataset } = plan.models.BP
    await doStep(context, {
      key: 'train/init',
      label: 'Untrained perceptron',
      inputs: { seed, model, dataset },
      make: async () => ({
        job: null,
        files: [
          await keepFile(
            context,
            INITIAL_PATH,
            await lab.call('model.untrained', { spec: plan.models.BP, format: 'pty' }),
          ),
        ],
      }),
    })
    for (const name of REPRO_MODELS) await trainModel(context, name)
  },
}
