import { setDtypeState } from './numpyScalars.js'
import { refusedName } from './pickleNames.js'
import {
  damagedPickle,
  isGlobal,
  isMark,
  MARK,
  pop,
  popMark,
  top,
  unsafe,
  type Item,
  type Machine,
  type PickleGlobal,
  type Unpickled,
  type UnpickledMark,
} from './pickleMachine.js'

/** Python has these as keys too; containers cannot be keys there either. */
const isKey = (value: Unpickled | undefined): boolean =>
  value !== undefined && !Array.isArray(value) && !(value instanceof Map)

/** Keys compare by value in Python; numbers and texts do here too, and a state dictionary has no others. */
function setItems(machine: Machine, pairs: Unpickled[]): void {
  const target = top(machine)
  if (isMark(target)) return
  if (!(target instanceof Map) || pairs.length % 2 !== 0)
    throw damagedPickle('entries are added to a value that is not a dictionary')
  for (let at = 0; at < pairs.length; at += 2) {
    if (!isKey(pairs[at])) throw damagedPickle('a dictionary key is a list or a dictionary')
    target.set(pairs[at] as Unpickled, pairs[at + 1] as Unpickled)
  }
}

function append(machine: Machine, values: Unpickled[]): void {
  const target = top(machine)
  if (isMark(target)) return
  if (!Array.isArray(target)) throw damagedPickle('values are appended to a value that is not a list')
  for (const value of values) target.push(value)
}

function dictionaryOf(machine: Machine, pairs: Unpickled[]): Map<Unpickled, Unpickled> {
  machine.charge(CONTAINER)
  machine.stack.push(new Map())
  setItems(machine, pairs)
  return pop(machine) as Map<Unpickled, Unpickled>
}

/** What a container or an object counts for, against one for a value. */
const CONTAINER = 8

const markOf = (name: string): UnpickledMark => ({ kind: 'mark', name })

/** A name that is not read becomes a mark; names that only serve to run code end the reading. */
function global(machine: Machine, module: Unpickled, name: Unpickled): PickleGlobal | UnpickledMark {
  if (typeof module !== 'string' || typeof name !== 'string') throw damagedPickle('a name is not a string')
  const full = `${module}.${name}`
  const known = machine.world.globals.get(full)
  if (known !== undefined) return known
  if (refusedName(module, name)) throw unsafe(full)
  machine.charge(CONTAINER)
  return markOf(full)
}

/** The result of a call. Only replacements for functions of torch itself are called. */
function made(machine: Machine, callee: Unpickled, values: Unpickled): Unpickled {
  if (isMark(callee)) return callee
  const name = isGlobal(callee) ? callee.name : 'a value that is called'
  if (!isGlobal(callee) || callee.call === undefined || !Array.isArray(values)) throw unsafe(name)
  machine.charge(CONTAINER)
  return callee.call(values, machine.charge)
}

function reduce(machine: Machine): Unpickled {
  const values = pop(machine)
  return made(machine, pop(machine), values)
}

/** An object of a class that is not read. */
function objectOf(machine: Machine, parts: number): Unpickled {
  for (let part = 1; part < parts; part++) pop(machine)
  const type = pop(machine)
  if (isMark(type)) return type
  throw unsafe(isGlobal(type) ? type.name : 'an object without a class')
}

/** Attributes that state dictionaries carry beside their entries (`_metadata`) are not needed. */
function build(machine: Machine): void {
  const state = pop(machine)
  const target = top(machine)
  if (isMark(target)) setDtypeState(target, state)
  if (!(target instanceof Map) && !isMark(target)) throw unsafe('an object with attributes of its own')
}

function emptyList(machine: Machine): Unpickled {
  machine.charge(CONTAINER)
  return []
}

function setMark(machine: Machine, discard: boolean): Unpickled {
  machine.charge(CONTAINER)
  if (discard) popMark(machine)
  return markOf('a set')
}

function listOf(machine: Machine, values: Unpickled[]): Unpickled {
  machine.charge(CONTAINER)
  return values
}

export const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes)
const size8 = (machine: Machine): number => Number(machine.view(8).getBigUint64(0, true))

/** Python's longs have any size; no fact of a model has more than 2400 digits. */
const LONGEST_INTEGER = 1000

/** A little-endian integer of two's complement. */
function long(bytes: Uint8Array): number | bigint {
  if (bytes.length > LONGEST_INTEGER) throw damagedPickle(`a whole number has ${bytes.length} bytes`)
  let value = bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
  if (((bytes.at(-1) ?? 0) & 0x80) !== 0) value -= 1n << BigInt(8 * bytes.length)
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function decimal(line: string): Unpickled {
  if (line === '00') return false
  if (line === '01') return true
  const plain = line.replace(/L$/, '')
  if (!/^-?\d{1,400}$/.test(plain)) throw damagedPickle(`${line.slice(0, 40)} is not a whole number`)
  const value = Number(plain)
  return Number.isSafeInteger(value) ? value : BigInt(plain)
}

function real(line: string): number {
  const value = { inf: Infinity, '-inf': -Infinity, nan: NaN }[line] ?? (line.trim() === '' ? undefined : Number(line))
  if (value === undefined || (Number.isNaN(value) && line !== 'nan'))
    throw damagedPickle(`${line.slice(0, 40)} is not a number`)
  return value
}

/** A text between quotes as Python's repr writes it; escapes are left to files that need none. */
function quoted(line: string): string {
  const match = /^(['"])([^\\]*)\1$/.exec(line)
  if (match === null) throw damagedPickle('a string is not quoted')
  return match[2] ?? ''
}

const remember = (machine: Machine, key: number): void => void machine.memo.set(key, top(machine))
function recall(machine: Machine, key: number): Item {
  const item = machine.memo.get(key)
  if (item === undefined) throw damagedPickle(`it refers to value ${key}, which was never stored`)
  return item
}

type Operation = (machine: Machine) => Item | void

export const code = (letter: string): number => letter.charCodeAt(0)

/** What each opcode does; what it returns is pushed. Opcodes that make objects of other classes are not here. */
export const OPERATIONS: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x80, (machine) => void machine.bytes(1)],
  [0x95, (machine) => void machine.bytes(8)],
  [code('('), () => MARK],
  [code('0'), (machine) => void (machine.stack.at(-1) === MARK ? machine.stack.pop() : pop(machine))],
  [code('1'), (machine) => void popMark(machine)],
  [code('2'), top],
  [code('N'), () => null],
  [0x88, () => true],
  [0x89, () => false],
  [code('I'), (machine) => decimal(machine.line())],
  [code('L'), (machine) => decimal(machine.line())],
  [code('J'), (machine) => machine.view(4).getInt32(0, true)],
  [code('K'), (machine) => machine.view(1).getUint8(0)],
  [code('M'), (machine) => machine.view(2).getUint16(0, true)],
  [0x8a, (machine) => long(machine.bytes(machine.view(1).getUint8(0)))],
  [0x8b, (machine) => long(machine.bytes(machine.view(4).getInt32(0, true)))],
  [code('F'), (machine) => real(machine.line())],
  [code('G'), (machine) => machine.view(8).getFloat64(0)],
  [code('S'), (machine) => quoted(machine.line())],
  [code('T'), (machine) => text(machine.bytes(machine.view(4).getInt32(0, true)))],
  [code('U'), (machine) => text(machine.bytes(machine.view(1).getUint8(0)))],
  [code('V'), (machine) => machine.line()],
  [code('X'), (machine) => text(machine.bytes(machine.view(4).getUint32(0, true)))],
  [0x8c, (machine) => text(machine.bytes(machine.view(1).getUint8(0)))],
  [0x8d, (machine) => text(machine.bytes(size8(machine)))],
  [code('B'), (machine) => machine.bytes(machine.view(4).getUint32(0, true))],
  [code('C'), (machine) => machine.bytes(machine.view(1).getUint8(0))],
  [0x8e, (machine) => machine.bytes(size8(machine))],
  [code(']'), emptyList],
  [code('l'), (machine) => listOf(machine, popMark(machine))],
  [code('a'), (machine) => append(machine, [pop(machine)])],
  [code('e'), (machine) => append(machine, popMark(machine))],
  [code(')'), emptyList],
  [code('t'), (machine) => listOf(machine, popMark(machine))],
  [0x85, (machine) => listOf(machine, [pop(machine)])],
  [0x86, (machine) => listOf(machine, [pop(machine), pop(machine)].reverse())],
  [0x87, (machine) => listOf(machine, [pop(machine), pop(machine), pop(machine)].reverse())],
  [
    code('}'),
    (machine) => {
      machine.charge(CONTAINER)
      return new Map()
    },
  ],
  [0x8f, (machine) => setMark(machine, false)],
  [0x90, (machine) => void popMark(machine)],
  [0x91, (machine) => setMark(machine, true)],
  [0x81, (machine) => objectOf(machine, 2)],
  [0x92, (machine) => objectOf(machine, 3)],
  [0x96, (machine) => machine.bytes(size8(machine))],
  [code('d'), (machine) => dictionaryOf(machine, popMark(machine))],
  [code('s'), (machine) => setItems(machine, [pop(machine), pop(machine)].reverse())],
  [code('u'), (machine) => setItems(machine, popMark(machine))],
  [code('p'), (machine) => remember(machine, Number(machine.line()))],
  [code('q'), (machine) => remember(machine, machine.view(1).getUint8(0))],
  [code('r'), (machine) => remember(machine, machine.view(4).getUint32(0, true))],
  [0x94, (machine) => remember(machine, machine.memo.size)],
  [code('g'), (machine) => recall(machine, Number(machine.line()))],
  [code('h'), (machine) => recall(machine, machine.view(1).getUint8(0))],
  [code('j'), (machine) => recall(machine, machine.view(4).getUint32(0, true))],
  [code('c'), (machine) => global(machine, machine.line(), machine.line())],
  [
    0x93,
    (machine) => {
      const name = pop(machine)
      return global(machine, pop(machine), name)
    },
  ],
  [code('R'), reduce],
  [code('b'), build],
  [code('P'), (machine) => machine.world.persistent(machine.line())],
  [code('Q'), (machine) => machine.world.persistent(pop(machine))],
])

/** Opcodes that make objects by themselves, with the names that Python's pickletools gives them. */
export const REFUSED: ReadonlyMap<number, string> = new Map([
  [code('i'), 'INST'],
  [code('o'), 'OBJ'],
  [0x82, 'EXT1'],
  [0x83, 'EXT2'],
  [0x84, 'EXT4'],
  [0x97, 'NEXT_BUFFER'],
  [0x98, 'READONLY_BUFFER'],
])
