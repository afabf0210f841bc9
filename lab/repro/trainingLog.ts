import { penaltyMetricNames, REGULARISER_NAMES, type ClassifierSpec, type MetricColumns, type MetricName } from '../../contract/index.js'

/** The original's log of a training: one number an epoch under each name (section 3.5). */
export interface TrainingLog {
  model_type: string
  model_path: string
  log: Record<string, number[]>
}

type Metrics = Partial<Record<MetricName, MetricColumns>>

const values = (metrics: Metrics, name: MetricName): number[] => Array.from(metrics[name]?.value ?? [])

/**
 * A training as the original logs it: `loss`, `ce_loss` and `<Name>_loss` of each penalty, unweighted, are sums over the batches of an
 * epoch; `eval_acc` has one entry for each test, `epoch` one for each epoch.
 *
 * @param modelType - the original's class name
 * @param stepsPerEpoch - batches of an epoch; our measures are means over them
 */
export function trainingLog(spec: ClassifierSpec, metrics: Metrics, stepsPerEpoch: number, { modelType, modelPath }: { modelType: string; modelPath: string }): TrainingLog {
  const sums = (name: MetricName): number[] => values(metrics, name).map((mean) => mean * stepsPerEpoch)
  const penalties = spec.regularisers.map(({ kind }, index): [string, number[]] => [`${REGULARISER_NAMES[kind].paper}_loss`, sums(penaltyMetricNames(index).term)])
  return {
    model_type: modelType, model_path: modelPath,
    log: { epoch: Array.from(metrics.loss?.epoch ?? []), loss: sums('loss'), ce_loss: sums('crossEntropy'), eval_acc: values(metrics, 'testAccuracy'), ...Object.fromEntries(penalties) },
  }
}
