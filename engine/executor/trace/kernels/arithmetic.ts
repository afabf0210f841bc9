import type { Graph } from '../graph.js'
import { binary, cast, multiply, power, unary } from '../operations.js'
import { sameShape, type Value } from '../value.js'
import { many, one, two, type Kernel, type KernelTable } from './kernel.js'

const pair = (operator: string): Kernel => two((on, a, b) => binary(on, operator, a, b))

/** A comparison; ONNX orders numbers only, so truth values become whole ones first. */
const comparison = (operator: string): Kernel =>
  two((on, a, b) => {
    const truth = a.type === 'bool' && operator !== 'Equal'
    return binary(on, operator, truth ? cast(on, a, 'int32') : a, truth ? cast(on, b, 'int32') : b, 'bool')
  })

const floorQuotient = (on: Graph, a: Value, b: Value): Value =>
  cast(on, unary(on, 'Floor', binary(on, 'Div', cast(on, a, 'float32'), cast(on, b, 'float32'))), 'int32')

/** Kernels of two operands that broadcast, and choices between them. */
export const ARITHMETIC_KERNELS = {
  Add: pair('Add'),
  Sub: pair('Sub'),
  Multiply: pair('Mul'),
  RealDiv: pair('Div'),
  Maximum: pair('Max'),
  Minimum: pair('Min'),
  Pow: two((on, a, b) => power(on, a, b)),
  SquaredDifference: two((on, a, b) => {
    const difference = binary(on, 'Sub', a, b)
    return multiply(on, difference, difference)
  }),
  FloorDiv: two(floorQuotient),
  Mod: two((on, a, b) =>
    binary(
      on,
      'Sub',
      a,
      multiply(on, b, a.type === 'int32' ? floorQuotient(on, a, b) : unary(on, 'Floor', binary(on, 'Div', a, b))),
    ),
  ),
  AddN: many((on, parts) => parts.reduce((sum, part) => binary(on, 'Add', sum, part))),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  Equal: comparison('Equal'),
  NotEqual: two((on, a, b) => unary(on, 'Not', binary(on, 'Equal', a, b, 'bool'))),
  LogicalAnd: two((on, a, b) => binary(on, 'And', a, b, 'bool')),
  LogicalOr: two((on, a, b) => binary(on, 'Or', a, b, 'bool')),
  LogicalNot: one((on, x) => unary(on, 'Not', x)),
  Select: (on, inputs) => {
    const { condition, t, e } = inputs as { condition: Value; t: Value; e: Value }
    // A condition of one axis chooses whole rows.
    const broad: Value =
      condition.shape.length === 1 && t.shape.length > 1
        ? on.node(
            'Unsqueeze',
            [
              condition,
              {
                kind: 'constant',
                data: BigInt64Array.from(t.shape.slice(1), (_, axis) => BigInt(axis + 1)),
                shape: [t.shape.length - 1],
                type: 'int64',
              },
            ],
            [condition.shape[0] ?? 1, ...t.shape.slice(1).map(() => 1)],
            'bool',
          )
        : condition
    const name = (value: Value): string => on.name(value, sameShape(broad.shape, t.shape))
    return on.node('Where', [broad, name(t), name(e)], t.shape, t.type)
  },
} as const satisfies KernelTable
