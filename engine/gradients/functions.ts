import {
  add,
  cast,
  cos,
  div,
  exp,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  mul,
  neg,
  onesLike,
  sigmoid,
  sign,
  sin,
  square,
  sub,
  where,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core'
import { ofInput, ofOutput, type GradientRule, type GradientTable } from './rule.js'

const passing = (dy: Tensor, condition: Tensor): Tensor => mul(dy, cast(condition, 'float32'))

/** Constant almost everywhere: the gradient is 0. */
const flat: GradientRule = { gradFunc: (dy) => ({ x: () => zerosLike(dy as Tensor) }) }

/** Gradients of the kernels of one operand, element by element. */
export const FUNCTION_GRADIENTS = {
  Abs: ofInput((dy, x) => mul(dy, sign(x))),
  Ceil: flat,
  ClipByValue: ofInput((dy, x, { clipValueMin, clipValueMax }) =>
    passing(dy, logicalAnd(greaterEqual(x, clipValueMin as number), lessEqual(x, clipValueMax as number))),
  ),
  Cos: ofInput((dy, x) => neg(mul(dy, sin(x)))),
  Elu: ofOutput((dy, y) => mul(dy, where(greater(y, 0), onesLike(y), add(y, 1)))),
  Erf: ofInput((dy, x) => mul(dy, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI)))),
  Exp: ofOutput((dy, y) => mul(dy, y)),
  Expm1: ofInput((dy, x) => mul(dy, exp(x))),
  Floor: flat,
  LeakyRelu: ofInput((dy, x, { alpha }) =>
    mul(dy, where(greater(x, 0), onesLike(x), mul(onesLike(x), alpha as number))),
  ),
  Log: ofInput((dy, x) => div(dy, x)),
  Log1p: ofInput((dy, x) => div(dy, add(x, 1))),
  Neg: ofInput((dy) => neg(dy)),
  Reciprocal: ofOutput((dy, y) => neg(mul(dy, square(y)))),
  Relu: ofInput((dy, x) => passing(dy, greater(x, 0))),
  Relu6: ofInput((dy, x) => passing(dy, logicalAnd(greater(x, 0), less(x, 6)))),
  Round: flat,
  Rsqrt: ofOutput((dy, y) => mul(dy, mul(mul(square(y), y), -0.5))),
  Sigmoid: ofOutput((dy, y) => mul(dy, mul(y, sub(1, y)))),
  Sign: flat,
  Sin: ofInput((dy, x) => mul(dy, cos(x))),
  Softplus: ofInput((dy, x) => mul(dy, sigmoid(x))),
  Sqrt: ofOutput((dy, y) => mul(dy, div(0.5, y))),
  Square: ofInput((dy, x) => mul(dy, mul(x, 2))),
  Step: flat,
  Tan: ofInput((dy, x) => div(dy, square(cos(x)))),
  Tanh: ofOutput((dy, y) => mul(dy, sub(1, square(y)))),
} as const satisfies GradientTable
