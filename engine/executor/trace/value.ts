/** Element types inside a graph; the library itself knows the first three. */
export type ElementType = 'float32' | 'int32' | 'bool' | 'int64' | 'uint8' | 'float64'

/** Numbers as ONNX stores them. */
export type ConstantData = Float32Array | Int32Array | Uint8Array | BigInt64Array

interface Typed {
  readonly shape: readonly number[]
  readonly type: ElementType
}

/** What a node of the graph, or an input, gives at run time. */
export interface NodeValue extends Typed {
  readonly kind: 'node'
  readonly name: string
}

/** What a traced tensor represents: something computed at run time, numbers known now, or one number everywhere. */
export type Value =
  | NodeValue
  | (Typed & { readonly kind: 'constant'; readonly data: ConstantData })
  | (Typed & { readonly kind: 'uniform'; readonly value: number })

/** Number of entries of a shape. */
export const entriesOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1)

/** Whether two shapes are the same. */
export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis])

/** One number everywhere. */
export const uniform = (value: number, shape: readonly number[], type: ElementType): Value => ({
  kind: 'uniform',
  value,
  shape,
  type,
})

/** One number without a shape of its own, which broadcasts over anything. */
export const scalarOf = (value: number, type: ElementType = 'float32'): Value => uniform(value, [], type)

/** Whether a value is this number everywhere. */
export const isUniform = (value: Value, number: number): boolean => value.kind === 'uniform' && value.value === number

/** Whole numbers as ONNX wants shapes, axes and indices. */
export const int64s = (numbers: readonly number[]): Value => ({
  kind: 'constant',
  data: BigInt64Array.from(numbers, BigInt),
  shape: [numbers.length],
  type: 'int64',
})

/** Rounds a number as arrays of a type would hold it. */
export function rounded(number: number, type: ElementType): number {
  if (type === 'float32') return Math.fround(number)
  if (type === 'float64') return number
  return type === 'bool' ? Number(number !== 0 && !Number.isNaN(number)) : Math.trunc(number) || 0
}

/** Numbers of a type as an array; `count` times the same for a uniform value. */
export function arrayOf(type: ElementType, numbers: ArrayLike<number> & Iterable<number>): ConstantData {
  switch (type) {
    case 'float32':
    case 'float64':
      return Float32Array.from(numbers)
    case 'int32':
      return Int32Array.from(numbers)
    case 'int64':
      return BigInt64Array.from(Array.from(numbers), BigInt)
    default:
      return Uint8Array.from(numbers)
  }
}
