import { matMul, transpose, type Tensor } from '@tensorflow/tfjs-core'
import { unbroadcast, type GradientTable } from './rule.js'

/** Swaps the last two axes. */
function transposed(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis)
  const last = axes.length - 1
  return transpose(
    x,
    axes.map((axis) => (axis === last ? last - 1 : axis === last - 1 ? last : axis)),
  )
}

/**
 * Gradients of matrix products. Transposes are explicit: tfjs-wasm multiplies by a transposed operand tens of times slower,
 * and the tracer folds them into the product.
 */
export const MATRIX_GRADIENTS = {
  BatchMatMul: {
    inputsToSave: ['a', 'b'],
    gradFunc: (gradient, [first, second], { transposeA, transposeB }) => {
      const dy = gradient as Tensor
      const a = first as Tensor
      const b = second as Tensor
      const left = transposeA === true ? transposed(a) : a
      const right = transposeB === true ? transposed(b) : b
      return {
        a: () =>
          unbroadcast(transposeA === true ? matMul(right, transposed(dy)) : matMul(dy, transposed(right)), a.shape),
        b: () =>
          unbroadcast(transposeB === true ? matMul(transposed(dy), left) : matMul(transposed(left), dy), b.shape),
      }
    },
  },
} as const satisfies GradientTable
