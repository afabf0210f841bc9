import { readBy, type GraphNode } from './node.js'

/** What is known of values, and a new name for one that is transposed. */
export interface Names {
  shapeOf(name: string): readonly number[]
  transposed(name: string): string
}

/** Results of at least this number of columns: a left operand that is read the other way round would be transposed again for every few of them. */
const WIDE = 256

const PLAIN_TURN = JSON.stringify({ perm: { ints: [1, 0] } })

interface Turns {
  a: boolean
  b: boolean
}

const isTranspose = ({ operator, attributes }: GraphNode): boolean =>
  operator === 'Transpose' && JSON.stringify(attributes) === PLAIN_TURN

/** How a product of two matrices reads its operands; null for other nodes. */
function turnsOf({ operator, attributes, inputs }: GraphNode, { shapeOf }: Names): Turns | null {
  if (operator === 'MatMul') return inputs.every((name) => shapeOf(name).length === 2) ? { a: false, b: false } : null
  if (operator !== 'Gemm' || inputs.length !== 2) return null
  const flag = (name: string): boolean => {
    const value = attributes[name]
    return value !== undefined && 'int' in value && value.int === 1
  }
  return { a: flag('transA'), b: flag('transB') }
}

/** A product, with a left operand transposed beforehand where that is faster. */
function productNodes(a: string, b: string, { a: turnA, b: turnB }: Turns, output: string, names: Names): GraphNode[] {
  const gemm = (left: string, turnLeft: boolean): GraphNode =>
    turnLeft || turnB
      ? {
          operator: 'Gemm',
          inputs: [left, b],
          outputs: [output],
          attributes: { transA: { int: turnLeft ? 1 : 0 }, transB: { int: turnB ? 1 : 0 } },
        }
      : { operator: 'MatMul', inputs: [left, b], outputs: [output], attributes: {} }
  if (!turnA || (names.shapeOf(output)[1] ?? 0) < WIDE) return [gemm(a, turnA)]
  const left = names.transposed(a)
  return [
    { operator: 'Transpose', inputs: [a], outputs: [left], attributes: { perm: { ints: [1, 0] } } },
    gemm(left, false),
  ]
}

/**
 * Arranges matrix products as ONNX Runtime computes them fastest: (A B)ᵀ that nobody reads as A B becomes Bᵀ Aᵀ, and a left operand
 * that is read the other way round is transposed once, before a wide product (docs/PERFORMANCE.md: 68 ms instead of 77).
 *
 * @param nodes - in order
 * @param results - names that the graph gives
 */
export function arrangeProducts(nodes: readonly GraphNode[], results: ReadonlySet<string>, names: Names): GraphNode[] {
  const readers = new Map<string, number>()
  for (const node of nodes) for (const name of readBy(node)) readers.set(name, (readers.get(name) ?? 0) + 1)
  const products = new Map(
    nodes.flatMap((node) => {
      const turns = turnsOf(node, names)
      return turns === null ? [] : [[node.outputs[0] ?? '', { node, turns }] as const]
    }),
  )
  /** Products that are read by a transpose alone. */
  const replaced = new Set(
    nodes.flatMap((node) => {
      const [source = ''] = node.inputs
      return isTranspose(node) && products.has(source) && readers.get(source) === 1 && !results.has(source)
        ? [source]
        : []
    }),
  )
  return nodes.flatMap((node) => {
    const [output = ''] = node.outputs
    const own = products.get(output)
    if (own !== undefined)
      return replaced.has(output)
        ? []
        : productNodes(node.inputs[0] ?? '', node.inputs[1] ?? '', own.turns, output, names)
    const [source = ''] = node.inputs
    const behind = isTranspose(node) && replaced.has(source) ? products.get(source) : undefined
    if (behind === undefined) return [node]
    const [a = '', b = ''] = behind.node.inputs
    return productNodes(b, a, { a: !behind.turns.b, b: !behind.turns.a }, output, names)
  })
}
