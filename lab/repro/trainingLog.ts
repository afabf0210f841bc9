import {
  penaltyMetricNames,
  regulariserOf,
  type ClassifierSpec,
  type MetricColumns,
  type MetricName,
} from '../../contract/index.js'

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
 * epoch, `eval_<Name>_score` the same over the batches of a test; `eval_acc` and scores have one entry for each test, `epoch` one for
 * each epoch.
 *
 * @param modelType - the original's class name
 * @param batches - of an epoch and of a test; our measures are means over them
 * @returns without a score where the run was trained before scores were measured
 */
export function trainingLog(
  spec: ClassifierSpec,
  metrics: Metrics,
  batches: { epoch: number; test: number },
  { modelType, modelPath }: { modelType: string; modelPath: string },
): TrainingLog {
  const sums = (name: MetricName, of: 'epoch' | 'test' = 'epoch'): number[] =>
    values(metrics, name).map((mean) => mean * batches[of])
  const penalties = spec.regularisers.flatMap(({ kind }, index): [string, number[]][] => {
    const { paper } = regulariserOf(kind)
    const { term, test } = penaltyMetricNames(index)
    const scores = sums(test, 'test')
    return [
      [`${paper}_loss`, sums(term)],
      ...(scores.length === 0 ? [] : [[`eval_${paper}_score`, scores] satisfies [string, number[]]]),
    ]
  })
  return {
    model_type: modelType,
    model_path: modelPath,
    log: {
      epoch: Array.from(metrics.loss?.epoch ?? []),
      loss: sums('loss'),
      ce_loss: sums('crossEntropy'),
      eval_acc: values(metrics, 'testAccuracy'),
      ...Object.fromEntries(penalties),
    },
  }
}
