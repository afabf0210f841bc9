import { LabError } from '../../contract/index.js'
import type { Tensor } from '../tf.js'

/** Tensors by name, in records inside records. */
export type TensorTree = { readonly [name: string]: Tensor | TensorTree }

/** Plain numbers with a shape, on the host. Bytes are whole numbers from 0 to 255 and reach a function as float32. */
export interface HostArray {
  data: Float32Array | Int32Array | Uint8Array
  shape: readonly number[]
}

/** A tree of tensors as its numbers. */
export type HostTree<Tree> = {
  readonly [Name in keyof Tree]: Tree[Name] extends Tensor ? HostArray : HostTree<Tree[Name]>
}

/** Shape and type of one input of a compiled function. */
export interface TensorSpec {
  shape: readonly number[]
  type: 'float32' | 'int32' | 'uint8'
}

/** A tree of tensors as the shapes and types of its leaves. */
export type SpecTree<Tree> = {
  readonly [Name in keyof Tree]: Tree[Name] extends Tensor ? TensorSpec : SpecTree<Tree[Name]>
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** Whether a value is a leaf: a tensor, host numbers or a spec, all of which have a shape. */
const isLeaf = (value: unknown): value is { shape: readonly number[] } =>
  typeof value === 'object' && value !== null && 'shape' in value && Array.isArray(value.shape)

/**
 * The leaves of a tree by their path, `parameters.weights`.
 *
 * @throws LabError `trace.function` when something that is no leaf and no record is met
 */
export function leavesOf<Leaf extends { shape: readonly number[] }>(tree: unknown, path = ''): Map<string, Leaf> {
  if (isLeaf(tree)) return new Map([[path, tree as unknown as Leaf]])
  if (!isRecord(tree)) {
    const what = tree instanceof Promise ? 'a promise; the function must be synchronous' : typeof tree
    throw new LabError('trace.function', `expected tensors by name${path === '' ? '' : ` at "${path}"`}, got ${what}`)
  }
  const leaves = new Map<string, Leaf>()
  for (const [name, branch] of Object.entries(tree))
    for (const [at, leaf] of leavesOf<Leaf>(branch, path === '' ? name : `${path}.${name}`)) leaves.set(at, leaf)
  return leaves
}

/** The same tree with other leaves. */
export function mapTree(tree: unknown, change: (path: string) => unknown, path = ''): unknown {
  if (isLeaf(tree)) return change(path)
  if (!isRecord(tree)) throw new LabError('trace.function', `expected tensors by name, got ${typeof tree}`)
  return Object.fromEntries(
    Object.entries(tree).map(([name, branch]) => [
      name,
      mapTree(branch, change, path === '' ? name : `${path}.${name}`),
    ]),
  )
}

/** A copy of a tree of host numbers. */
export function copyTree<Tree>(tree: HostTree<Tree>): HostTree<Tree> {
  const leaves = leavesOf<HostArray>(tree)
  return mapTree(tree, (path) => {
    const { data, shape } = leaves.get(path) as HostArray
    return { data: data.slice(), shape }
  }) as HostTree<Tree>
}

/** Shapes and types of a tree of host numbers. */
export function specsOf<Tree>(tree: HostTree<Tree>): SpecTree<Tree> {
  const leaves = leavesOf<HostArray>(tree)
  return mapTree(tree, (path) => specOf(leaves.get(path) as HostArray)) as SpecTree<Tree>
}

/** What a function needs to know of host numbers before it can be compiled. */
export function specOf({ data, shape }: HostArray): TensorSpec {
  return { shape, type: data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'uint8' }
}

/**
 * Refuses numbers that do not fit a spec.
 *
 * @throws LabError `shape.mismatch` naming the path, what was expected and what came
 */
export function checkLeaf(path: string, spec: TensorSpec, array: HostArray): void {
  const given = specOf(array)
  const count = spec.shape.reduce((product, length) => product * length, 1)
  if (given.type !== spec.type || given.shape.join() !== spec.shape.join() || array.data.length !== count) {
    throw new LabError(
      'shape.mismatch',
      `expected ${path} as ${spec.type} of ${describe(spec.shape)}, got ${given.type} of ${describe(given.shape)} with ${array.data.length} values`,
      { path },
    )
  }
}

const describe = (shape: readonly number[]): string => (shape.length === 0 ? 'one value' : shape.join(' x '))

/** Refuses a feed with leaves that are missing or not known. */
export function checkLeaves(specs: ReadonlyMap<string, TensorSpec>, arrays: ReadonlyMap<string, HostArray>): void {
  for (const path of arrays.keys())
    if (!specs.has(path))
      throw new LabError('shape.mismatch', `unknown input ${path}; expected ${[...specs.keys()].join(', ')}`, { path })
  for (const [path, spec] of specs) {
    const array = arrays.get(path)
    if (array === undefined)
      throw new LabError(
        'shape.mismatch',
        `expected an input ${path} as ${spec.type} of ${describe(spec.shape)}, but it is missing`,
        { path },
      )
    checkLeaf(path, spec, array)
  }
}
