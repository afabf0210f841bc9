import { LabError, type ModelFacts, type ModelRecord } from '../../../contract/index.js'
import type { PickleValue } from '../pickle.js'
import type { State } from './state.js'

/** How one type of model is stored in the original's state dictionaries. */
export interface ModelForm {
  /** Entries of the dictionary in the original's order, without `type_name`. */
  toState(record: ModelRecord): (readonly [string, PickleValue])[]
  /** The model that a dictionary holds; every entry must be taken. */
  fromState(state: State): ModelRecord
}

/** Facts of the types that a form writes. @throws LabError `model.foreign` */
export function factsOf<Type extends ModelFacts['type']>(
  { facts }: ModelRecord,
  types: readonly Type[],
): Extract<ModelFacts, { type: Type }> {
  if (!(types as readonly string[]).includes(facts.type))
    throw new LabError('model.foreign', `expected a model of type ${types.join(' or ')}, got ${facts.type}`)
  return facts as Extract<ModelFacts, { type: Type }>
}

/** d x H, as the original stores the first layer, from H x d. */
export function inputsByUnits(weights: Float32Array, hiddenUnits: number, inputSize: number): Float32Array {
  const columns = new Float32Array(weights.length)
  for (let unit = 0; unit < hiddenUnits; unit++)
    for (let input = 0; input < inputSize; input++)
      columns[input * hiddenUnits + unit] = weights[unit * inputSize + input] as number
  return columns
}
