import { backend_util, slice_util, util, type Tensor } from '../../../tf.js'
import type { Graph } from '../graph.js'
import { axesOf, concat, expand, reshape, slice, transpose } from '../operations.js'
import { arrayOf, entriesOf, int64s, scalarOf, uniform, type ElementType, type Value } from '../value.js'
import { many, one, type KernelTable } from './kernel.js'

type LibraryType = 'float32' | 'int32' | 'bool'
interface Strides {
  begin: number[]
  end: number[]
  strides: number[]
  beginMask: number
  endMask: number
  ellipsisMask: number
  newAxisMask: number
  shrinkAxisMask: number
}

/** ONNX reads an end of -1 as "the last entry"; this is before the first. */
const BEFORE_FIRST = -(2 ** 31)

const withoutAxis = (shape: readonly number[], axis: number): number[] => shape.filter((_, index) => index !== axis)
const withAxis = (shape: readonly number[], axis: number): number[] => [
  ...shape.slice(0, axis),
  1,
  ...shape.slice(axis),
]

/** Numbers from `start` in equal steps. */
export function range(start: number, count: number, step: number, type: ElementType): Value {
  const numbers = Array.from({ length: count }, (_, index) => start + index * step)
  return { kind: 'constant', data: arrayOf(type, numbers), shape: [count], type }
}

/** A block along one axis. */
function part(on: Graph, x: Value, axis: number, from: number, length: number): Value {
  return slice(
    on,
    x,
    x.shape.map((_, index) => (index === axis ? from : 0)),
    x.shape.map((whole, index) => (index === axis ? length : whole)),
  )
}

function strided(on: Graph, x: Value, given: Strides): Value {
  const { begin, end, strides, finalShape, isIdentity } = slice_util.sliceInfo(
    [...x.shape],
    given.begin,
    given.end,
    given.strides,
    given.beginMask,
    given.endMask,
    given.ellipsisMask,
    given.newAxisMask,
    given.shrinkAxisMask,
  )
  if (isIdentity) return reshape(on, x, finalShape)
  const lengths = begin.map((from, axis) => Math.max(0, Math.ceil(((end[axis] ?? 0) - from) / (strides[axis] ?? 1))))
  const ends = end.map((to, axis) => ((strides[axis] ?? 1) < 0 && to < 0 ? BEFORE_FIRST : to))
  const axes = int64s(begin.map((_, axis) => axis))
  return reshape(
    on,
    on.node('Slice', [x, int64s(begin), int64s(ends), axes, int64s(strides)], lengths, x.type),
    finalShape,
  )
}

/** Kernels that move, repeat or make entries. */
export const SHAPE_KERNELS = {
  Identity: one((_, x) => x),
  Reshape: one<{ shape: number[] }>((on, x, { shape }) =>
    reshape(on, x, util.inferFromImplicitShape(shape, entriesOf(x.shape))),
  ),
  ExpandDims: one<{ dim: number }>((on, x, { dim }) =>
    reshape(on, x, withAxis(x.shape, dim < 0 ? dim + x.shape.length + 1 : dim)),
  ),
  Transpose: one<{ perm: number[] }>((on, x, { perm }) => transpose(on, x, perm)),
  Slice: one<{ begin: number[]; size: number[] }>((on, x, { begin, size }) => {
    // The library asks for no more of its tensor than the shape.
    const [starts, lengths] = slice_util.parseSliceParams(
      { shape: [...x.shape], rank: x.shape.length } as Tensor,
      begin,
      size,
    ) as [number[], number[]]
    return slice(on, x, starts, lengths)
  }),
  StridedSlice: one<Strides>(strided),
  Concat: many<{ axis: number }>((on, parts, { axis }) => concat(on, parts, axis)),
  Pack: many<{ axis: number }>((on, parts, { axis }) => {
    const at = axis < 0 ? axis + (parts[0]?.shape.length ?? 0) + 1 : axis
    return concat(
      on,
      parts.map((x) => reshape(on, x, withAxis(x.shape, at))),
      at,
    )
  }),
  Unpack: one<{ axis: number }>((on, x, { axis }) => {
    const [at = 0] = axesOf(axis, x.shape)
    return Array.from({ length: x.shape[at] ?? 0 }, (_, index) =>
      reshape(on, part(on, x, at, index, 1), withoutAxis(x.shape, at)),
    )
  }),
  SplitV: one<{ numOrSizeSplits: number[] | number; axis: number }>((on, x, { numOrSizeSplits, axis }) => {
    const [at = 0] = axesOf(axis, x.shape)
    let from = 0
    return backend_util.prepareSplitSize({ shape: [...x.shape] } as Tensor, numOrSizeSplits, at).map((length) => {
      const block = part(on, x, at, from, length)
      from += length
      return block
    })
  }),
  Tile: one<{ reps: number[] }>((on, x, { reps }) => {
    const shape = x.shape.map((length, axis) => length * (reps[axis] ?? 1))
    if (x.kind === 'uniform' || x.shape.every((length, axis) => length === 1 || reps[axis] === 1))
      return expand(on, x, shape)
    return on.node('Tile', [x, int64s(reps)], shape, x.type)
  }),
  PadV2: one<{ paddings: [number, number][]; constantValue: number }>((on, x, { paddings, constantValue }) =>
    on.node(
      'Pad',
      [
        x,
        int64s([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]),
        scalarOf(constantValue, x.type),
      ],
      x.shape.map((length, axis) => length + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0)),
      x.type,
    ),
  ),
  Reverse: one<{ dims: number | number[] }>((on, x, { dims }) => {
    const axes = axesOf(dims, x.shape)
    return on.node(
      'Slice',
      [x, int64s(axes.map(() => -1)), int64s(axes.map(() => BEFORE_FIRST)), int64s(axes), int64s(axes.map(() => -1))],
      x.shape,
      x.type,
    )
  }),
  ZerosLike: one((_, x) => uniform(0, x.shape, x.type)),
  OnesLike: one((_, x) => uniform(1, x.shape, x.type)),
  Fill: (_, __, attributes) => {
    const { shape, value, dtype } = attributes as { shape: number[]; value: number; dtype?: LibraryType }
    return uniform(value, shape, dtype ?? 'float32')
  },
  Range: (_, __, attributes) => {
    const { start, stop, step, dtype } = attributes as {
      start: number
      stop: number
      step: number
      dtype?: LibraryType
    }
    return range(start, Math.max(0, Math.ceil((stop - start) / step)), step, dtype ?? 'float32')
  },
  LinSpace: (_, __, attributes) => {
    const { start, stop, num } = attributes as { start: number; stop: number; num: number }
    return range(start, num, num === 1 ? 0 : (stop - start) / (num - 1), 'float32')
  },
} as const satisfies KernelTable
