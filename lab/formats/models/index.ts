import {
  checkModel,
  LabError,
  MODEL_TYPES,
  shortened,
  type ModelRecord,
  type ModelType,
} from '../../../contract/index.js'
import type { PickleValue } from '../pickle.js'
import { isGlobal, isMark, unsafe } from '../pickleMachine.js'
import type { Unpickled } from '../unpickle.js'
import type { ModelForm } from './form.js'
import { hybrid } from './hybrid.js'
import { layer } from './layer.js'
import { linear } from './linear.js'
import { perceptron } from './perceptron.js'
import { createState } from './state.js'
import { contentText, SAVING, unwrapped, withoutPrefixes } from './wrappers.js'

/** How every type is stored in the original's files; a type without a form does not compile. */
const FORMS = {
  FKHL3: layer,
  KHL3: layer,
  KHModel: hybrid,
  SHLP: perceptron,
  SHLP_tanh: perceptron,
  Linear: linear,
} as const satisfies Record<ModelType, ModelForm>

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
  return {
    kind: 'orderedDict',
    entries: [...entries.slice(0, at), ['type_name', record.facts.type], ...entries.slice(at)],
  }
}

/** Early checkpoints keep the parameters here, outside of the state dictionary. */
const WRAPPED_PARAMETERS = 'model_parameters'

/** The type that a dictionary names; early layers name none. */
function typeOf(
  state: ReadonlyMap<Unpickled, Unpickled>,
  around: ReadonlyMap<Unpickled, Unpickled> | null,
  parameters: Unpickled | undefined,
): ModelType {
  const early =
    around !== null && [...state.keys()].join() === 'W' && parameters instanceof Map && parameters.has('tau_l')
  const name = state.get('type_name') ?? around?.get('type_name') ?? (early ? 'FKHL3' : undefined)
  const type = MODEL_TYPES.find((known) => known === name)
  if (type !== undefined) return type
  const got = typeof name === 'string' ? shortened(name, 60) : 'none'
  throw new LabError('model.foreign', `expected type_name to be ${MODEL_TYPES.join(', ')}, got ${got}`, { type: got })
}

/**
 * The model of a state dictionary, plain, in a checkpoint (`model_state_dict`, `state_dict`, `model`), or with the prefixes of DataParallel, torch.compile and Lightning.
 *
 * Early checkpoints keep `pSet` outside as `model_parameters` and name no type; with a layer's parameters and no tensor but `W` they hold an FKHL3 layer, the
 * only one whose training wrote them.
 *
 * @throws LabError `model.foreign` for another type or unknown entries, with what was found and how to save it; `model.unsafePickle`, `shape.mismatch`, `value.range`
 */
export function modelOfState(value: Unpickled): ModelRecord {
  if (isMark(value) || isGlobal(value))
    throw new LabError('model.unsafePickle', `${unsafe(value.name).message}; save it with ${SAVING}`, {
      asked: value.name,
    })
  if (!(value instanceof Map))
    throw new LabError('model.foreign', `expected a state dictionary, got something else; save it with ${SAVING}`)
  const { state: found, around } = unwrapped(value)
  const state = withoutPrefixes(found)
  try {
    const parameters = state.get('pSet') ?? around?.get('pSet') ?? around?.get(WRAPPED_PARAMETERS)
    const type = typeOf(state, around, parameters)
    const reading = createState(state, type, parameters)
    const record = FORMS[type].fromState(reading)
    reading.finish()
    return checkModel(record)
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'model.foreign') throw error
    throw new LabError(
      'model.foreign',
      `${error.message}; the file contains ${contentText(state)}; save models of the original program with ${SAVING}`,
      error.details,
      error,
    )
  }
}
