import type { Attribute, GraphConstant, GraphNode, GraphParts, NamedType } from '../trace/node.js'
import type { ElementType } from '../trace/value.js'

/**
 * Writes ONNX models as protocol-buffer bytes: just the messages that our graphs need.
 * Field numbers are those of onnx.proto (ModelProto, GraphProto, NodeProto, AttributeProto, TensorProto, ValueInfoProto).
 */

/** Element types by their number in TensorProto.DataType. */
const ELEMENT_TYPES: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
}

/** Kinds of attributes by their number in AttributeProto.AttributeType. */
const ATTRIBUTE_TYPES = { float: 1, int: 2, text: 3, body: 5, ints: 7 } as const

const IR_VERSION = 9
const OPERATOR_SET = 18
const VARINT = 0
const LENGTH = 2
const FIXED32 = 5

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

const key = (field: number, wireType: number): Buffer => varint((field << 3) | wireType)
const integer = (field: number, value: number): Buffer => Buffer.concat([key(field, VARINT), varint(value)])

function message(field: number, ...parts: readonly (Uint8Array | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
  return Buffer.concat([key(field, LENGTH), varint(body.length), body])
}

function attribute(name: string, value: Attribute): Buffer {
  if ('int' in value) return message(5, message(1, name), integer(3, value.int), integer(20, ATTRIBUTE_TYPES.int))
  if ('ints' in value)
    return message(
      5,
      message(1, name),
      ...value.ints.map((entry) => integer(8, entry)),
      integer(20, ATTRIBUTE_TYPES.ints),
    )
  if ('text' in value) return message(5, message(1, name), message(4, value.text), integer(20, ATTRIBUTE_TYPES.text))
  if ('body' in value)
    return message(5, message(1, name), message(6, graphBytes(value.body, 'body')), integer(20, ATTRIBUTE_TYPES.body))
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value.float)
  return message(5, message(1, name), key(2, FIXED32), bytes, integer(20, ATTRIBUTE_TYPES.float))
}

const node = ({ operator, inputs, outputs, attributes }: GraphNode): Buffer =>
  message(
    1,
    ...inputs.map((name) => message(1, name)),
    ...outputs.map((name) => message(2, name)),
    message(4, operator),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  )

const constant = ({ name, type, shape, data }: GraphConstant): Buffer =>
  message(
    5,
    ...shape.map((length) => integer(1, length)),
    integer(2, ELEMENT_TYPES[type]),
    message(8, name),
    message(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  )

function valueInfo(field: number, { name, type, shape }: NamedType): Buffer {
  const sizes = shape.map((size) => message(1, typeof size === 'string' ? message(2, size) : integer(1, size)))
  return message(field, message(1, name), message(2, message(1, integer(1, ELEMENT_TYPES[type]), message(2, ...sizes))))
}

function graphBytes({ nodes, constants, inputs, outputs }: GraphParts, name: string): Buffer {
  return Buffer.concat([
    ...nodes.map(node),
    message(2, name),
    ...constants.map(constant),
    ...inputs.map((value) => valueInfo(11, value)),
    ...outputs.map((value) => valueInfo(12, value)),
  ])
}

/**
 * A whole model.
 *
 * @param graph - a string in a shape names a size that may change between calls
 * @returns the bytes that `InferenceSession.create` takes
 *
 * Source: onnx.proto of ONNX 1.14 (IR version 9, operator set 18).
 */
export function onnxModel(graph: GraphParts): Buffer {
  return Buffer.concat([
    integer(1, IR_VERSION),
    message(2, 'locallearning-workbench'),
    message(7, graphBytes(graph, 'program')),
    message(8, integer(2, OPERATOR_SET)),
  ])
}
