import { z } from 'zod'
import { LabError } from './errors.js'
import { issuesText } from './issues.js'

/** The original's class names; its loader goes by them, and so does ours. `Linear` is ours: a classifier on the images, its units are the classes. */
export const MODEL_TYPES = ['FKHL3', 'KHL3', 'KHModel', 'SHLP', 'SHLP_tanh', 'Linear'] as const
export type ModelType = (typeof MODEL_TYPES)[number]

/** Files that models are written to; reading knows more generations of them. */
export const MODEL_FORMATS = ['pty', 'safetensors', 'npz'] as const
export type ModelFormat = (typeof MODEL_FORMATS)[number]

const sizes = { inputSize: z.int().min(1).max(10_000_000), hiddenUnits: z.int().min(1).max(1_000_000) }
const classes = z.int().min(1).max(100_000)
/** n of the activation, > 0. */
const activationExponent = z.number().positive().max(1000)
/** What a local learning layer carries; `inverseLearningRate` is τ of the last epoch that learnt. */
const layer = {
  ...sizes,
  activationExponent,
  lebesgueNorm: z.number().min(1).max(1000),
  inverseLearningRate: z.number().positive(),
  rank: z.int().min(1),
  antiHebbianStrength: z.number().min(0),
  radius: z.number().positive(),
}
/** `batchesSeen` counts the training batches behind the running statistics; 0 without batch norm. */
const perceptron = { ...sizes, classes, activationExponent, batchNorm: z.boolean(), batchesSeen: z.int().min(0) }

/** Everything about a model but its tensors. */
export const modelFacts = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('FKHL3'), ...layer }),
  z.strictObject({ type: z.literal('KHL3'), ...layer }),
  z.strictObject({ type: z.literal('KHModel'), ...layer, classes }),
  z.strictObject({ type: z.literal('SHLP'), ...perceptron }),
  z.strictObject({ type: z.literal('SHLP_tanh'), ...perceptron }),
  z.strictObject({ type: z.literal('Linear'), ...sizes, classes }),
])
export type ModelFacts = z.infer<typeof modelFacts>
export type FactsOf<Type extends ModelType> = Extract<ModelFacts, { type: Type }>

/** Tensors by our names: `weights` H x d, `dense` C x H, `bias` C; with batch norm `scale`, `shift`, `mean`, `variance` of H. */
export const MODEL_TENSORS = ['weights', 'dense', 'bias', 'scale', 'shift', 'mean', 'variance'] as const
export type ModelTensorName = (typeof MODEL_TENSORS)[number]
export type ModelTensors = { readonly weights: Float32Array } & {
  readonly [Name in Exclude<ModelTensorName, 'weights'>]?: Float32Array
}

/** A model as plain numbers, row by row, one row of `weights` per unit. */
export interface ModelRecord {
  facts: ModelFacts
  tensors: ModelTensors
}

/**
 * The tensors that a model has, with their shapes.
 *
 * @returns in the order in which files hold them
 */
export function tensorShapes(facts: ModelFacts): ReadonlyMap<ModelTensorName, readonly number[]> {
  const { hiddenUnits, inputSize } = facts
  const shapes = new Map<ModelTensorName, readonly number[]>([['weights', [hiddenUnits, inputSize]]])
  if (!('classes' in facts)) return shapes
  if (facts.type === 'Linear') return shapes.set('bias', [facts.classes])
  shapes.set('dense', [facts.classes, hiddenUnits]).set('bias', [facts.classes])
  if ('batchNorm' in facts && facts.batchNorm)
    for (const name of ['scale', 'shift', 'mean', 'variance'] as const) shapes.set(name, [hiddenUnits])
  return shapes
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** A tensor that the model's facts promise. @throws LabError `shape.mismatch` when it is not there or of another size */
export function tensorOf({ facts, tensors }: ModelRecord, name: ModelTensorName): Float32Array {
  const shape = tensorShapes(facts).get(name)
  const data = tensors[name]
  if (shape === undefined || data === undefined)
    throw new LabError('shape.mismatch', `expected ${name} in a model of type ${facts.type}, got none`, {
      tensor: name,
    })
  if (data.length !== sizeOf(shape))
    throw new LabError('shape.mismatch', `expected ${shape.join(' x ')} entries in ${name}, got ${data.length}`, {
      tensor: name,
    })
  return data
}

/**
 * Refuses a model whose facts are out of range, whose tensors are not those of its type, or that holds NaN or infinities.
 *
 * @returns the model as it is
 * @throws LabError `value.range`, `shape.mismatch`
 */
export function checkModel(record: ModelRecord): ModelRecord {
  const facts = modelFacts.safeParse(record.facts)
  if (!facts.success) throw new LabError('value.range', issuesText(facts.error.issues, 'model'))
  const shapes = tensorShapes(record.facts)
  const strange = Object.keys(record.tensors).find((name) => !shapes.has(name as ModelTensorName))
  if (strange !== undefined)
    throw new LabError(
      'shape.mismatch',
      `expected the tensors ${[...shapes.keys()].join(', ')} in a model of type ${record.facts.type}, also got ${strange}`,
      { tensor: strange },
    )
  for (const name of shapes.keys()) {
    const at = tensorOf(record, name).findIndex((value) => !Number.isFinite(value))
    if (at >= 0)
      throw new LabError(
        'value.range',
        `expected finite numbers in ${name}, got ${record.tensors[name]?.[at]} at entry ${at}`,
        { tensor: name },
      )
  }
  const negative = record.tensors.variance?.findIndex((value) => value < 0) ?? -1
  if (negative >= 0)
    throw new LabError(
      'value.range',
      `expected running variances of at least 0, got ${record.tensors.variance?.[negative]} at unit ${negative}`,
      { tensor: 'variance' },
    )
  return record
}
