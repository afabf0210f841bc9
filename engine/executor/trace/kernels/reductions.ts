import { axesOf, cast, reduce } from '../operations.js'
import { int64s, scalarOf, type Value } from '../value.js'
import type { Graph } from '../graph.js'
import { one, type Kernel, type KernelTable } from './kernel.js'

interface Axes {
  axis: number | number[]
  keepDims: boolean
}

const over = (operator: Parameters<typeof reduce>[1]): Kernel =>
  one<Axes>((on, x, { axis, keepDims }) => reduce(on, operator, x, axis, keepDims))

/** Position of the largest or smallest entry along one axis. */
const position = (operator: string): Kernel =>
  one<{ axis: number }>((on, x, { axis }) => {
    const [at = 0] = axesOf(axis, x.shape)
    const shape = x.shape.filter((_, index) => index !== at)
    return cast(on, on.node(operator, [x], shape, 'int64', { axis: { int: at }, keepdims: { int: 0 } }), 'int32')
  })

const along = (operator: string, name: string): Kernel =>
  one<Record<string, number>>((on, x, attributes) =>
    on.node(operator, [x], x.shape, x.type, { axis: { int: axesOf(attributes[name], x.shape)[0] ?? 0 } }),
  )

function largestK(on: Graph, x: Value, k: number, sorted: boolean): Value[] {
  const shape = [...x.shape.slice(0, -1), k]
  const [values, indices] = on.several(
    'TopK',
    [x, int64s([k])],
    [
      { shape, type: x.type },
      { shape, type: 'int64' },
    ],
    { axis: { int: -1 }, largest: { int: 1 }, sorted: { int: sorted ? 1 : 0 } },
  )
  return values === undefined || indices === undefined ? [] : [values, cast(on, indices, 'int32')]
}

/** Kernels that take axes together. */
export const REDUCTION_KERNELS = {
  Sum: over('ReduceSum'),
  Mean: one<Axes>((on, x, { axis, keepDims }) => reduce(on, 'ReduceMean', cast(on, x, 'float32'), axis, keepDims)),
  Max: one<{ reductionIndices: number | number[]; keepDims: boolean }>((on, x, { reductionIndices, keepDims }) =>
    reduce(on, 'ReduceMax', x, reductionIndices, keepDims),
  ),
  Min: over('ReduceMin'),
  Prod: over('ReduceProd'),
  All: over('ReduceMin'),
  Any: over('ReduceMax'),
  ArgMax: position('ArgMax'),
  ArgMin: position('ArgMin'),
  Softmax: along('Softmax', 'dim'),
  TopK: one<{ k: number; sorted: boolean }>((on, x, { k, sorted }) => largestK(on, x, k, sorted)),
  Cumsum: one<{ axis: number; exclusive: boolean; reverse: boolean }>((on, x, { axis, exclusive, reverse }) =>
    on.node('CumSum', [x, scalarOf(axesOf(axis, x.shape)[0] ?? 0, 'int64')], x.shape, x.type, {
      exclusive: { int: exclusive ? 1 : 0 },
      reverse: { int: reverse ? 1 : 0 },
    }),
  ),
} as const satisfies KernelTable
