import { readBy, type GraphNode, type GraphParts, type NamedType } from './node.js'

/** A part of a program that runs as one; a serial one must run on one thread. */
export interface Stage {
  serial: boolean
  graph: GraphParts
}

/** A scatter that adds, or a loop around one. */
function addsRows(node: GraphNode): boolean {
  if (node.operator === 'ScatterND' && 'reduction' in node.attributes) return true
  return Object.values(node.attributes).some((attribute) => 'body' in attribute && attribute.body.nodes.some(addsRows))
}

/**
 * Splits a graph around the nodes that add rows.
 *
 * ONNX Runtime's CPU ScatterND with reduction "add" loses updates when two threads meet at one row
 * (github.com/microsoft/onnxruntime issue 18048), so those nodes get stages of their own: parallel, serial, parallel …
 *
 * @param graph - a finished graph
 * @param typeOf - type and shape of every named value
 * @returns stages in order; the graph itself when nothing adds rows
 */
export function stagesOf(graph: GraphParts, typeOf: (name: string) => Omit<NamedType, 'name'> | null): Stage[] {
  if (!graph.nodes.some(addsRows)) return [{ serial: false, graph }]
  const stageOfValue = new Map(graph.inputs.map(({ name }) => [name, 0]))
  const stages: GraphNode[][] = []
  for (const node of graph.nodes) {
    let stage = Math.max(0, ...readBy(node).map((name) => stageOfValue.get(name) ?? 0))
    // Even stages are parallel, odd ones serial.
    if ((stage % 2 === 1) !== addsRows(node)) stage += 1
    for (const name of node.outputs) stageOfValue.set(name, stage)
    const nodes = stages[stage] ?? []
    nodes.push(node)
    stages[stage] = nodes
  }
  const results = new Set(graph.outputs.map(({ name }) => name))
  const named = (name: string): NamedType => ({ name, ...(typeOf(name) ?? { type: 'float32', shape: [] }) })
  return Array.from(stages, (nodes = [], index): Stage => {
    const made = new Set(nodes.flatMap(({ outputs }) => outputs))
    const read = new Set(nodes.flatMap(readBy))
    const readLater = new Set(stages.slice(index + 1).flatMap((later = []) => later.flatMap(readBy)))
    return {
      serial: index % 2 === 1,
      graph: {
        nodes,
        constants: graph.constants.filter(({ name }) => read.has(name)),
        inputs: [...read].filter((name) => !made.has(name) && stageOfValue.has(name)).map(named),
        outputs: [...made].filter((name) => readLater.has(name) || results.has(name)).map(named),
      },
    }
  }).filter(({ graph: { nodes } }) => nodes.length > 0)
}
