import { LabError } from '../../contract/index.js'

/** One field of a message: a whole number, eight or four raw bytes, or bytes of any length. */
export interface ProtoField {
  number: number
  wire: 0 | 1 | 2 | 5
  /** Value of wire type 0; negative numbers of 64 bits as such. */
  integer: number
  /** Value of the other wire types. */
  bytes: Uint8Array
}

const NOTHING = new Uint8Array(0)
const broken = (): LabError => new LabError('file.damaged', 'a record is not a valid protobuf message')

/** A varint and the place after it; numbers above 2⁵³ are rounded. */
function readVarint(bytes: Uint8Array, start: number): { value: number; next: number } {
  let [low, high] = [0, 0]
  for (let place = 0; place < 10; place++) {
    const byte = bytes[start + place]
    if (byte === undefined) throw broken()
    const bits = byte & 0x7f
    if (place < 4) low |= bits << (7 * place)
    else if (place === 4) {
      low |= (bits & 0xf) << 28
      high |= bits >> 4
    } else high |= bits << (7 * (place - 5) + 3)
    if (byte < 0x80) return { value: (high | 0) * 2 ** 32 + (low >>> 0), next: start + place + 1 }
  }
  throw broken()
}

/**
 * The fields of a message one after the other, without copying.
 *
 * @throws LabError `file.damaged`
 */
export function* protoFields(bytes: Uint8Array): Generator<ProtoField> {
  let place = 0
  while (place < bytes.length) {
    const { value: key, next } = readVarint(bytes, place)
    const [number, wire] = [Math.floor(key / 8), key & 7]
    place = next
    if (number < 1) throw broken()
    if (wire === 0) {
      const { value, next: after } = readVarint(bytes, place)
      place = after
      yield { number, wire, integer: value, bytes: NOTHING }
    } else if (wire === 1 || wire === 2 || wire === 5) {
      const length = wire === 2 ? readVarint(bytes, place) : { value: wire === 1 ? 8 : 4, next: place }
      const end = length.next + length.value
      if (length.value < 0 || end > bytes.length) throw broken()
      yield { number, wire, integer: 0, bytes: bytes.subarray(length.next, end) }
      place = end
    } else throw broken()
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const decoder = new TextDecoder()

/** The value of a field of type double, float or a whole number; NaN for other fields. */
export function protoNumber({ wire, integer, bytes }: ProtoField): number {
  if (wire === 0) return integer
  if (wire === 1) return viewOf(bytes).getFloat64(0, true)
  return wire === 5 ? viewOf(bytes).getFloat32(0, true) : NaN
}

/** The value of a field of type string; what is no UTF-8 becomes a replacement character. */
export const protoText = ({ bytes }: ProtoField): string => decoder.decode(bytes)

const encoder = new TextEncoder()

function varint(value: number): number[] {
  const bytes: number[] = []
  if (value >= 0 && Number.isSafeInteger(value)) {
    let left = value
    for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80)
    bytes.push(left)
    return bytes
  }
  let rest = BigInt.asUintN(64, BigInt(Math.trunc(value)))
  do {
    const bits = Number(rest & 0x7fn)
    rest >>= 7n
    bytes.push(rest === 0n ? bits : bits | 0x80)
  } while (rest !== 0n)
  return bytes
}

const eight = (value: number): Uint8Array => {
  const bytes = new Uint8Array(8)
  viewOf(bytes).setFloat64(0, value, true)
  return bytes
}

const four = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4)
  viewOf(bytes).setFloat32(0, value, true)
  return bytes
}

/** Puts byte arrays one after the other. */
export function joined(parts: readonly ArrayLike<number>[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let place = 0
  for (const part of parts) {
    bytes.set(part, place)
    place += part.length
  }
  return bytes
}

/** Fields as they are written; a message is {@link joined} from them. */
export const proto = {
  integer: (number: number, value: number): Uint8Array => Uint8Array.from([...varint(number * 8), ...varint(value)]),
  float: (number: number, value: number): Uint8Array => joined([varint(number * 8 + 5), four(value)]),
  double: (number: number, value: number): Uint8Array => joined([varint(number * 8 + 1), eight(value)]),
  bytes: (number: number, value: Uint8Array): Uint8Array =>
    joined([varint(number * 8 + 2), varint(value.length), value]),
  text: (number: number, value: string): Uint8Array => proto.bytes(number, encoder.encode(value)),
  message: (number: number, ...fields: readonly Uint8Array[]): Uint8Array => proto.bytes(number, joined(fields)),
}
