import type { MappedKernel } from '../../../engine/executor/trace/kernels/index.js'
import type { HostArray, TensorTree } from '../../../engine/executor/tree.js'
import { randomStream } from '../../../engine/random/index.js'
import * as tf from '../../../engine/tf.js'

/** A use of one kernel through the tensor library, with numbers to try it on. */
export interface KernelCase {
  inputs: Record<string, HostArray>
  of: (inputs: Record<string, tf.Tensor>) => TensorTree
  /** Inputs in which it is differentiated; the entries keep away from kinks. */
  differentiate?: readonly string[]
}

/** Random numbers between bounds; never closer to 0 than a tenth of the range, and all different. */
export function numbers(shape: readonly number[], low = -2, high = 2, seed = 1): HostArray {
  const stream = randomStream(seed, `kernel case ${shape.join()}`)
  const count = shape.reduce((product, length) => product * length, 1)
  const keepOff = (high - low) / 20
  const draw = (): number => {
    const value = low + (high - low) * stream.uniform()
    return low < 0 && high > 0 && Math.abs(value) < keepOff ? value + Math.sign(value || 1) * keepOff : value
  }
  return { data: Float32Array.from({ length: count }, draw), shape }
}

const integers = (values: readonly number[], shape: readonly number[] = [values.length]): HostArray => ({
  data: Int32Array.from(values),
  shape,
})
const x = numbers([3, 4])
const positive = numbers([3, 4], 0.3, 3)
const y = numbers([3, 4], -2, 2, 2)
const row = numbers([4], -2, 2, 3)
const cube = numbers([2, 3, 4], -2, 2, 4)
const D = ['x']
const one = (
  of: (x: tf.Tensor) => tf.Tensor,
  input: HostArray = x,
  differentiate: readonly string[] = D,
): KernelCase => ({ inputs: { x: input }, of: ({ x: value }) => ({ out: of(value as tf.Tensor) }), differentiate })
/** Of two operands, alike and broadcast both ways. */
const two = (
  of: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  differentiate = ['a', 'b'],
  a: HostArray = x,
  b: HostArray = y,
  short: HostArray = row,
): KernelCase[] =>
  [
    [a, b],
    [a, short],
    [short, b],
  ].map(([first, second]) => ({
    inputs: { a: first as HostArray, b: second as HostArray },
    of: ({ a: left, b: right }) => ({ out: of(left as tf.Tensor, right as tf.Tensor) }),
    differentiate,
  }))
const flat = (of: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): KernelCase[] =>
  two((a, b) => tf.cast(of(a, b), 'float32'), [])
const truth = (a: tf.Tensor): tf.Tensor => tf.greater(a, 0)
const named = (parts: readonly tf.Tensor[]): TensorTree =>
  Object.fromEntries(parts.map((part, index) => [`part${index}`, part]))

/** Every kernel of the table in at least one use. A kernel without a case does not compile. */
export const KERNEL_CASES: Readonly<Record<MappedKernel, readonly KernelCase[]>> = {
  Abs: [one(tf.abs)],
  Add: two(tf.add),
  AddN: [
    {
      inputs: { a: x, b: y, c: positive },
      of: ({ a, b, c }) => ({ out: tf.addN([a, b, c] as tf.Tensor[]) }),
      differentiate: ['a', 'c'],
    },
  ],
  All: [one((a) => tf.cast(tf.all(truth(a), 1), 'float32'), x, [])],
  Any: [one((a) => tf.cast(tf.any(truth(a), 0), 'float32'), x, [])],
  ArgMax: [one((a) => tf.argMax(a, 1), x, []), one((a) => tf.argMax(a, 0), x, [])],
  ArgMin: [one((a) => tf.argMin(a, 1), x, [])],
  BatchMatMul: [
    ...[
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ].map(([turnA, turnB]): KernelCase => ({
      inputs: { a: numbers(turnA === true ? [5, 3] : [3, 5]), b: numbers(turnB === true ? [4, 5] : [5, 4], -2, 2, 2) },
      of: ({ a, b }) => ({ out: tf.matMul(a as tf.Tensor, b as tf.Tensor, turnA, turnB) }),
      differentiate: ['a', 'b'],
    })),
    {
      inputs: { a: cube, b: numbers([2, 4, 3], -2, 2, 5) },
      of: ({ a, b }) => ({ out: tf.matMul(a as tf.Tensor, b as tf.Tensor) }),
      differentiate: ['a', 'b'],
    },
    {
      inputs: { a: numbers([3, 5]), b: numbers([4, 5], -2, 2, 2) },
      of: ({ a, b }) => ({ out: tf.matMul(a as tf.Tensor, tf.transpose(b as tf.Tensor)) }),
      differentiate: ['a', 'b'],
    },
  ],
  Cast: [one((a) => tf.cast(tf.cast(a, 'int32'), 'float32'), x, []), one((a) => tf.cast(truth(a), 'float32'), x, [])],
  Ceil: [one(tf.ceil)],
  ClipByValue: [one((a) => tf.clipByValue(a, -0.7, 0.9))],
  Concat: [
    {
      inputs: { a: x, b: y },
      of: ({ a, b }) => ({ out: tf.concat([a, b] as tf.Tensor[], 1), rows: tf.concat([b, a] as tf.Tensor[], 0) }),
      differentiate: ['a', 'b'],
    },
  ],
  Cos: [one(tf.cos)],
  Cumsum: [one((a) => tf.cumsum(a, 1)), one((a) => tf.cumsum(a, 0, true, true))],
  Elu: [one(tf.elu)],
  Equal: flat((a, b) => tf.equal(tf.floor(a), tf.floor(b))),
  Erf: [one(tf.erf)],
  Exp: [one(tf.exp)],
  ExpandDims: [one((a) => tf.expandDims(a, 1)), one((a) => tf.expandDims(a, -1))],
  Expm1: [one(tf.expm1)],
  Fill: [one((a) => tf.add(a, tf.fill([3, 4], 2.5)))],
  Floor: [one(tf.floor)],
  FloorDiv: [
    {
      inputs: { a: integers([7, -7, 9]), b: integers([2, 2, -4]) },
      of: ({ a, b }) => ({ out: tf.floorDiv(a as tf.Tensor, b as tf.Tensor) }),
    },
  ],
  FusedBatchNorm: [
    {
      inputs: { x, mean: row, variance: numbers([4], 0.5, 2), offset: row, scale: numbers([4], 0.5, 2, 8) },
      of: (t) => ({
        out: tf.batchNorm(
          t['x'] as tf.Tensor2D,
          t['mean'] as tf.Tensor1D,
          t['variance'] as tf.Tensor1D,
          t['offset'] as tf.Tensor1D,
          t['scale'] as tf.Tensor1D,
          1e-5,
        ),
      }),
    },
  ],
  GatherNd: [
    {
      inputs: { x: cube, at: integers([0, 1, 1, 2], [2, 2]) },
      of: ({ x: of, at }) => ({ out: tf.gatherND(of as tf.Tensor, at as tf.Tensor) }),
    },
  ],
  GatherV2: [0, 1, 2].map((axis): KernelCase => ({
    inputs: { x: cube, at: integers([1, 0, 1, 1]) },
    of: ({ x: of, at }) => ({ out: tf.gather(of as tf.Tensor, at as tf.Tensor1D, axis) }),
    differentiate: D,
  })),
  Greater: flat(tf.greater),
  GreaterEqual: flat(tf.greaterEqual),
  Identity: [one((a) => a.clone())],
  IsFinite: [
    one(
      (a) => tf.cast(tf.isFinite(a), 'float32'),
      { data: Float32Array.of(1, NaN, Infinity, -Infinity), shape: [4] },
      [],
    ),
  ],
  IsNan: [one((a) => tf.cast(tf.isNaN(a), 'float32'), { data: Float32Array.of(1, NaN, Infinity, 0), shape: [4] }, [])],
  LeakyRelu: [one((a) => tf.leakyRelu(a, 0.3))],
  Less: flat(tf.less),
  LessEqual: flat(tf.lessEqual),
  LinSpace: [one((a) => tf.add(a, tf.linspace(-1, 2, 4)))],
  Log: [one(tf.log, positive)],
  Log1p: [one(tf.log1p, positive)],
  LogicalAnd: flat((a, b) => tf.logicalAnd(truth(a), truth(b))),
  LogicalNot: [one((a) => tf.cast(tf.logicalNot(truth(a)), 'float32'), x, [])],
  LogicalOr: flat((a, b) => tf.logicalOr(truth(a), truth(b))),
  Max: [
    one((a) => tf.logSoftmax(a)),
    one((a) => tf.max(a, 1)),
    one((a) => tf.max(a)),
    one((a) => tf.max(a, [0, 2], true), cube),
  ],
  Maximum: two(tf.maximum),
  Mean: [one((a) => tf.mean(a, 0)), one((a) => tf.mean(a)), one((a) => tf.mean(a, [1, 2], true), cube)],
  Min: [one((a) => tf.min(a, 1)), one((a) => tf.min(a, [0, 2]), cube)],
  Minimum: two(tf.minimum),
  Mod: two(tf.mod, [], x, positive, numbers([4], 0.5, 2, 9)).slice(0, 2),
  Multiply: two(tf.mul),
  Neg: [one(tf.neg)],
  NotEqual: flat((a, b) => tf.notEqual(tf.floor(a), tf.floor(b))),
  OneHot: [
    {
      inputs: { at: integers([2, 0, -1, 5, 3]) },
      of: ({ at }) => ({
        out: tf.oneHot(at as tf.Tensor1D, 4),
        soft: tf.oneHot(at as tf.Tensor1D, 4, 0.9, 0.1, 'float32'),
      }),
    },
  ],
  OnesLike: [one((a) => tf.mul(a, tf.onesLike(a)))],
  Pack: [
    {
      inputs: { a: x, b: y },
      of: ({ a, b }) => ({ out: tf.stack([a, b] as tf.Tensor[], 1) }),
      differentiate: ['a', 'b'],
    },
  ],
  PadV2: [
    one((a) =>
      tf.pad(
        a,
        [
          [1, 0],
          [2, 3],
        ],
        7,
      ),
    ),
  ],
  Pow: [
    ...two(tf.pow, ['a', 'b'], positive, y, numbers([4], 0.5, 2, 9)),
    ...[0.5, 1.5, 2, 3, 4.5, -1, 2.62].map((n) => one((a) => tf.pow(a, n), positive)),
    one((a) => tf.pow(tf.relu(a), 4.5)),
    one((a) => tf.pow(a, 3)),
  ],
  Prelu: [
    {
      inputs: { x, slope: numbers([4], 0.1, 0.5) },
      of: (t) => ({ out: tf.prelu(t['x'] as tf.Tensor, t['slope'] as tf.Tensor) }),
    },
  ],
  Prod: [one((a) => tf.prod(a, 1), x, [])],
  Range: [one((a) => tf.add(a, tf.range(0, 4, 1, 'float32')))],
  RealDiv: two(tf.div, ['a', 'b'], x, positive, numbers([4], 0.5, 2, 9)),
  Reciprocal: [one(tf.reciprocal, positive)],
  Relu: [one(tf.relu)],
  Relu6: [one((a) => tf.relu6(tf.mul(a, 5)))],
  Reshape: [one((a) => tf.reshape(a, [2, -1]))],
  Reverse: [one((a) => tf.reverse(a, 1)), one((a) => tf.reverse(a, [0, 2]), cube)],
  Round: [one(tf.round)],
  Rsqrt: [one(tf.rsqrt, positive)],
  ScatterNd: [
    {
      inputs: { rows: integers([1, 0, 1], [3, 1]), x: numbers([3, 4]) },
      of: ({ rows, x: of }) => ({ out: tf.scatterND(rows as tf.Tensor, of as tf.Tensor, [3, 4]) }),
    },
  ],
  Select: [
    {
      inputs: { a: x, b: y },
      of: ({ a, b }) => ({
        out: tf.where(truth(b as tf.Tensor), a as tf.Tensor, tf.mul(a as tf.Tensor, b as tf.Tensor)),
      }),
      differentiate: ['a', 'b'],
    },
    {
      inputs: { a: x },
      of: ({ a }) => ({
        out: tf.where(truth(a as tf.Tensor), tf.zerosLike(a as tf.Tensor), tf.onesLike(a as tf.Tensor)),
      }),
    },
  ],
  Sigmoid: [one(tf.sigmoid)],
  Sign: [one(tf.sign)],
  Sin: [one(tf.sin)],
  Slice: [one((a) => tf.slice(a, [1, 0], [2, 3])), one((a) => tf.slice(a, [0, 1, 2], [-1, 2, -1]), cube)],
  Softmax: [one((a) => tf.softmax(a))],
  Softplus: [one(tf.softplus)],
  SplitV: [{ inputs: { x }, of: ({ x: of }) => named(tf.split(of as tf.Tensor, [1, 3], 1)), differentiate: D }],
  Sqrt: [one(tf.sqrt, positive)],
  Square: [one(tf.square)],
  SquaredDifference: two(tf.squaredDifference),
  Step: [
    one((a) => tf.step(a)),
    one((a) => tf.step(a, 0.2)),
    one((a) => tf.step(a), { data: Float32Array.of(-1, 0, 2, NaN), shape: [4] }, []),
  ],
  StridedSlice: [one((a) => tf.stridedSlice(a, [0, 3], [3, 0], [2, -1]), x, [])],
  Sub: two(tf.sub),
  Sum: [one((a) => tf.sum(a, 0)), one((a) => tf.sum(a)), one((a) => tf.sum(a, [0, 2], true), cube)],
  Tan: [one(tf.tan, numbers([3, 4], -1, 1))],
  Tanh: [one(tf.tanh)],
  TensorScatterUpdate: [
    {
      inputs: { x, rows: integers([2, 0], [2, 1]), updates: numbers([2, 4], -2, 2, 6) },
      of: (t) => ({
        out: tf.tensorScatterUpdate(t['x'] as tf.Tensor, t['rows'] as tf.Tensor, t['updates'] as tf.Tensor),
      }),
    },
  ],
  Tile: [one((a) => tf.tile(a, [2, 3])), one((a) => tf.tile(a, [5]), numbers([1]))],
  TopK: [{ inputs: { x: numbers([3, 6]) }, of: ({ x: of }) => ({ ...tf.topk(of as tf.Tensor, 3, true) }) }],
  Transpose: [one((a) => tf.transpose(a)), one((a) => tf.transpose(a, [2, 0, 1]), cube)],
  Unpack: [{ inputs: { x }, of: ({ x: of }) => named(tf.unstack(of as tf.Tensor, 1)), differentiate: D }],
  UnsortedSegmentSum: [
    {
      inputs: { x, segments: integers([1, 0, 1]) },
      of: ({ x: of, segments }) => ({ out: tf.unsortedSegmentSum(of as tf.Tensor, segments as tf.Tensor1D, 3) }),
    },
  ],
  ZerosLike: [one((a) => tf.add(a, tf.zerosLike(a)))],
  _FusedMatMul: [null, 'relu', 'sigmoid', 'elu', 'leakyrelu'].map((activation): KernelCase => ({
    inputs: { a: numbers([3, 5]), b: numbers([5, 4], -2, 2, 2), bias: row },
    of: ({ a, b, bias }) => ({
      out: tf.fused.matMul({
        a: a as tf.Tensor,
        b: b as tf.Tensor,
        bias: bias as tf.Tensor,
        activation: (activation ?? 'linear') as 'relu',
        leakyreluAlpha: 0.3,
      }),
    }),
  })),
}
