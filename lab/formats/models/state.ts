import { LabError, listText, shortened } from '../../../contract/index.js'
import { float32Numbers, float64Numbers, sizeOf, transposed, type StridedArray } from '../elements.js'
import { isGlobal, isMark } from '../pickleMachine.js'
import type { Unpickled, UnpickledTensor } from '../unpickle.js'

/** A state dictionary that is read name by name, so that nothing in it is passed over in silence. */
export interface State {
  readonly type: string
  has(name: string): boolean
  /** A whole number, a real number or a truth value of `pSet`, or of a dictionary inside it. */
  number(name: string, inside?: string): number
  flag(name: string): boolean
  /** A tensor of this shape as float32, row by row. @throws LabError `shape.mismatch` */
  tensor(name: string, shape: readonly number[]): Float32Array
  /** The same with its two axes exchanged: `shape` is that of the file, the numbers come transposed. */
  matrixTransposed(name: string, shape: readonly [number, number]): Float32Array
  /** The only entry of a tensor that holds a count. */
  count(name: string): number
  /** @throws LabError `model.foreign` naming entries that nobody asked for */
  finish(): void
}

const isTensor = (value: Unpickled | undefined): value is UnpickledTensor =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'tensor'

/** A value in a message. */
function kindOf(value: Unpickled | undefined): string {
  if (value === undefined) return 'none'
  return isMark(value) || isGlobal(value) ? shortened(value.name, 80) : 'something else'
}

function dictionary(value: Unpickled | undefined, name: string): Map<Unpickled, Unpickled> {
  if (!(value instanceof Map))
    throw new LabError(
      'model.foreign',
      `expected ${name} to be a dictionary, got ${value === undefined ? 'nothing' : kindOf(value)}`,
      { entry: name },
    )
  return value
}

/**
 * @param entries - of the state dictionary
 * @param type - its type name
 * @param parameters - its `pSet`
 */
export function createState(
  entries: ReadonlyMap<Unpickled, Unpickled>,
  type: string,
  parameters: Unpickled | undefined,
): State {
  const taken = new Set<Unpickled>(['type_name', 'pSet'])
  const entry = (name: string, inside: string | undefined): Unpickled | undefined => {
    const set = dictionary(parameters, 'pSet')
    return (inside === undefined ? set : dictionary(set.get(inside), `pSet.${inside}`)).get(name)
  }
  const array = (name: string): StridedArray => {
    const value = entries.get(name)
    taken.add(name)
    if (!isTensor(value))
      throw new LabError(
        'model.foreign',
        `expected a tensor ${name} in a model of type ${type}, got ${kindOf(value)}`,
        { entry: name },
      )
    return value.read()
  }
  const shaped = (name: string, shape: readonly number[]): StridedArray => {
    const found = array(name)
    if (found.shape.join() !== shape.join())
      throw new LabError(
        'shape.mismatch',
        `expected ${name} to be ${shape.join(' x ')} according to pSet, got ${found.shape.join(' x ') || 'a single number'}`,
        { entry: name },
      )
    return found
  }
  return {
    type,
    has: (name) => entries.has(name),
    number: (name, inside) => {
      const value = entry(name, inside)
      if (typeof value !== 'number')
        throw new LabError(
          'model.foreign',
          `expected a number ${name} in pSet of a model of type ${type}, got ${kindOf(value)}`,
          { entry: name },
        )
      return value
    },
    flag: (name) => {
      const value = entry(name, undefined)
      if (typeof value !== 'boolean')
        throw new LabError('model.foreign', `expected ${name} to be True or False in pSet of a model of type ${type}`, {
          entry: name,
        })
      return value
    },
    tensor: (name, shape) => float32Numbers(shaped(name, shape)),
    matrixTransposed: (name, shape) => float32Numbers(transposed(shaped(name, shape))),
    count: (name) => {
      const found = array(name)
      const [value = NaN, ...more] = float64Numbers(found)
      if (more.length > 0 || sizeOf(found.shape) !== 1)
        throw new LabError('shape.mismatch', `expected one number in ${name}, got ${found.shape.join(' x ')}`, {
          entry: name,
        })
      return value
    },
    finish: () => {
      const left = [...entries.keys()]
        .filter((name) => !taken.has(name))
        .map((name) => (typeof name === 'object' ? 'an object' : String(name)))
      if (left.length > 0)
        throw new LabError('model.foreign', `a model of type ${type} has no entry named ${listText(left, 5)}`, {
          entry: left[0] ?? '',
        })
    },
  }
}
