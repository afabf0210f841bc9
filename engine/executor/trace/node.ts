import type { ConstantData, ElementType } from './value.js'

/** An attribute of an ONNX node. */
export type Attribute =
  { int: number } | { float: number } | { ints: readonly number[] } | { text: string } | { body: GraphParts }

/** One operation: names of what it reads and writes. */
export interface GraphNode {
  operator: string
  inputs: readonly string[]
  outputs: readonly string[]
  attributes: Readonly<Record<string, Attribute>>
}

/** A value with its name, as graphs declare inputs and outputs. */
export interface NamedType {
  name: string
  type: ElementType
  shape: readonly (number | string)[]
}

/** Numbers kept inside a graph. */
export interface GraphConstant {
  name: string
  type: ElementType
  shape: readonly number[]
  data: ConstantData
}

/** A whole graph, ready to be written: nodes in an order in which everything is made before it is read. */
export interface GraphParts {
  nodes: readonly GraphNode[]
  constants: readonly GraphConstant[]
  inputs: readonly NamedType[]
  outputs: readonly NamedType[]
}

/** Names that a node reads, inside its bodies too. */
export function readBy(node: GraphNode): readonly string[] {
  const bodies = Object.values(node.attributes).flatMap((attribute) => ('body' in attribute ? [attribute.body] : []))
  return [
    ...node.inputs,
    ...bodies.flatMap(({ nodes, outputs }) => [...nodes.flatMap(readBy), ...outputs.map(({ name }) => name)]),
  ]
}
