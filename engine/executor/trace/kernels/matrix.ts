import { LabError } from '../../../../contract/index.js'
import type { Graph } from '../graph.js'
import { binary, matrixProduct, multiply, unary } from '../operations.js'
import { scalarOf, type Value } from '../value.js'
import { need, two, type KernelTable } from './kernel.js'

interface Turns {
  transposeA: boolean
  transposeB: boolean
}

/** What a fused product may end with. */
function activated(on: Graph, x: Value, activation: string | null | undefined, alpha: number | undefined): Value {
  switch (activation ?? 'linear') {
    case 'linear':
      return x
    case 'relu':
      return unary(on, 'Relu', x)
    case 'sigmoid':
      return unary(on, 'Sigmoid', x)
    case 'elu':
      return unary(on, 'Elu', x)
    case 'leakyrelu':
      return on.node('LeakyRelu', [x], x.shape, x.type, { alpha: { float: alpha ?? 0.2 } })
    default:
      throw new LabError(
        'trace.unmapped',
        `the kernel table does not support _FusedMatMul with the activation ${activation}`,
        { kernel: '_FusedMatMul' },
      )
  }
}

/** Matrix products and what is computed beside them. */
export const MATRIX_KERNELS = {
  BatchMatMul: two<Turns>((on, a, b, { transposeA, transposeB }) => matrixProduct(on, a, b, transposeA, transposeB)),
  _FusedMatMul: (on, inputs, attributes) => {
    const { transposeA, transposeB, activation, leakyreluAlpha } = attributes as unknown as Turns & {
      activation?: string | null
      leakyreluAlpha?: number
    }
    const product = matrixProduct(on, need(inputs, 'a'), need(inputs, 'b'), transposeA, transposeB)
    const { bias } = inputs
    return activated(on, bias === undefined ? product : binary(on, 'Add', product, bias), activation, leakyreluAlpha)
  },
  FusedBatchNorm: (on, inputs, attributes) => {
    const { varianceEpsilon } = attributes as { varianceEpsilon: number }
    const inverse = unary(
      on,
      'Reciprocal',
      unary(on, 'Sqrt', binary(on, 'Add', need(inputs, 'variance'), scalarOf(varianceEpsilon))),
    )
    const { scale, offset } = inputs
    const normalised = multiply(
      on,
      binary(on, 'Sub', need(inputs, 'x'), need(inputs, 'mean')),
      scale === undefined ? inverse : multiply(on, inverse, scale),
    )
    return offset === undefined ? normalised : binary(on, 'Add', normalised, offset)
  },
} as const satisfies KernelTable
