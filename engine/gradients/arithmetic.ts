import {
  cast,
  div,
  greater,
  greaterEqual,
  less,
  lessEqual,
  log,
  mul,
  neg,
  pow,
  square,
  sub,
  where,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core'
import { ofPair, type GradientRule, type GradientTable } from './rule.js'

/** dy where the condition holds, else 0. */
const chosen = (dy: Tensor, condition: Tensor): Tensor => mul(dy, cast(condition, 'float32'))

/** A comparison is constant almost everywhere: what depends on it has no slope through it. */
const comparison: GradientRule = {
  inputsToSave: ['a', 'b'],
  gradFunc: (_, [a, b]) => ({
    a: () => zerosLike(cast(a as Tensor, 'float32')),
    b: () => zerosLike(cast(b as Tensor, 'float32')),
  }),
}

/** Gradients of the kernels of two operands; equal operands of a maximum or minimum give it to the first. */
export const ARITHMETIC_GRADIENTS = {
  Add: ofPair((dy) => ({ a: () => dy, b: () => dy })),
  Sub: ofPair((dy) => ({ a: () => dy, b: () => neg(dy) })),
  Multiply: ofPair((dy, a, b) => ({ a: () => mul(dy, b), b: () => mul(dy, a) })),
  RealDiv: ofPair((dy, a, b) => ({ a: () => div(dy, b), b: () => neg(div(mul(dy, a), square(b))) })),
  Greater: comparison,
  GreaterEqual: comparison,
  Less: comparison,
  LessEqual: comparison,
  Equal: comparison,
  NotEqual: comparison,
  Maximum: ofPair((dy, a, b) => ({ a: () => chosen(dy, greaterEqual(a, b)), b: () => chosen(dy, less(a, b)) })),
  Minimum: ofPair((dy, a, b) => ({ a: () => chosen(dy, lessEqual(a, b)), b: () => chosen(dy, greater(a, b)) })),
  AddN: {
    saveAllInputs: true,
    gradFunc: (dy, saved) => Object.fromEntries(saved.map((_, index) => [index, () => mul(dy as Tensor, 1)])),
  },
  SquaredDifference: ofPair((dy, a, b) => ({
    a: () => mul(dy, mul(sub(a, b), 2)),
    b: () => mul(dy, mul(sub(b, a), 2)),
  })),
  Pow: ofPair((dy, a, b) => ({
    a: () => mul(dy, mul(b, pow(a, sub(b, 1)))),
    // The logarithm of a base that is not positive has no derivative in the exponent; it counts as 0.
    b: () => mul(dy, mul(pow(a, b), where(greater(a, 0), log(a), zerosLike(a)))),
  })),
} as const satisfies GradientTable
