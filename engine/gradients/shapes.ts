import {
  cast,
  concat,
  cumsum,
  pad,
  reshape,
  reverse,
  scatterND,
  slice,
  split,
  stack,
  sum,
  transpose,
  unstack,
  util,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core'
import type { GradientRule, GradientTable } from './rule.js'

const reshaped: GradientRule = {
  inputsToSave: ['x'],
  gradFunc: (dy, [x]) => ({ x: () => reshape(dy as Tensor, (x as Tensor).shape) }),
}

/** One axis as a number from 0. */
const axisOf = (axis: unknown, shape: readonly number[]): number =>
  util.parseAxisParam(axis as number, [...shape])[0] ?? 0

/** The permutation that undoes another. */
function inverse(permutation: readonly number[]): number[] {
  const result = permutation.slice()
  for (const [to, from] of permutation.entries()) result[from] = to
  return result
}

/** Brings one axis to the front, or the front back to it. */
function frontFirst(rank: number, axis: number): number[] {
  return [axis, ...Array.from({ length: rank }, (_, index) => index).filter((index) => index !== axis)]
}

/** Adds up the rows of dy where an index repeats: the gradient of taking rows by number. */
function gathered(dy: Tensor, x: Tensor, indices: Tensor, axis: number): Tensor {
  const chosen = indices.size
  const inner = [...x.shape.slice(0, axis), ...x.shape.slice(axis + 1)]
  const rows = transpose(
    reshape(dy, [...x.shape.slice(0, axis), chosen, ...x.shape.slice(axis + 1)]),
    frontFirst(x.rank, axis),
  )
  const summed = scatterND(reshape(cast(indices, 'int32'), [chosen, 1]), rows, [x.shape[axis] ?? 1, ...inner])
  return transpose(summed, inverse(frontFirst(x.rank, axis)))
}

/** Gradients of the kernels that move entries without changing them. */
export const SHAPE_GRADIENTS = {
  Reshape: reshaped,
  ExpandDims: {
    inputsToSave: ['input'],
    gradFunc: (dy, [input]) => ({ input: () => reshape(dy as Tensor, (input as Tensor).shape) }),
  },
  Identity: { gradFunc: (dy) => ({ x: () => cast(dy as Tensor, 'float32') }) },
  Cast: { gradFunc: (dy) => ({ x: () => cast(dy as Tensor, 'float32') }) },
  ZerosLike: { gradFunc: (dy) => ({ x: () => zerosLike(dy as Tensor) }) },
  OnesLike: { gradFunc: (dy) => ({ x: () => zerosLike(dy as Tensor) }) },
  Transpose: { gradFunc: (dy, _, { perm }) => ({ x: () => transpose(dy as Tensor, inverse(perm as number[])) }) },
  Slice: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x], { begin, size }) => ({
      x: () => {
        const { shape } = x as Tensor
        const starts = shape.map((_, axis) => (begin as number[])[axis] ?? 0)
        return pad(
          dy as Tensor,
          shape.map((length, axis): [number, number] => [
            starts[axis] ?? 0,
            length -
              (starts[axis] ?? 0) -
              ((size as number[])[axis] === -1 ? length - (starts[axis] ?? 0) : ((size as number[])[axis] ?? length)),
          ]),
        )
      },
    }),
  },
  PadV2: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x], { paddings }) => ({
      x: () =>
        slice(
          dy as Tensor,
          (paddings as [number, number][]).map(([before]) => before),
          (x as Tensor).shape,
        ),
    }),
  },
  Concat: {
    saveAllInputs: true,
    gradFunc: (dy, saved, { axis }) => {
      const at = axisOf(axis, saved[0]?.shape ?? [])
      const parts = split(
        dy as Tensor,
        saved.map(({ shape }) => shape[at] ?? 1),
        at,
      )
      return Object.fromEntries(parts.map((part, index) => [index, () => part]))
    },
  },
  Pack: {
    saveAllInputs: true,
    gradFunc: (dy, _, { axis }) =>
      Object.fromEntries(unstack(dy as Tensor, axis as number).map((part, index) => [index, () => part])),
  },
  Unpack: { gradFunc: (dy, _, { axis }) => ({ value: () => stack(dy as Tensor[], axis as number) }) },
  SplitV: { gradFunc: (dy, _, { axis }) => ({ x: () => concat(dy as Tensor[], axis as number) }) },
  Tile: {
    inputsToSave: ['x'],
    gradFunc: (dy, [input], { reps }) => ({
      x: () => {
        const x = input as Tensor
        // Every axis becomes (repeats, length); the repeats are summed up.
        const unfolded = reshape(
          dy as Tensor,
          x.shape.flatMap((length, axis) => [(reps as number[])[axis] ?? 1, length]),
        )
        return sum(
          unfolded,
          x.shape.map((_, axis) => 2 * axis),
        )
      },
    }),
  },
  Reverse: { gradFunc: (dy, _, { dims }) => ({ x: () => reverse(dy as Tensor, dims as number[]) }) },
  Cumsum: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x], { axis, exclusive, reverse: backwards }) => ({
      x: () => cumsum(dy as Tensor, axisOf(axis, (x as Tensor).shape), exclusive as boolean, backwards !== true),
    }),
  },
  GatherV2: {
    inputsToSave: ['x', 'indices'],
    gradFunc: (dy, [x, indices], { axis }) => ({
      x: () => gathered(dy as Tensor, x as Tensor, indices as Tensor, axisOf(axis, (x as Tensor).shape)),
      indices: () => zerosLike(cast(indices as Tensor, 'float32')),
    }),
  },
  OneHot: {
    inputsToSave: ['indices'],
    gradFunc: (_, [indices]) => ({ indices: () => zerosLike(cast(indices as Tensor, 'float32')) }),
  },
} as const satisfies GradientTable
