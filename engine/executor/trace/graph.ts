import { arrangeProducts } from './products.js'
import { readBy, type Attribute, type GraphConstant, type GraphNode, type GraphParts, type NamedType } from './node.js'
import type { ConstantData, ElementType, NodeValue, Value } from './value.js'
import { arrayOf, entriesOf, int64s, scalarOf } from './value.js'

/** Constants up to this size are recognised by what they hold, larger ones by who they are. */
const SMALL = 16

/**
 * Collects the operations of a traced function: each expression once, constants once.
 *
 * A class, because every operation adds to the same lists.
 */
export class Graph {
  readonly nodes: GraphNode[] = []
  private readonly constants = new Map<string | ConstantData, GraphConstant>()
  private readonly known = new Map<string, string>()
  /** Who makes a value. */
  private readonly makers = new Map<string, GraphNode>()
  private readonly types = new Map<string, { type: ElementType; shape: readonly number[] }>()

  /** @param counter - shared with the graph around this one, so that names differ */
  constructor(readonly counter: { next: number } = { next: 0 }) {}

  /** A new name. */
  fresh(prefix: string): string {
    return `${prefix}${this.counter.next++}`
  }

  /** An input of the graph, as a value. */
  input(name: string, shape: readonly number[], type: ElementType): NodeValue {
    return this.typed({ kind: 'node', name, shape, type })
  }

  /** The node that makes a value; null for inputs and constants. */
  makerOf(value: Value): GraphNode | null {
    return value.kind === 'node' ? (this.makers.get(value.name) ?? null) : null
  }

  /** Type and shape of a named value. */
  typeOf(name: string): { type: ElementType; shape: readonly number[] } | null {
    return this.types.get(name) ?? null
  }

  /**
   * The name under which a value is read.
   *
   * @param asScalar - a uniform value may go without its shape, since the operation broadcasts
   */
  name(value: Value, asScalar = false): string {
    if (value.kind === 'node') return value.name
    const shape = value.kind === 'uniform' && asScalar ? [] : value.shape
    if (value.kind === 'uniform' && entriesOf(shape) > 1)
      return this.node('Expand', [scalarOf(value.value, value.type), int64s(shape)], shape, value.type).name
    const data = value.kind === 'uniform' ? arrayOf(value.type, [value.value]) : value.data
    const key =
      data.length <= SMALL
        ? `${value.type} ${shape.join()} ${Array.from(data as ArrayLike<number | bigint>, (entry) => (Object.is(entry, -0) ? '-0' : String(entry))).join()}`
        : data
    const held = this.constants.get(key) ?? { name: this.fresh('c'), type: value.type, shape, data }
    this.constants.set(key, held)
    return held.name
  }

  /** Adds an operation with one result, or finds it when it was added before. */
  node(
    operator: string,
    inputs: readonly (Value | string)[],
    shape: readonly number[],
    type: ElementType,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): NodeValue {
    const names = inputs.map((input) => (typeof input === 'string' ? input : this.name(input)))
    const key = `${operator}(${names.join()})${JSON.stringify(attributes)}`
    const before = this.known.get(key)
    if (before !== undefined) return { kind: 'node', name: before, shape, type }
    const [name = ''] = this.add(operator, names, 1, attributes)
    this.known.set(key, name)
    return this.typed({ kind: 'node', name, shape, type })
  }

  /** Adds an operation with several results, described in order. */
  several(
    operator: string,
    inputs: readonly (Value | string)[],
    results: readonly { shape: readonly number[]; type: ElementType }[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): NodeValue[] {
    const names = this.add(
      operator,
      inputs.map((input) => (typeof input === 'string' ? input : this.name(input))),
      results.length,
      attributes,
    )
    return results.map((result, index) => this.typed({ kind: 'node', name: names[index] ?? '', ...result }))
  }

  private add(
    operator: string,
    inputs: readonly string[],
    results: number,
    attributes: Readonly<Record<string, Attribute>>,
  ): readonly string[] {
    const outputs = Array.from({ length: results }, () => this.fresh('v'))
    const node: GraphNode = { operator, inputs, outputs, attributes }
    this.nodes.push(node)
    for (const output of outputs) this.makers.set(output, node)
    return outputs
  }

  private typed(value: NodeValue): NodeValue {
    this.types.set(value.name, { type: value.type, shape: value.shape })
    return value
  }

  /**
   * The graph without what nobody reads.
   *
   * @param inputs - in the order of the caller
   * @param results - what it gives; each gets a name of its own
   */
  finish(inputs: readonly NamedType[], results: readonly Value[]): GraphParts {
    const taken = new Set<string>()
    const outputs = results.map((value) => {
      // An input, a constant or a value given twice needs a node that renames it.
      const named =
        value.kind === 'node' && this.makers.has(value.name) && !taken.has(value.name)
          ? value
          : (this.several('Identity', [value], [{ shape: value.shape, type: value.type }])[0] as NodeValue)
      taken.add(named.name)
      return { name: named.name, type: named.type, shape: named.shape }
    })
    const live = new Set(outputs.map(({ name }) => name))
    const nodes: GraphNode[] = []
    for (const node of this.nodes.slice().reverse()) {
      if (!node.outputs.some((name) => live.has(name))) continue
      nodes.push(node)
      for (const name of readBy(node)) live.add(name)
    }
    nodes.reverse()
    const arranged = arrangeProducts(nodes, new Set(outputs.map(({ name }) => name)), {
      shapeOf: (name) => this.types.get(name)?.shape ?? [],
      transposed: (name) => {
        const { type, shape } = this.types.get(name) ?? { type: 'float32', shape: [] }
        return this.typed({ kind: 'node', name: this.fresh('v'), shape: shape.slice().reverse(), type }).name
      },
    })
    return {
      nodes: arranged,
      constants: [...this.constants.values()].filter(({ name }) => live.has(name)),
      inputs,
      outputs,
    }
  }
}
