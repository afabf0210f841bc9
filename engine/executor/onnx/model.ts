/**
 * Writes ONNX models as protocol-buffer bytes: just the messages that a graph of plain nodes needs.
 * Field numbers are those of onnx.proto (ModelProto, GraphProto, NodeProto, AttributeProto, TensorProto, ValueInfoProto).
 */

/** Element types by their number in TensorProto.DataType. */
const ELEMENT_TYPES = { float32: 1, int64: 7, float64: 11 } as const
export type ElementType = keyof typeof ELEMENT_TYPES

/** One operation: names of what it reads and writes, and its attributes (whole numbers are INT, others FLOAT). */
export interface OnnxNode {
  operator: string
  inputs: readonly string[]
  outputs: readonly string[]
  attributes?: Readonly<Record<string, { int: number } | { float: number }>>
}

/** An input or output of the graph; a text stands for a size that may change from call to call. */
export interface OnnxValue {
  name: string
  type: ElementType
  shape: readonly (number | string)[]
}

/** A constant of 64-bit whole numbers. */
export interface OnnxConstant {
  name: string
  values: readonly number[]
}

const IR_VERSION = 9
const OPERATOR_SET = 18
const VARINT = 0
const LENGTH = 2
const FIXED32 = 5

function varint(value: number | bigint): Buffer {
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

function message(field: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
  return Buffer.concat([key(field, LENGTH), varint(body.length), body])
}

function attribute(name: string, value: { int: number } | { float: number }): Buffer {
  if ('int' in value) return message(5, message(1, name), integer(3, value.int), integer(20, 2))
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value.float)
  return message(5, message(1, name), key(2, FIXED32), bytes, integer(20, 1))
}

const node = ({ operator, inputs, outputs, attributes = {} }: OnnxNode): Buffer => message(1,
  ...inputs.map((name) => message(1, name)), ...outputs.map((name) => message(2, name)), message(4, operator), ...Object.entries(attributes).map(([name, value]) => attribute(name, value)))

const constant = ({ name, values }: OnnxConstant): Buffer => message(5,
  integer(1, values.length), integer(2, ELEMENT_TYPES.int64), message(8, name), message(9, Buffer.from(BigInt64Array.from(values, BigInt).buffer)))

function valueInfo(field: number, { name, type, shape }: OnnxValue): Buffer {
  const sizes = shape.map((size) => message(1, typeof size === 'string' ? message(2, size) : integer(1, size)))
  return message(field, message(1, name), message(2, message(1, integer(1, ELEMENT_TYPES[type]), message(2, ...sizes))))
}

/**
 * A whole model.
 *
 * @param graph - nodes in an order in which every value is made before it is read
 * @returns the bytes that `InferenceSession.create` takes
 *
 * Source: onnx.proto of ONNX 1.14 (IR version 9, operator set 18).
 */
export function onnxModel(graph: { name: string; nodes: readonly OnnxNode[]; constants?: readonly OnnxConstant[]; inputs: readonly OnnxValue[]; outputs: readonly OnnxValue[] }): Buffer {
  const body = message(7,
    ...graph.nodes.map(node), message(2, graph.name), ...(graph.constants ?? []).map(constant),
    ...graph.inputs.map((value) => valueInfo(11, value)), ...graph.outputs.map((value) => valueInfo(12, value)))
  return Buffer.concat([integer(1, IR_VERSION), message(2, 'locallearning-workbench'), body, message(8, integer(2, OPERATOR_SET))])
}
