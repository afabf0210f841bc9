import { LabError, shortened } from '../../contract/index.js'
import type { StridedArray } from './elements.js'

/** A tensor of a pickle; its bytes may be known only when the whole file is read. */
export interface UnpickledTensor {
  kind: 'tensor'
  shape: readonly number[]
  read(): StridedArray
}

/** What a persistent id denotes; only tensors are made of it. */
export interface UnpickledStorage {
  kind: 'storage'
}

/** What restricted pickles hold: numbers, texts, bytes, containers and tensors. Tuples and lists are arrays, dictionaries maps. */
export type Unpickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Unpickled[]
  | Map<Unpickled, Unpickled>
  | UnpickledTensor
  | UnpickledStorage
  | PickleGlobal
  | UnpickledMark

/** A name that a pickle may use: a function that we replace, or a type that is only passed on. */
export interface PickleGlobal {
  kind: 'global'
  name: string
  call?: (values: Unpickled[], charge: Charge) => Unpickled
}

/** Stands for an object that is not read: a date, a NumPy scalar, an optimiser's state. Whoever needs what it was refuses it by its name. */
export interface UnpickledMark {
  kind: 'mark'
  name: string
}

/** Counts what a pickle makes. @throws LabError `file.damaged` beyond the budget */
export type Charge = (values: number) => void

/** What lies behind names and persistent ids. */
export interface PickleWorld {
  /** Everything that is read, by `module.name`. */
  globals: ReadonlyMap<string, PickleGlobal>
  persistent(id: Unpickled): Unpickled
}

export const MARK = Symbol('mark')
export type Item = Unpickled | typeof MARK

/** A pickle in progress: Python's stack machine. */
export interface Machine {
  stack: Item[]
  memo: Map<number, Item>
  world: PickleWorld
  charge: Charge
  bytes(count: number): Uint8Array
  view(count: number): DataView
  line(): string
}

export const damagedPickle = (fact: string): LabError => new LabError('file.damaged', `the pickle is damaged: ${fact}`)
export const unsafe = (what: string): LabError =>
  new LabError(
    'model.unsafePickle',
    `the file refers to ${shortened(what, 120)}, which is neither a tensor nor a plain container; no code was executed`,
    { asked: what },
  )

export const isMark = (value: Unpickled | undefined): value is UnpickledMark =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'mark'
export const isGlobal = (value: Unpickled | undefined): value is PickleGlobal =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'global'

export function pop(machine: Machine): Unpickled {
  const item = machine.stack.pop()
  if (item === undefined || item === MARK) throw damagedPickle('it uses more values than it contains')
  return item
}

export function popMark({ stack }: Machine): Unpickled[] {
  const mark = stack.lastIndexOf(MARK)
  if (mark < 0) throw damagedPickle('a list has no start mark')
  const items = stack.splice(mark)
  return items.slice(1) as Unpickled[]
}

export const top = (machine: Machine): Unpickled => {
  const item = pop(machine)
  machine.stack.push(item)
  return item
}
