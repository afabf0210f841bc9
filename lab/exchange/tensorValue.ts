import { protoFields, protoNumber, type ProtoField } from './protobuf.js'

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** A number of 16 bits with 5 for the exponent. */
function halfOf(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff]
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction === 0
          ? Infinity
          : NaN
        : (1 + fraction / 1024) * 2 ** (exponent - 15)
  return bits >> 15 === 1 ? -size : size
}

/** The upper half of a float32. */
function brainOf(bits: number): number {
  const view = new DataView(new ArrayBuffer(4))
  view.setUint32(0, bits << 16)
  return view.getFloat32(0)
}

/** How TensorFlow's types of numbers are stored: bytes of one, how to read it from `tensor_content`, and the list of the message. */
const TYPES: Readonly<Record<number, { bytes: number; read: (view: DataView) => number; list: number }>> = {
  1: { bytes: 4, read: (view) => view.getFloat32(0, true), list: 5 },
  2: { bytes: 8, read: (view) => view.getFloat64(0, true), list: 6 },
  3: { bytes: 4, read: (view) => view.getInt32(0, true), list: 7 },
  4: { bytes: 1, read: (view) => view.getUint8(0), list: 7 },
  5: { bytes: 2, read: (view) => view.getInt16(0, true), list: 7 },
  6: { bytes: 1, read: (view) => view.getInt8(0), list: 7 },
  9: { bytes: 8, read: (view) => Number(view.getBigInt64(0, true)), list: 10 },
  10: { bytes: 1, read: (view) => view.getUint8(0), list: 11 },
  14: { bytes: 2, read: (view) => brainOf(view.getUint16(0, true)), list: 13 },
  17: { bytes: 2, read: (view) => view.getUint16(0, true), list: 7 },
  19: { bytes: 2, read: (view) => halfOf(view.getUint16(0, true)), list: 13 },
  22: { bytes: 4, read: (view) => view.getUint32(0, true), list: 16 },
  23: { bytes: 8, read: (view) => Number(view.getBigUint64(0, true)), list: 17 },
}
const HALF = 19
const BRAIN = 14
const DTYPE = 1
const CONTENT = 4

/** A number of a list of the message: packed bytes, or a field for each. */
function listed(field: ProtoField, type: number): number | null {
  const spec = TYPES[type]
  if (spec === undefined) return null
  const plain = field.wire !== 2
  if (type === HALF || type === BRAIN) {
    const bits = plain ? field.integer : firstVarint(field.bytes)
    return bits === null ? null : type === HALF ? halfOf(bits) : brainOf(bits)
  }
  if (plain) return protoNumber(field)
  const isFixed = type === 1 || type === 2
  if (!isFixed) return firstVarint(field.bytes)
  return field.bytes.length === spec.bytes ? spec.read(viewOf(field.bytes)) : null
}

/** The only varint of packed bytes; null where there are none or several. */
function firstVarint(bytes: Uint8Array): number | null {
  // A key of field 1 before it makes it a message that the general reader takes.
  const [field, more] = [...protoFields(Uint8Array.from([8, ...bytes.subarray(0, 10)]))]
  return field === undefined || more !== undefined || bytes.length > 10 ? null : field.integer
}

/**
 * The number of a `TensorProto` that holds one.
 *
 * @returns null for tensors of another size, texts and other types
 * @throws LabError `file.damaged`
 */
export function tensorNumber(bytes: Uint8Array): number | null {
  const fields = [...protoFields(bytes)]
  const type = fields.find(({ number }) => number === DTYPE)?.integer ?? 0
  const spec = TYPES[type]
  if (spec === undefined) return null
  const content = fields.find(({ number }) => number === CONTENT)
  if (content !== undefined && content.bytes.length > 0)
    return content.bytes.length === spec.bytes ? spec.read(viewOf(content.bytes)) : null
  const values = fields.filter(({ number }) => number === spec.list)
  const [only] = values
  return only === undefined || values.length > 1 ? null : listed(only, type)
}
