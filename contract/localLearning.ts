import { z } from 'zod'
import { common } from './common.js'
import { field } from './field.js'
import { learningRuleFaults, learningRuleSpec } from './learningRules/index.js'

const layer = z.strictObject({
  hiddenUnits: field(z.int().min(2).max(20_000), {
    label: 'Hidden units',
    symbol: 'H',
    unit: 'units',
    help: 'Number of units; each learns one receptive field.',
    source: '2.1',
  }),
  weightSpread: field(z.number().positive().max(100).nullable(), {
    label: 'Initial weight spread',
    symbol: 'σ',
    help: 'Standard deviation of the initial weights. Small values can converge to the all-negative attractor; leave empty for 1/√(d+H).',
    source: '2.2',
    range: '> 0',
    empty: '1/√(d+H)',
  }),
  lebesgueNorm: field(z.number().min(1).max(8), {
    label: 'Lebesgue norm',
    symbol: 'p',
    help: 'Norm that is used for the weight sphere and the images.',
    source: '2.3',
  }),
  activationExponent: field(z.number().positive().max(50), {
    label: 'Activation exponent',
    symbol: 'n',
    help: 'Stored with the layer for classifiers built on it; not used during the training of the layer.',
    source: '2.1',
    range: '> 0',
    advanced: true,
  }),
  radius: field(z.number().positive().max(1000), {
    label: 'Sphere radius',
    symbol: 'R',
    help: 'Winning units converge to ‖w‖ₚ = R.',
    source: '2.4',
    range: '> 0',
  }),
})

const schedule = z.strictObject({
  epochs: field(z.int().min(1).max(100_000), {
    label: 'Epochs',
    symbol: 'T',
    unit: 'epochs',
    help: 'Number of passes over the training images.',
    source: '2.7',
  }),
  batchSize: field(z.int().min(1).max(50_000), {
    label: 'Batch size',
    symbol: 'B',
    unit: 'images',
    help: 'Number of images per step; the winners of a batch are found with the same weights.',
    source: '2.7',
  }),
  learningRate: field(z.number().positive().max(10), {
    label: 'Initial learning rate',
    symbol: '1/τ',
    unit: 'per step',
    help: 'The largest weight change in a step equals the learning rate.',
    source: '2.6',
    range: '> 0',
  }),
  decay: field(z.enum(['linear', 'constant']), {
    label: 'Decay',
    help: 'Linear: rate(e) = (1 − e/T) · initial rate, so the rate is 0 in the last epoch.',
    source: '2.7',
    choices: { linear: 'linear to zero', constant: 'constant' },
  }),
})

const checks = z.strictObject({
  normTolerance: field(z.number().positive().max(10), {
    label: 'Norm tolerance',
    help: 'A unit counts as converged if its norm is within this distance of R.',
    source: '2.8',
    range: '> 0',
  }),
  unconvergedLimit: field(z.number().positive().max(1), {
    label: 'Max. unconverged fraction',
    help: 'The run passes if a smaller fraction of the units failed to converge.',
    source: '2.8',
    range: '> 0 to 1',
  }),
  meanLimit: field(z.number().max(0).min(-100), {
    label: 'Smallest mean weight',
    unit: 'R',
    help: 'Units with a lower mean weight are in the wrong attractor.',
    source: '2.8',
  }),
  flatLogVariance: field(z.number().min(-50).max(0), {
    label: 'Flat below ln variance',
    help: 'Units with a lower log-variance are flat (they have learned no field); too many fail the check.',
    source: '2.8',
    advanced: true,
  }),
})

/** Everything that determines a local-learning run. Every key is required in a stored spec; presets fill them. */
export const localLearningSpec = z
  .strictObject({
    ...common.head,
    kind: z.literal('localLearning'),
    layer,
    rule: learningRuleSpec,
    schedule,
    checks,
    probes: common.probes,
    checkpoints: common.checkpoints,
  })
  .superRefine((spec, context) => {
    const place = { hiddenUnits: spec.layer.hiddenUnits, epochs: spec.schedule.epochs }
    for (const { key, text } of learningRuleFaults(spec.rule, place))
      context.addIssue({ code: 'custom', path: ['rule', key], message: text })
    if (spec.probes.windowEnd < spec.probes.windowStart + 2) {
      context.addIssue({
        code: 'custom',
        path: ['probes', 'windowEnd'],
        message: `A fit needs at least three ranks. Use ${spec.probes.windowStart + 2} or more.`,
      })
    }
  })
export type LocalLearningSpec = z.infer<typeof localLearningSpec>
