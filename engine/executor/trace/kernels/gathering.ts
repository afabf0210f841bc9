import { LabError } from '../../../../contract/index.js'
import type { Graph } from '../graph.js'
import { axesOf, cast, reshape } from '../operations.js'
import { scalarOf, uniform, type Value } from '../value.js'
import { need, type KernelTable } from './kernel.js'
import { range } from './shapes.js'

/** Adds rows to a target of zeros; the name of this node is what splits a program into stages. */
function scatterSum(on: Graph, shape: readonly number[], indices: Value, updates: Value): Value {
  return on.node(
    'ScatterND',
    [uniform(0, shape, updates.type), cast(on, indices, 'int64'), updates],
    shape,
    updates.type,
    { reduction: { text: 'add' } },
  )
}

/** Kernels that choose entries by number. Numbers must lie in range: ONNX Runtime counts negative ones from the end. */
export const GATHERING_KERNELS = {
  GatherV2: (on, inputs, attributes) => {
    const { axis, batchDims } = attributes as { axis: number; batchDims?: number }
    if (batchDims !== undefined && batchDims !== 0)
      throw new LabError('trace.unmapped', `the kernel table does not support GatherV2 with batchDims ${batchDims}`, {
        kernel: 'GatherV2',
      })
    const x = need(inputs, 'x')
    const indices = need(inputs, 'indices')
    const [at = 0] = axesOf(axis, x.shape)
    return on.node(
      'Gather',
      [x, indices],
      [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)],
      x.type,
      { axis: { int: at } },
    )
  },
  GatherNd: (on, inputs) => {
    const params = need(inputs, 'params')
    const indices = need(inputs, 'indices')
    const depth = indices.shape[indices.shape.length - 1] ?? 0
    return on.node(
      'GatherND',
      [params, cast(on, indices, 'int64')],
      [...indices.shape.slice(0, -1), ...params.shape.slice(depth)],
      params.type,
    )
  },
  ScatterNd: (on, inputs, attributes) =>
    scatterSum(on, (attributes as { shape: number[] }).shape, need(inputs, 'indices'), need(inputs, 'updates')),
  TensorScatterUpdate: (on, inputs) => {
    const tensor = need(inputs, 'tensor')
    return on.node(
      'ScatterND',
      [tensor, cast(on, need(inputs, 'indices'), 'int64'), need(inputs, 'updates')],
      tensor.shape,
      tensor.type,
    )
  },
  UnsortedSegmentSum: (on, inputs, attributes) => {
    const x = need(inputs, 'x')
    const segments = need(inputs, 'segmentIds')
    const { numSegments } = attributes as { numSegments: number }
    return scatterSum(on, [numSegments, ...x.shape.slice(1)], reshape(on, segments, [...segments.shape, 1]), x)
  },
  // A comparison with a range: ONNX Runtime's OneHot has no int32 values and counts negative numbers from the end.
  OneHot: (on, inputs, attributes) => {
    const { depth, onValue, offValue, dtype } = attributes as {
      depth: number
      onValue: number
      offValue: number
      dtype?: 'float32' | 'int32' | 'bool'
    }
    const indices = need(inputs, 'indices')
    const type = dtype ?? 'int32'
    const shape = [...indices.shape, depth]
    const hit = on.node(
      'Equal',
      [reshape(on, indices, [...indices.shape, 1]), range(0, depth, 1, 'int32')],
      shape,
      'bool',
    )
    return onValue === 1 && offValue === 0
      ? cast(on, hit, type)
      : on.node('Where', [hit, scalarOf(onValue, type), scalarOf(offValue, type)], shape, type)
  },
} as const satisfies KernelTable
