import { z } from 'zod'
import { common } from './common.js'
import { classesFault } from './dataset.js'
import { field } from './field.js'
import { layerOf, networkSpec, type NetworkKind } from './networks/index.js'
import { rateSchedule } from './rates/index.js'
import { MOST_REGULARISERS, regulariserFaults, regulariserSpec, type RegulariserPlace } from './regularisers/index.js'

const schedule = z.strictObject({
  epochs: field(z.int().min(1).max(100_000), {
    label: 'Epochs',
    symbol: 'T',
    unit: 'epochs',
    help: 'Number of passes over the training images.',
    source: '3.5',
  }),
  batchSize: field(z.int().min(1).max(50_000), {
    label: 'Batch size',
    symbol: 'B',
    unit: 'images',
    help: 'Number of images per training step.',
    source: '3.5',
  }),
  rate: rateSchedule,
})

const optimiser = z.strictObject({
  beta1: field(z.number().min(0).max(0.999999), {
    label: 'First-moment decay',
    symbol: 'β₁',
    help: 'Adam’s decay rate of the first moment.',
    source: '3.5',
    advanced: true,
  }),
  beta2: field(z.number().min(0).max(0.9999999), {
    label: 'Second-moment decay',
    symbol: 'β₂',
    help: 'Adam’s decay rate of the second moment.',
    source: '3.5',
    advanced: true,
  }),
  epsilon: field(z.number().positive().max(1), {
    label: 'Denominator constant',
    symbol: 'ε',
    help: 'Added to Adam’s denominator for numerical stability.',
    source: '3.5',
    range: '> 0',
    advanced: true,
  }),
})

const evaluation = z.strictObject({
  every: field(z.int().min(1).max(100_000), {
    label: 'Test every',
    unit: 'epochs',
    help: 'Measure the test accuracy at this interval. The final epoch is always tested.',
    source: '3.5',
  }),
  mode: field(z.enum(['corrected', 'faithful']), {
    label: 'Batch norm in tests',
    help: 'Running statistics (corrected), or the statistics of each test batch, which also update the running ones (as the original).',
    source: '3.5',
    advanced: true,
    choices: { corrected: 'running statistics', faithful: 'as the original' },
  }),
  mistakes: field(z.int().min(0).max(200), {
    label: 'Worst mistakes',
    unit: 'images',
    help: 'Keep the N most confident misclassifications of the test set.',
    source: '3.5',
    advanced: true,
  }),
})

/** What the penalties of a classifier are applied to. @param layerUnits - units of the layer under a hybrid; null when they are not known */
export function penaltyPlace(
  {
    model,
    schedule: { batchSize },
  }: {
    model: { kind: NetworkKind; hiddenUnits?: number }
    schedule: { batchSize: number }
  },
  layerUnits: number | null = null,
): RegulariserPlace {
  const layer = layerOf(model)
  return { units: layer === 'none' ? 0 : (model.hiddenUnits ?? layerUnits), batchSize, frozen: layer === 'frozen' }
}

/** Everything that determines the training of a classifier. */
export const classifierSpec = z
  .strictObject({
    ...common.head,
    kind: z.literal('classifier'),
    model: networkSpec,
    regularisers: z.array(regulariserSpec).max(MOST_REGULARISERS),
    schedule,
    optimiser,
    evaluation,
    probes: common.probes,
    checkpoints: common.checkpoints,
  })
  .superRefine((spec, context) => {
    if (spec.probes.windowEnd < spec.probes.windowStart + 2) {
      context.addIssue({
        code: 'custom',
        path: ['probes', 'windowEnd'],
        message: `A fit needs at least three ranks. Use ${spec.probes.windowStart + 2} or more.`,
      })
    }
    const normalises = 'batchNorm' in spec.model && spec.model.batchNorm
    if (normalises && spec.schedule.batchSize < 2)
      context.addIssue({
        code: 'custom',
        path: ['schedule', 'batchSize'],
        message: 'Batch norm needs at least two images to compute a variance. Use 2 or more.',
      })
    const place = penaltyPlace(spec)
    spec.regularisers.forEach((term, index) => {
      for (const { key, text } of regulariserFaults(term, place))
        context.addIssue({
          code: 'custom',
          path: key === 'batchSize' ? ['schedule', key] : ['regularisers', index, key],
          message: text,
        })
    })
    if (classesFault(spec.dataset, 'classifier') !== null)
      context.addIssue({
        code: 'custom',
        path: ['dataset', 'kind'],
        message: 'Noise images have no classes. Choose another dataset.',
      })
  })
export type ClassifierSpec = z.infer<typeof classifierSpec>
