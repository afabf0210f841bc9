import { z } from 'zod'
import { common } from './common.js'
import { classesFault } from './dataset.js'
import { field } from './field.js'
import { rateSchedule } from './rates/index.js'
import { MOST_REGULARISERS, regulariserFaults, regulariserSpec, type RegulariserPlace } from './regularisers/index.js'

const hiddenUnits = field(z.int().min(2).max(20_000), {
  label: 'Hidden units',
  symbol: 'H',
  unit: 'units',
  help: 'Number of units in the hidden layer.',
  source: '3.2',
})
const imageNorm = field(z.number().min(1).max(8), {
  label: 'Image norm',
  symbol: 'p',
  help: 'Scale every image to unit Lp norm.',
  source: '1.2',
})
const batchNorm = field(z.boolean(), {
  label: 'Batch norm',
  help: 'Normalise the activations within each batch (ε = 1e-5, momentum 0.1).',
  source: '3.2',
})
const power = z.number().positive().max(50)
const activationExponent = field(power, {
  label: 'Activation exponent',
  symbol: 'n',
  help: 'The latent activations are max(h, 0)^n.',
  source: '3.2',
  range: '> 0',
})

const model = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('perceptron'), hiddenUnits, activationExponent, batchNorm, imageNorm }),
  z.strictObject({
    kind: z.literal('tanhPerceptron'),
    hiddenUnits,
    batchNorm,
    imageNorm,
    activationExponent: field(z.int().min(1).max(50), {
      label: 'Activation exponent',
      symbol: 'n',
      help: 'The latent activations are tanh(h)^n. Must be a whole number, because tanh(h) can be negative.',
      source: '3.3',
      range: '1, 2, 3 …',
    }),
  }),
  z.strictObject({
    kind: z.literal('hybrid'),
    activationExponent,
    layer: field(z.string().trim().min(1).max(4096).nullable(), {
      label: 'Layer',
      help: 'A finished run, an imported model or a file. Leave empty to use the newest finished layer of the same dataset.',
      source: '3.1',
      empty: 'the newest layer',
    }),
    layerForm: field(z.enum(['pruned', 'raw']), {
      label: 'Layer version',
      help: 'Use the pruned layer of a run, without its unconverged units, or the raw layer.',
      source: '5.4',
      choices: { pruned: 'pruned', raw: 'raw' },
    }),
  }),
  z.strictObject({ kind: z.literal('identity'), imageNorm }),
])

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
  { model: { kind, ...rest }, schedule: { batchSize } }: { model: { kind: string }; schedule: { batchSize: number } },
  layerUnits: number | null = null,
): RegulariserPlace {
  const own = 'hiddenUnits' in rest ? Number(rest.hiddenUnits) : null
  return { units: kind === 'identity' ? 0 : (own ?? layerUnits), batchSize, frozen: kind === 'hybrid' }
}

/** Everything that determines the training of a classifier. */
export const classifierSpec = z
  .strictObject({
    ...common.head,
    kind: z.literal('classifier'),
    model,
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
export type ClassifierModel = ClassifierSpec['model']

/** Models as forms and tables name them. */
export const CLASSIFIER_MODELS = {
  hybrid: { label: 'KH model: receptive-field layer, linear classifier', short: 'KH' },
  perceptron: { label: 'Perceptron, rectified powers', short: 'SHLP' },
  tanhPerceptron: { label: 'Perceptron, tanh', short: 'SHLP tanh' },
  identity: { label: 'Linear classifier on the images', short: 'identity' },
} as const satisfies Record<ClassifierModel['kind'], { label: string; short: string }>
