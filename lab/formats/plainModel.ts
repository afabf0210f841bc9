import {
  checkModel,
  issuesText,
  LabError,
  listText,
  modelFacts,
  MODEL_TYPES,
  tensorShapes,
  type ModelFacts,
  type ModelRecord,
  type ModelTensors,
} from '../../contract/index.js'
import type { FloatTensors } from './safetensors.js'

/** How our own files say in which order weights lie. */
export const LAYOUT = 'units x inputs'

export type Plain = string | number | boolean
type Shapes = Readonly<Record<string, { shape: readonly number[] }>>

/** A fact as a text of a safetensors header. */
export const plainOf = (text: string): Plain =>
  text === 'true' ? true : text === 'false' ? false : text !== '' && Number.isFinite(Number(text)) ? Number(text) : text

/** Tensors with their shapes, in the order of the files. */
export function shapedTensors(record: ModelRecord): FloatTensors {
  return Object.fromEntries(
    [...tensorShapes(record.facts)].map(([name, shape]) => [
      name,
      { data: record.tensors[name] as Float32Array, shape },
    ]),
  )
}

/**
 * The facts of a model by name, as `.safetensors` and `.npz` files of ours hold them; sizes follow from the tensors where they are not named.
 *
 * @throws LabError `model.foreign`, `shape.mismatch`
 */
export function factsOfPlain(named: Readonly<Record<string, Plain>>, shapes: Shapes): ModelFacts {
  const { layout = LAYOUT, lastRate, ...given } = named
  if (!MODEL_TYPES.some((type) => type === given['type']))
    throw new LabError(
      'model.foreign',
      `expected the type of the model (${MODEL_TYPES.join(', ')}), got ${String(given['type'] ?? 'none').slice(0, 60)}`,
    )
  if (layout !== LAYOUT)
    throw new LabError('model.foreign', `expected weights as ${LAYOUT}, got ${String(layout).slice(0, 60)}`)
  const [hiddenUnits = 0, inputSize = 0] = shapes['weights']?.shape ?? []
  // Layers of the first versions hold the rate instead of its inverse.
  const rate = typeof lastRate === 'number' ? { inverseLearningRate: 1 / lastRate } : {}
  const parsed = modelFacts.safeParse({ inputSize, hiddenUnits, ...rate, ...given })
  if (!parsed.success) throw new LabError('model.foreign', issuesText(parsed.error.issues, 'model'))
  for (const [name, shape] of tensorShapes(parsed.data)) {
    const found = shapes[name]
    if (found !== undefined && found.shape.join() !== shape.join())
      throw new LabError(
        'shape.mismatch',
        `expected ${name} of ${shape.join(' x ')}, got ${found.shape.join(' x ') || 'a single number'}`,
        { tensor: name },
      )
  }
  return parsed.data
}

/** A model from named facts and tensors. @throws LabError as {@link factsOfPlain}, and `value.range` for NaN */
export function plainModel(named: Readonly<Record<string, Plain>>, tensors: FloatTensors): ModelRecord {
  const facts = ((): ModelFacts => {
    try {
      return factsOfPlain(named, tensors)
    } catch (error) {
      if (!(error instanceof LabError) || error.code !== 'model.foreign') throw error
      const found = Object.entries(tensors).map(([name, { shape }]) => `${name} (${shape.join(' x ') || 'one number'})`)
      throw new LabError(
        'model.foreign',
        `${error.message}; the file contains ${found.length === 0 ? 'no tensors' : listText(found, 6)}`,
        error.details,
        error,
      )
    }
  })()
  return checkModel({
    facts,
    tensors: Object.fromEntries(
      Object.entries(tensors).map(([name, { data }]) => [name, data]),
    ) as unknown as ModelTensors,
  })
}
