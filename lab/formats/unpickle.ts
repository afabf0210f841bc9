import { LabError } from '../../contract/index.js'
import { damagedPickle, pop, unsafe, type Machine, type PickleWorld, type Unpickled } from './pickleMachine.js'
import { code, OPERATIONS, REFUSED, text } from './pickleOperations.js'

export type * from './pickleMachine.js'

/** Operations and values of one pickle, containers counted eightfold: about 200 MB at the worst. A checkpoint with its optimiser has some thousands. */
const BUDGET = 2_000_000

/**
 * Reads one pickle with a reader that runs nothing: it knows plain containers, numbers, texts and the names of its world; everything else
 * becomes a mark with its name.
 *
 * @param data - holds the pickle from `start`; more may follow
 * @returns the value, and where the pickle ends
 * @throws LabError `model.unsafePickle` naming a function that could only be there to run code; `file.damaged`, also beyond its budget of values
 *
 * Source: CPython's pickletools, protocols 0 to 5.
 */
export function readPickle(data: Uint8Array, start: number, world: PickleWorld): { value: Unpickled; end: number } {
  let at = start
  let left = BUDGET
  const charge = (values: number): void => {
    left -= values
    if (left < 0)
      throw damagedPickle(`it contains more than ${BUDGET / 1e6} million values, more than a model can have`)
  }
  const bytes = (count: number): Uint8Array => {
    if (!(count >= 0 && at + count <= data.length)) throw damagedPickle('it ends in the middle of a value')
    at += count
    return data.subarray(at - count, at)
  }
  const machine: Machine = {
    stack: [],
    memo: new Map(),
    world,
    charge,
    bytes,
    view: (count) => {
      const part = bytes(count)
      return new DataView(part.buffer, part.byteOffset, count)
    },
    line: () => {
      const end = data.indexOf(10, at)
      if (end < 0) throw damagedPickle('it ends in the middle of a line')
      const line = text(bytes(end - at))
      at += 1
      return line
    },
  }
  try {
    for (;;) {
      const operation = machine.view(1).getUint8(0)
      if (operation === code('.')) return { value: pop(machine), end: at }
      const work = OPERATIONS.get(operation)
      if (work === undefined) {
        const refused = REFUSED.get(operation)
        throw refused === undefined
          ? damagedPickle(`the operation ${operation} does not exist`)
          : unsafe(`the operation ${refused}`)
      }
      charge(1)
      const item = work(machine)
      if (item !== undefined) machine.stack.push(item)
    }
  } catch (error) {
    if (error instanceof LabError) throw error
    throw new LabError('file.damaged', 'the pickle is damaged: a string is not UTF-8', {}, error)
  }
}
