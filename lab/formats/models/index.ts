import { checkModel, LabError, MODEL_TYPES, type ModelRecord, type ModelType } from '../../../contract/index.js'
import type { PickleValue } from '../pickle.js'
import type { Unpickled } from '../unpickle.js'
import type { ModelForm } from './form.js'
import { hybrid } from './hybrid.js'
import { layer } from './layer.js'
import { linear } from './linear.js'
import { perceptron } from './perceptron.js'
import { createState } from './state.js'

/** How every type stands in the original's files; a type without a form does not compile. */
const FORMS = { FKHL3: layer, KHL3: layer, KHModel: hybrid, SHLP: perceptron, SHLP_tanh: perceptron, Linear: linear } as const satisfies Record<ModelType, ModelForm>

/**
 * The state dictionary of a model, as `torch.save` of the original holds it: an OrderedDict with tensors, `pSet` and `type_name`.
 *
 * @throws LabError `shape.mismatch`, `value.range`
 */
export function stateOf(record: ModelRecord): PickleValue {
  checkModel(record)
  // The hybrid's layer adds its names before the dense layer's, as the original's modules do; the type is renamed in place.
  const entries = FORMS[record.facts.type].toState(record)
  const at = record.facts.type === 'KHModel' ? 2 : entries.length
  return { kind: 'orderedDict', entries: [...entries.slice(0, at), ['type_name', record.facts.type], ...entries.slice(at)] }
}

/** Wrappers of the original's checkpoints and of its pruning script hold the dictionary under this name, beside its parameters. */
const WRAPPED = 'model_state_dict'
const WRAPPED_PARAMETERS = 'model_parameters'

/**
 * The model of a state dictionary, plain or in a wrapper with `model_state_dict`.
 *
 * Early wrappers keep `pSet` outside as `model_parameters` and name no type; with a layer's parameters and no tensor but `W` they hold an FKHL3 layer, the
 * only one whose training wrote them.
 *
 * @throws LabError `model.foreign` for another type or unknown entries, `shape.mismatch`, `value.range`
 */
export function modelOfState(value: Unpickled): ModelRecord {
  if (!(value instanceof Map)) throw new LabError('model.foreign', 'expected a state dictionary, got something else')
  const inner = value.get(WRAPPED)
  const state = inner === undefined ? value : inner
  if (!(state instanceof Map)) throw new LabError('model.foreign', `expected a state dictionary under ${WRAPPED}`)
  const parameters = state.get('pSet') ?? value.get(WRAPPED_PARAMETERS)
  const early = inner !== undefined && !state.has('type_name') && [...state.keys()].join() === 'W' && parameters instanceof Map && parameters.has('tau_l')
  const name = state.get('type_name') ?? (early ? 'FKHL3' : undefined)
  const type = MODEL_TYPES.find((known) => known === name)
  if (type === undefined) throw new LabError('model.foreign', `expected type_name to be ${MODEL_TYPES.join(', ')}, got ${typeof name === 'string' ? name.slice(0, 60) : 'none'}`, { type: typeof name === 'string' ? name.slice(0, 60) : null })
  const reading = createState(state, type, parameters)
  const record = FORMS[type].fromState(reading)
  reading.finish()
  return checkModel(record)
}
