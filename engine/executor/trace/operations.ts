import { LabError } from '../../../contract/index.js'
import { backend_util, util } from '../../tf.js'
import type { Graph } from './graph.js'
import type { GraphNode } from './node.js'
import {
  entriesOf,
  int64s,
  isUniform,
  rounded,
  sameShape,
  scalarOf,
  uniform,
  type ElementType,
  type Value,
} from './value.js'

/** Sums over more entries than this go axis by axis: one float32 accumulator over millions of values loses digits (docs/PERFORMANCE.md). */
const LARGEST_SUM = 65536

const FOLDED_PAIRS: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Max: Math.max,
  Min: Math.min,
  Pow: Math.pow,
}
const FOLDED: Readonly<Record<string, (x: number) => number>> = {
  Neg: (x) => -x,
  Abs: Math.abs,
  Sqrt: Math.sqrt,
  Exp: Math.exp,
  Log: Math.log,
  Reciprocal: (x) => 1 / x,
}

/** The shape to which two shapes broadcast. */
export const broadcast = (a: readonly number[], b: readonly number[]): number[] =>
  backend_util.assertAndGetBroadcastShape([...a], [...b])

/** Axes as numbers from 0, ascending. */
export const axesOf = (axis: number | number[] | undefined | null, shape: readonly number[]): number[] =>
  util
    .parseAxisParam(axis ?? shape.map((_, index) => index), [...shape])
    .slice()
    .sort((a, b) => a - b)

/** An operation of two operands that broadcast; numbers known now are computed now, and neutral ones vanish. */
export function binary(on: Graph, operator: string, a: Value, b: Value, type: ElementType = a.type): Value {
  const shape = broadcast(a.shape, b.shape)
  const fold = FOLDED_PAIRS[operator]
  if (a.kind === 'uniform' && b.kind === 'uniform' && fold !== undefined)
    return uniform(rounded(fold(a.value, b.value), type), shape, type)
  if (
    sameShape(a.shape, shape) &&
    (((operator === 'Mul' || operator === 'Div') && isUniform(b, 1)) ||
      ((operator === 'Add' || operator === 'Sub') && isUniform(b, 0)))
  )
    return a
  if (sameShape(b.shape, shape) && ((operator === 'Mul' && isUniform(a, 1)) || (operator === 'Add' && isUniform(a, 0))))
    return b
  return on.node(operator, [on.name(a, sameShape(b.shape, shape)), on.name(b, sameShape(a.shape, shape))], shape, type)
}

export const multiply = (on: Graph, a: Value, b: Value): Value => binary(on, 'Mul', a, b)

/** An operation on every entry. */
export function unary(on: Graph, operator: string, x: Value, type: ElementType = x.type): Value {
  const fold = FOLDED[operator]
  if (x.kind === 'uniform' && fold !== undefined) return uniform(rounded(fold(x.value), type), x.shape, type)
  return on.node(operator, [x], x.shape, type)
}

/** ONNX numbers of element types, as `Cast` takes them. */
const CAST_TO: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
}

/** Converts entries; towards zero for whole numbers. */
export function cast(on: Graph, x: Value, type: ElementType): Value {
  if (x.type === type) return x
  if (x.kind === 'uniform') return uniform(rounded(x.value, type), x.shape, type)
  return on.node('Cast', [x], x.shape, type, { to: { int: CAST_TO[type] } })
}

export function reshape(on: Graph, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x
  return x.kind === 'node' ? on.node('Reshape', [x, int64s(shape)], shape, x.type) : { ...x, shape }
}

const PLAIN_TURN = [1, 0] as const
const PLAIN_TRANSPOSE = JSON.stringify({ perm: { ints: PLAIN_TURN } })

/** The node that transposed a matrix; null when none did. */
function transposeBehind(on: Graph, x: Value): GraphNode | null {
  const maker = on.makerOf(x)
  return maker?.operator === 'Transpose' && JSON.stringify(maker.attributes) === PLAIN_TRANSPOSE ? maker : null
}

export function transpose(on: Graph, x: Value, permutation: readonly number[]): Value {
  const shape = permutation.map((axis) => x.shape[axis] ?? 1)
  if (permutation.every((axis, index) => axis === index)) return x
  if (x.kind === 'uniform') return { ...x, shape }
  const plain = permutation.join() === PLAIN_TURN.join()
  const [source] = plain ? (transposeBehind(on, x)?.inputs ?? []) : []
  // Turned twice, it is what it was.
  if (source !== undefined) return { kind: 'node', name: source, shape, type: x.type }
  return on.node('Transpose', [x], shape, x.type, { perm: { ints: permutation } })
}

export function expand(on: Graph, x: Value, shape: readonly number[]): Value {
  if (sameShape(x.shape, shape)) return x
  return x.kind === 'uniform' ? { ...x, shape } : on.node('Expand', [x, int64s(shape)], shape, x.type)
}

/** A block of `size` entries from `begin`. */
export function slice(on: Graph, x: Value, begin: readonly number[], size: readonly number[]): Value {
  if (sameShape(size, x.shape)) return x
  if (x.kind === 'uniform') return { ...x, shape: size }
  return on.node(
    'Slice',
    [
      x,
      int64s(begin),
      int64s(begin.map((start, axis) => start + (size[axis] ?? 0))),
      int64s(begin.map((_, axis) => axis)),
    ],
    size,
    x.type,
  )
}

export function concat(on: Graph, parts: readonly Value[], axis: number): Value {
  const filled = parts.filter(({ shape }) => entriesOf(shape) > 0)
  const [first] = filled.length === 0 ? parts : filled
  if (first === undefined) throw new LabError('trace.function', 'expected at least one tensor to join, got none')
  if (filled.length <= 1) return first
  const at = axis < 0 ? axis + first.shape.length : axis
  const shape = first.shape.map((length, index) =>
    index === at ? filled.reduce((sum, part) => sum + (part.shape[at] ?? 0), 0) : length,
  )
  return on.node('Concat', filled, shape, first.type, { axis: { int: at } })
}

/** Sum, mean, product, largest or smallest over axes. */
export function reduce(
  on: Graph,
  operator: 'ReduceSum' | 'ReduceMean' | 'ReduceProd' | 'ReduceMax' | 'ReduceMin',
  x: Value,
  axis: number | number[] | undefined | null,
  keep: boolean,
): Value {
  const axes = axesOf(axis, x.shape)
  if (axes.length === 0) return x
  const shape = keep
    ? x.shape.map((length, index) => (axes.includes(index) ? 1 : length))
    : x.shape.filter((_, index) => !axes.includes(index))
  const count = entriesOf(axes.map((index) => x.shape[index] ?? 1))
  if (x.type === 'bool') return cast(on, reduce(on, operator, cast(on, x, 'int32'), axes, keep), 'bool')
  if (x.kind === 'uniform' && operator !== 'ReduceProd')
    return uniform(rounded(operator === 'ReduceSum' ? x.value * count : x.value, x.type), shape, x.type)
  const adds = operator === 'ReduceSum' || operator === 'ReduceMean'
  if (adds && x.type === 'float32' && axes.length > 1 && count > LARGEST_SUM) {
    return reduce(on, operator, reduce(on, operator, x, [axes[axes.length - 1] ?? 0], keep), axes.slice(0, -1), keep)
  }
  return on.node(operator, [x, int64s(axes)], shape, x.type, { keepdims: { int: keep ? 1 : 0 } })
}

/** A power; whole and half exponents as products and a root, which are several times faster than the general power. */
export function power(on: Graph, x: Value, exponent: Value): Value {
  if (exponent.kind !== 'uniform' || x.type !== 'float32' || !sameShape(broadcast(x.shape, exponent.shape), x.shape))
    return binary(on, 'Pow', x, exponent)
  const n = exponent.value
  if (n === 0) return uniform(1, x.shape, x.type)
  if (n === 0.5) return unary(on, 'Sqrt', x)
  if (n === -1) return unary(on, 'Reciprocal', x)
  if (!(n > 0 && n <= 64 && Number.isInteger(n * 2))) return binary(on, 'Pow', x, exponent)
  if (!Number.isInteger(n)) return multiply(on, power(on, x, scalarOf(n - 0.5)), unary(on, 'Sqrt', x))
  let result: Value | null = null
  let square = x
  for (let rest = n; rest > 0; rest >>= 1) {
    if ((rest & 1) === 1) result = result === null ? square : multiply(on, result, square)
    if (rest > 1) square = multiply(on, square, square)
  }
  return result ?? x
}

/** Takes a transpose off an operand; the product then reads it the other way round. */
function untransposed(on: Graph, x: Value, transposed: boolean): { x: Value | string; transposed: boolean } {
  const [source] = transposeBehind(on, x)?.inputs ?? []
  return source === undefined ? { x, transposed } : { x: source, transposed: !transposed }
}

/** Matrix product over the last two axes. */
export function matrixProduct(on: Graph, a: Value, b: Value, transposeA: boolean, transposeB: boolean): Value {
  const rankA = a.shape.length
  const rankB = b.shape.length
  const rows = a.shape[rankA - (transposeA ? 1 : 2)] ?? 1
  const columns = b.shape[rankB - (transposeB ? 2 : 1)] ?? 1
  if (rankA === 2 && rankB === 2) {
    const left = untransposed(on, a, transposeA)
    const right = untransposed(on, b, transposeB)
    if (!left.transposed && !right.transposed) return on.node('MatMul', [left.x, right.x], [rows, columns], 'float32')
    return on.node('Gemm', [left.x, right.x], [rows, columns], 'float32', {
      transA: { int: left.transposed ? 1 : 0 },
      transB: { int: right.transposed ? 1 : 0 },
    })
  }
  const transposed = (x: Value, wanted: boolean): Value => {
    const axes = x.shape.map((_, axis) => axis)
    return wanted ? transpose(on, x, [...axes.slice(0, -2), ...axes.slice(-2).reverse()]) : x
  }
  return on.node(
    'MatMul',
    [transposed(a, transposeA), transposed(b, transposeB)],
    [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns],
    'float32',
  )
}
