import { damagedPickle, MARK, pop, popMark, top, unsafe, type Item, type Machine, type PickleGlobal, type Unpickled } from './pickleMachine.js'

/** Keys compare by value in Python; numbers and texts do here too, and a state dictionary has no others. */
function setItems(machine: Machine, pairs: Unpickled[]): void {
  const target = top(machine)
  if (!(target instanceof Map) || pairs.length % 2 !== 0) throw damagedPickle('entries are put into what is no dictionary')
  for (let at = 0; at < pairs.length; at += 2) {
    if (typeof pairs[at] !== 'string' && typeof pairs[at] !== 'number') throw damagedPickle('a key of a dictionary is neither text nor number')
    target.set(pairs[at] as Unpickled, pairs[at + 1] as Unpickled)
  }
}

function append(machine: Machine, values: Unpickled[]): void {
  const target = top(machine)
  if (!Array.isArray(target)) throw damagedPickle('values are appended to what is no list')
  target.push(...values)
}

function dictionaryOf(machine: Machine, pairs: Unpickled[]): Map<Unpickled, Unpickled> {
  machine.stack.push(new Map())
  setItems(machine, pairs)
  return pop(machine) as Map<Unpickled, Unpickled>
}

function global(machine: Machine, module: Unpickled, name: Unpickled): PickleGlobal {
  if (typeof module !== 'string' || typeof name !== 'string') throw damagedPickle('a name is no text')
  const full = `${module}.${name}`
  const known = machine.world.globals.get(full)
  if (known === undefined) throw unsafe(full)
  return known
}

function reduce(machine: Machine): Unpickled {
  const values = pop(machine)
  const callee = pop(machine)
  const name = typeof callee === 'object' && callee !== null && 'name' in callee ? callee.name : 'a value that is called'
  if (typeof callee !== 'object' || callee === null || !('kind' in callee) || callee.kind !== 'global' || callee.call === undefined || !Array.isArray(values)) throw unsafe(name)
  return callee.call(values)
}

/** Attributes that state dictionaries carry beside their entries (`_metadata`) are not needed. */
function build(machine: Machine): void {
  pop(machine)
  if (!(top(machine) instanceof Map)) throw unsafe('an object with attributes of its own')
}

export const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes)
const size8 = (machine: Machine): number => Number(machine.view(8).getBigUint64(0, true))

/** A little-endian integer of two's complement. */
function long(bytes: Uint8Array): number | bigint {
  let value = 0n
  for (let at = bytes.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at] as number)
  if (((bytes.at(-1) ?? 0) & 0x80) !== 0) value -= 1n << BigInt(8 * bytes.length)
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function decimal(line: string): Unpickled {
  if (line === '00') return false
  if (line === '01') return true
  const plain = line.replace(/L$/, '')
  if (!/^-?\d{1,400}$/.test(plain)) throw damagedPickle(`${line.slice(0, 40)} is no whole number`)
  const value = Number(plain)
  return Number.isSafeInteger(value) ? value : BigInt(plain)
}

function real(line: string): number {
  const value = { inf: Infinity, '-inf': -Infinity, nan: NaN }[line] ?? (line.trim() === '' ? undefined : Number(line))
  if (value === undefined || (Number.isNaN(value) && line !== 'nan')) throw damagedPickle(`${line.slice(0, 40)} is no number`)
  return value
}

/** A text between quotes as Python's repr writes it; escapes are left to files that need none. */
function quoted(line: string): string {
  const match = /^(['"])([^\\]*)\1$/.exec(line)
  if (match === null) throw damagedPickle('a text is not between quotes')
  return match[2] ?? ''
}

const remember = (machine: Machine, key: number): void => void machine.memo.set(key, top(machine))
function recall(machine: Machine, key: number): Item {
  const item = machine.memo.get(key)
  if (item === undefined) throw damagedPickle(`it recalls value ${key}, which it never stored`)
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
  [code(']'), () => []],
  [code('l'), popMark],
  [code('a'), (machine) => append(machine, [pop(machine)])],
  [code('e'), (machine) => append(machine, popMark(machine))],
  [code(')'), () => []],
  [code('t'), popMark],
  [0x85, (machine) => [pop(machine)]],
  [0x86, (machine) => [pop(machine), pop(machine)].reverse()],
  [0x87, (machine) => [pop(machine), pop(machine), pop(machine)].reverse()],
  [code('}'), () => new Map()],
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
  [0x93, (machine) => {
    const name = pop(machine)
    return global(machine, pop(machine), name)
  }],
  [code('R'), reduce],
  [code('b'), build],
  [code('P'), (machine) => machine.world.persistent(machine.line())],
  [code('Q'), (machine) => machine.world.persistent(pop(machine))],
])

/** Opcodes that make objects by themselves, with the names that Python's pickletools gives them. */
export const REFUSED: ReadonlyMap<number, string> = new Map([
  [code('i'), 'INST'], [code('o'), 'OBJ'], [0x81, 'NEWOBJ'], [0x92, 'NEWOBJ_EX'], [0x82, 'EXT1'], [0x83, 'EXT2'], [0x84, 'EXT4'], [0x8f, 'EMPTY_SET'], [0x90, 'ADDITEMS'],
  [0x91, 'FROZENSET'], [0x96, 'BYTEARRAY8'], [0x97, 'NEXT_BUFFER'], [0x98, 'READONLY_BUFFER'],
])
