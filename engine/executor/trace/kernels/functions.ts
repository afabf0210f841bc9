import type { Graph } from '../graph.js'
import { binary, cast, multiply, unary } from '../operations.js'
import { scalarOf, type Value } from '../value.js'
import { need, one, type Kernel, type KernelTable } from './kernel.js'

const plain = (operator: string): Kernel => one((on, x) => unary(on, operator, x))
const positive = (on: Graph, x: Value): Value => binary(on, 'Greater', x, scalarOf(0, x.type), 'bool')
const clip = (on: Graph, x: Value, low: number, high: number): Value =>
  on.node('Clip', [x, scalarOf(low, x.type), scalarOf(high, x.type)], x.shape, x.type)
const select = (on: Graph, condition: Value, yes: Value, no: Value): Value =>
  on.node('Where', [condition, on.name(yes, true), on.name(no, true)], condition.shape, yes.type)

/** Kernels of one operand, element by element. */
export const FUNCTION_KERNELS = {
  Abs: plain('Abs'),
  Ceil: plain('Ceil'),
  Cos: plain('Cos'),
  Elu: plain('Elu'),
  Erf: plain('Erf'),
  Exp: plain('Exp'),
  Expm1: one((on, x) => binary(on, 'Sub', unary(on, 'Exp', x), scalarOf(1))),
  Floor: plain('Floor'),
  IsFinite: one((on, x) => {
    const strange = binary(on, 'Or', unary(on, 'IsNaN', x, 'bool'), unary(on, 'IsInf', x, 'bool'), 'bool')
    return unary(on, 'Not', strange)
  }),
  IsNan: one((on, x) => unary(on, 'IsNaN', x, 'bool')),
  LeakyRelu: one<{ alpha: number }>((on, x, { alpha }) =>
    on.node('LeakyRelu', [x], x.shape, x.type, { alpha: { float: alpha } }),
  ),
  Log: plain('Log'),
  Log1p: one((on, x) => unary(on, 'Log', binary(on, 'Add', x, scalarOf(1)))),
  Neg: plain('Neg'),
  Prelu: (on, inputs) =>
    on.node('PRelu', [need(inputs, 'x'), need(inputs, 'alpha')], need(inputs, 'x').shape, 'float32'),
  Reciprocal: plain('Reciprocal'),
  Relu: plain('Relu'),
  Relu6: one((on, x) => clip(on, x, 0, 6)),
  Round: plain('Round'),
  Rsqrt: one((on, x) => unary(on, 'Reciprocal', unary(on, 'Sqrt', x))),
  Sigmoid: plain('Sigmoid'),
  // From two comparisons: ONNX Runtime's Sign has no form on WebGPU.
  Sign: one((on, x) =>
    binary(
      on,
      'Sub',
      cast(on, positive(on, x), x.type),
      cast(on, binary(on, 'Less', x, scalarOf(0, x.type), 'bool'), x.type),
    ),
  ),
  Sin: plain('Sin'),
  Softplus: plain('Softplus'),
  Sqrt: plain('Sqrt'),
  Square: one((on, x) => multiply(on, x, x)),
  Step: one<{ alpha?: number }>((on, x, { alpha }) => {
    const above = positive(on, x)
    // A comparison with NaN is false; the library passes NaN on.
    const step =
      alpha === undefined || alpha === 0 ? cast(on, above, x.type) : select(on, above, scalarOf(1), scalarOf(alpha))
    return x.type === 'float32' ? select(on, unary(on, 'IsNaN', x, 'bool'), scalarOf(NaN), step) : step
  }),
  Tan: plain('Tan'),
  Tanh: plain('Tanh'),
  ClipByValue: one<{ clipValueMin: number; clipValueMax: number }>((on, x, { clipValueMin, clipValueMax }) =>
    clip(on, x, clipValueMin, clipValueMax),
  ),
  Cast: one<{ dtype: 'float32' | 'int32' | 'bool' }>((on, x, { dtype }) => cast(on, x, dtype)),
} as const satisfies KernelTable
