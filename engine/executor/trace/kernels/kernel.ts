import { LabError } from '../../../../contract/index.js'
import type { Graph } from '../graph.js'
import type { Value } from '../value.js'

/** The inputs of a kernel by the library's names. */
export type KernelInputs = Readonly<Record<string, Value>>

/** The ONNX form of a kernel of the tensor library: adds operations and returns what they give. */
export type Kernel = (
  on: Graph,
  inputs: KernelInputs,
  attributes: Readonly<Record<string, unknown>>,
) => Value | readonly Value[]

/** Rows of the kernel table: one kernel of the library each. */
export type KernelTable = Readonly<Record<string, Kernel>>

/** An input by its name. */
export function need(inputs: KernelInputs, name: string): Value {
  const value = inputs[name]
  if (value === undefined)
    throw new LabError('internal', `expected a kernel input named ${name}, got ${Object.keys(inputs).join(', ')}`)
  return value
}

/** A kernel of one input. */
export const one =
  <Attributes = object>(write: (on: Graph, x: Value, attributes: Attributes) => Value | readonly Value[]): Kernel =>
  (on, inputs, attributes) => {
    const [x] = Object.values(inputs)
    if (x === undefined) throw new LabError('internal', 'expected a kernel with an input, got none')
    return write(on, x, attributes as Attributes)
  }

/** A kernel of the inputs `a` and `b`. */
export const two =
  <Attributes = object>(write: (on: Graph, a: Value, b: Value, attributes: Attributes) => Value): Kernel =>
  (on, inputs, attributes) =>
    write(on, need(inputs, 'a'), need(inputs, 'b'), attributes as Attributes)

/** A kernel of any number of inputs, in order. */
export const many =
  <Attributes = object>(
    write: (on: Graph, parts: readonly Value[], attributes: Attributes) => Value | readonly Value[],
  ): Kernel =>
  (on, inputs, attributes) =>
    write(on, Object.values(inputs), attributes as Attributes)
