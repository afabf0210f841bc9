import { LabError, listText } from '../../../contract/index.js'
import type { Unpickled, UnpickledTensor } from '../unpickle.js'

type Dictionary = ReadonlyMap<Unpickled, Unpickled>

/** Names under which checkpoints hold the state dictionary, the original's first; Lightning's and those of common scripts after it. */
const WRAPPERS = ['model_state_dict', 'state_dict', 'model', 'net', 'network', 'module'] as const
const DEEPEST_WRAPPER = 3

/** What torch puts in front of every name: DataParallel, torch.compile, Lightning. */
const PREFIXES = ['module.', '_orig_mod.', 'model.', 'net.', 'network.'] as const
const MOST_PREFIXES = 4

const isTensor = (value: Unpickled | undefined): value is UnpickledTensor =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'tensor'

/** A state dictionary, and the dictionaries around it from inside out, which may hold its parameters. */
export interface Unwrapped {
  state: Dictionary
  /** Null for a plain state dictionary. */
  around: Dictionary | null
}

/** The state dictionary of a checkpoint. @throws LabError `model.foreign` when something else lies under its name */
export function unwrapped(value: Dictionary): Unwrapped {
  let [state, around]: [Dictionary, Dictionary | null] = [value, null]
  for (let depth = 0; depth < DEEPEST_WRAPPER; depth++) {
    const name = WRAPPERS.find((wrapper) => state.has(wrapper) && !isTensor(state.get(wrapper)))
    if (name === undefined) break
    const inner = state.get(name)
    if (!(inner instanceof Map)) throw new LabError('model.foreign', `expected ${name} to be a state dictionary`)
    around = state
    state = inner
  }
  return { state, around }
}

/** The dictionary without a prefix that all its tensors share. */
export function withoutPrefixes(state: Dictionary): Dictionary {
  let plain = state
  for (let round = 0; round < MOST_PREFIXES; round++) {
    const names = [...plain]
      .filter(([, value]) => isTensor(value))
      .map(([name]) => (typeof name === 'string' ? name : ''))
    const prefix = PREFIXES.find((candidate) => names.length > 0 && names.every((name) => name.startsWith(candidate)))
    if (prefix === undefined) return plain
    plain = new Map(
      [...plain].map(([name, value]) => [
        typeof name === 'string' && name.startsWith(prefix) ? name.slice(prefix.length) : name,
        value,
      ]),
    )
  }
  return plain
}

/** What a state dictionary holds, so that a person sees what was read: `W (3072 x 100), dense.0.weight (10 x 100)`. */
export function contentText(state: Dictionary): string {
  const names = [...state].map(
    ([name, value]) =>
      `${typeof name === 'object' ? 'an object' : String(name)}${isTensor(value) ? ` (${value.shape.join(' x ') || 'one number'})` : ''}`,
  )
  return names.length === 0 ? 'nothing' : listText(names, 6)
}

/** How a model of the original is saved so that it can be read. */
export const SAVING = 'torch.save(model.state_dict(), "model.pty")'
