import { LabError, type ComputeDevice, type ExecutorName } from '../../contract/index.js'
import { createLayerProgram } from '../learning/createLayerProgram.js'
import { multiply64 } from '../linalg/multiply.js'
import { dispose, getBackend, memory, setBackend, tensor, tidy, type Tensor } from '../tf.js'
import type { Executor, Program, PureFunction, StatefulProgram, StateFunction, StaticOptions } from './executor.js'
import { eagerError, renewAfterTrap } from './libraryError.js'
import {
  checkLeaves,
  leavesOf,
  mapTree,
  type HostArray,
  type HostTree,
  type SpecTree,
  type TensorSpec,
  type TensorTree,
} from './tree.js'

function toTensor({ data, shape }: HostArray): Tensor {
  // Copied: the library may keep the array that it is given.
  return data instanceof Int32Array
    ? tensor(data.slice(), [...shape], 'int32')
    : tensor(Float32Array.from(data), [...shape], 'float32')
}

function toHost(value: Tensor, into: HostArray | undefined): HostArray {
  const data = value.dataSync()
  if (into !== undefined) {
    into.data.set(data)
    return into
  }
  return {
    data:
      value.dtype === 'int32'
        ? Int32Array.from(data)
        : value.dtype === 'bool'
          ? Uint8Array.from(data)
          : Float32Array.from(data),
    shape: value.shape,
  }
}

function tensorsOf(tree: unknown): TensorTree {
  const leaves = leavesOf<HostArray>(tree)
  return mapTree(tree, (path) => toTensor(leaves.get(path) as HostArray)) as TensorTree
}

/** The numbers of a function's output; its tensors are let go. */
function takeOutput(output: unknown, into?: ReadonlyMap<string, HostArray>): Record<string, unknown> {
  const leaves = leavesOf<Tensor>(output)
  const host = mapTree(output, (path) => toHost(leaves.get(path) as Tensor, into?.get(path))) as Record<string, unknown>
  dispose([...leaves.values()])
  return host
}

/** The output of a function whose tensors are tidied up; a promise is let go unheard, and refused by whoever takes the output. */
function callTidily<Output>(fn: () => Output): Output {
  return tidy(() => {
    const returned = fn()
    if (returned instanceof Promise) returned.catch(() => undefined)
    return returned as never
  })
}

/** What an eager executor is started with. */
export interface EagerOptions {
  name: ExecutorName
  /** Name of the library's backend; a registered one. */
  backend: string
  description: string
  device: ComputeDevice
  /** The backend's own errors as those of the workbench; what it does not know goes through as it is. */
  explain?(error: unknown, name: ExecutorName): unknown
}

/**
 * An executor that runs engine functions operation by operation on a backend of tfjs.
 *
 * @throws LabError `executor.unavailable` when the backend does not start
 */
export async function createEagerExecutor(options: EagerOptions): Promise<Executor> {
  const { name, backend, description, device, explain = (error) => error } = options
  if (!(await setBackend(backend)))
    throw new LabError('executor.unavailable', `the tfjs backend ${backend} failed to start`, { executor: name })
  const before = memory()
  // Another executor of this process may have taken over; once a backend has started, this takes effect at once.
  const activate = (): void => {
    if (getBackend() !== backend) void setBackend(backend)
  }

  const guarded = async <Result>(work: () => Result): Promise<Result> => {
    try {
      activate()
      return work()
    } catch (error) {
      await renewAfterTrap(error, backend)
      throw eagerError(explain(error, name), name)
    }
  }

  const executor: Executor = {
    name,
    description,
    device,
    compile: async <Input extends TensorTree, Output extends TensorTree, Options extends StaticOptions>(
      fn: PureFunction<Input, Output, Options>,
      specs: SpecTree<Input>,
      fixed: Options,
    ): Promise<Program<Input, Output>> => {
      const known = leavesOf<TensorSpec>(specs)
      return {
        run: async (input, into) => {
          checkLeaves(known, leavesOf<HostArray>(input))
          return guarded(() => {
            const tensors = tensorsOf(input)
            try {
              return takeOutput(
                callTidily(() => fn(tensors as Input, fixed)),
                into,
              ) as HostTree<Output>
            } finally {
              dispose([...leavesOf<Tensor>(tensors).values()])
            }
          })
        },
      }
    },
    keep: async (fn, state, fixed) => keepTensors(fn, state, fixed, guarded),
    layerProgram: (layer) => createLayerProgram(executor, layer),
    multiply64: async (a, b, size) => multiply64(a, b, size),
    memory: () => {
      const now = memory()
      return { tensors: now.numTensors - before.numTensors, bytes: now.numBytes - before.numBytes }
    },
    dispose: async () => {},
  }
  return executor
}

/** A state that stays tensors between steps. */
async function keepTensors<
  State extends TensorTree,
  Input extends TensorTree,
  Output extends TensorTree,
  Options extends StaticOptions,
>(
  fn: StateFunction<State, Input, Output, Options>,
  first: HostTree<State>,
  fixed: Options,
  guarded: <Result>(work: () => Result) => Promise<Result>,
): Promise<StatefulProgram<State, Input, Output>> {
  let state = await guarded(() => tensorsOf(first))
  const stateTensors = (): Tensor[] => [...leavesOf<Tensor>(state).values()]
  return {
    step: (input) =>
      guarded(() => {
        const tensors = tensorsOf(input)
        try {
          const { state: next, ...rest } = callTidily(() => fn({ ...tensors, state } as never, fixed)) as unknown as {
            state: TensorTree
          } & Record<string, unknown>
          const kept = new Set(leavesOf<Tensor>(next).values())
          dispose(stateTensors().filter((old) => !kept.has(old)))
          state = next
          return takeOutput(rest) as HostTree<Output>
        } finally {
          dispose([...leavesOf<Tensor>(tensors).values()])
        }
      }),
    state: () =>
      guarded(() => {
        const leaves = leavesOf<Tensor>(state)
        return mapTree(state, (path) => toHost(leaves.get(path) as Tensor, undefined)) as HostTree<State>
      }),
    dispose: async () => dispose(stateTensors()),
  }
}
