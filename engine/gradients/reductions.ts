import { cast, div, equal, mul, reshape, sub, sum, util, where, zerosLike, type Tensor } from '@tensorflow/tfjs-core'
import type { GradientRule, GradientTable } from './rule.js'

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1)

/** The shape with every reduced axis kept as 1, so that it broadcasts over the input. */
function keptShape(shape: readonly number[], axis: unknown): number[] {
  const axes = util.parseAxisParam((axis as number | number[]) ?? shape.map((_, index) => index), [...shape])
  return shape.map((length, index) => (axes.includes(index) ? 1 : length))
}

/** Spreads a gradient over the input of a reduction. */
const spread = (dy: Tensor, x: Tensor, axis: unknown): Tensor =>
  mul(reshape(dy, keptShape(x.shape, axis)), cast(equal(zerosLike(x), 0), 'float32'))

/** Largest or smallest entry; entries that tie share the gradient. */
function extreme(axisName: string): GradientRule {
  return {
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, [input, output], attributes) => ({
      x: () => {
        const x = input as Tensor
        const kept = keptShape(x.shape, attributes[axisName])
        const ties = cast(equal(x, reshape(output as Tensor, kept)), 'float32')
        const axes = kept.flatMap((length, index) => (length === 1 && x.shape[index] !== 1 ? [index] : []))
        return mul(reshape(dy as Tensor, kept), axes.length === 0 ? ties : div(ties, sum(ties, axes, true)))
      },
    }),
  }
}

/** Gradients of the kernels that take axes together. */
export const REDUCTION_GRADIENTS = {
  Sum: { inputsToSave: ['x'], gradFunc: (dy, [x], { axis }) => ({ x: () => spread(dy as Tensor, x as Tensor, axis) }) },
  Mean: {
    inputsToSave: ['x'],
    gradFunc: (dy, [input], { axis }) => ({
      x: () => {
        const x = input as Tensor
        return spread(div(dy as Tensor, size(x.shape) / size(keptShape(x.shape, axis))), x, axis)
      },
    }),
  },
  Max: extreme('reductionIndices'),
  Min: extreme('axis'),
  Softmax: {
    outputsToSave: [true],
    gradFunc: (dy, [output], { dim }) => ({
      logits: () => {
        const y = output as Tensor
        const weighted = mul(dy as Tensor, y)
        return sub(weighted, mul(sum(weighted, [dim as number], true), y))
      },
    }),
  },
  Select: {
    inputsToSave: ['condition'],
    gradFunc: (dy, [condition]) => ({
      condition: () => zerosLike(cast(condition as Tensor, 'float32')),
      t: () => where(condition as Tensor, dy as Tensor, zerosLike(dy as Tensor)),
      e: () => where(condition as Tensor, zerosLike(dy as Tensor), dy as Tensor),
    }),
  },
} as const satisfies GradientTable
