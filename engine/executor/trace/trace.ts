import { LabError } from '../../../contract/index.js'
import type { Tensor } from '../../tf.js'
import { missingOperation } from '../libraryError.js'
import { leavesOf, mapTree, type TensorSpec } from '../tree.js'
import { tensorOf, valueOf, withRecording } from './backend.js'
import { Graph } from './graph.js'
import type { GraphParts, NamedType } from './node.js'
import { cast } from './operations.js'
import { stagesOf, type Stage } from './stages.js'

/** A function written down: what it reads, what it gives, and the graphs in between. */
export interface TracedProgram {
  /** By path; names of the graph's inputs are the paths. */
  inputs: ReadonlyMap<string, TensorSpec>
  /** Outputs by path, with the name of the graph's value. */
  outputs: ReadonlyMap<string, NamedType>
  stages: readonly Stage[]
  /** What the function returned, empty records included, with the shape of every tensor. */
  outputTree: unknown
}

interface Recorded {
  parts: GraphParts
  tree: unknown
  paths: string[]
  graph: Graph
}

function record(fn: (input: never, options: never) => unknown, specs: unknown, options: unknown): Recorded {
  const graph = new Graph()
  return withRecording(graph, () => {
    const leaves = leavesOf<TensorSpec>(specs)
    const argument = mapTree(specs, (path) => {
      const { shape, type } = leaves.get(path) as TensorSpec
      return tensorOf(cast(graph, graph.input(path, shape, type), type === 'uint8' ? 'float32' : type))
    })
    const returned = fn(argument as never, options as never)
    // It is refused as a promise below; that it fails later is no news then, but would end the thread.
    if (returned instanceof Promise) returned.catch(() => undefined)
    const results = leavesOf<Tensor>(returned)
    const values = [...results.values()].map(valueOf)
    const inputs = [...leaves].map(([name, { shape, type }]): NamedType => ({ name, shape, type }))
    const tree = mapTree(returned, (path) => ({ shape: results.get(path)?.shape ?? [] }))
    return { parts: graph.finish(inputs, values), tree, paths: [...results.keys()], graph }
  })
}

/** Everything in which two recordings of one function may differ. */
function fingerprint({ nodes, constants }: GraphParts): string {
  const bodies = (_: string, value: unknown): unknown =>
    typeof value === 'bigint'
      ? Number(value)
      : ArrayBuffer.isView(value)
        ? Array.from(value as unknown as ArrayLike<number>, String).join()
        : value
  return JSON.stringify([nodes, constants], bodies)
}

/**
 * Writes a function down by running it on tensors without numbers.
 *
 * It is run twice, and what differs was drawn at random or taken from a clock.
 *
 * @param fn - synchronous, from a tree of tensors and static options to a tree of tensors
 * @param specs - shape and type of every leaf of its input
 * @param options - static options
 * @throws LabError `trace.valueRead`, `trace.random`, `trace.unmapped`, `trace.function`
 */
export function trace(fn: (input: never, options: never) => unknown, specs: unknown, options: unknown): TracedProgram {
  try {
    const first = record(fn, specs, options)
    if (fingerprint(first.parts) !== fingerprint(record(fn, specs, options).parts)) {
      throw new LabError(
        'trace.random',
        'compiling a function twice gave two different programs: it draws random numbers, or depends on something other than its inputs and options',
      )
    }
    const { parts, tree, paths, graph } = first
    return {
      inputs: leavesOf<TensorSpec>(specs),
      outputs: new Map(paths.map((path, index) => [path, parts.outputs[index] as NamedType])),
      outputTree: tree,
      stages: stagesOf(parts, (name) => graph.typeOf(name)),
    }
  } catch (error) {
    throw missingOperation(error, 'is not in the kernel table')
  }
}
