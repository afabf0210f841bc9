import { availableParallelism } from 'node:os'
import { LabError, type ComputeDevice, type ExecutorName } from '../../../contract/index.js'
import { createLayerProgram } from '../../learning/createLayerProgram.js'
import type { Executor, PureFunction, StatefulProgram, StateFunction, StaticOptions } from '../executor.js'
import { matMul, type Tensor2D } from '../../tf.js'
import { leavesOf, type HostArray, type HostTree, type SpecTree, type TensorTree } from '../tree.js'
import { createFkhl3Program } from './fkhl3Program.js'
import { keepBuffers } from './keepBuffers.js'
import { createProducts } from './products.js'
import { createProgramCache } from './programCache.js'
import type { OnnxProvider } from './session.js'
import { SPECIALISED } from './specialised.js'

/** What an executor on ONNX Runtime is started with. */
export interface OnnxOptions {
  name: ExecutorName
  provider: OnnxProvider
  description: string
  device: ComputeDevice
  /** Threads inside one operation on the processor; all cores when absent. */
  threads?: number
}

/**
 * An executor that compiles engine functions into ONNX graphs and runs them on a provider of ONNX Runtime.
 *
 * Its own forms of single steps are few, and each is defined beside the plain function that it must equal: the layer step
 * (`fkhl3Program.ts`) and the steps of `specialised.ts`.
 *
 * @throws LabError `executor.failed` when the native library, or its provider, works not
 */
export async function createOnnxExecutor({
  name,
  provider,
  description,
  device,
  threads = availableParallelism(),
}: OnnxOptions): Promise<Executor> {
  const session = { provider, threads }
  const programs = createProgramCache(session)
  const products = createProducts(threads)

  const executor: Executor = {
    name,
    description,
    device,
    compile: async <Input extends TensorTree, Output extends TensorTree, Options extends StaticOptions>(
      fn: PureFunction<Input, Output, Options>,
      specs: SpecTree<Input>,
      options: Options,
    ) => {
      await programs.open(fn, specs, options)
      return {
        // Asked for each time: a program that was let go meanwhile opens again.
        run: async (input: HostTree<Input>, into?: ReadonlyMap<string, HostArray>) =>
          (await (await programs.open(fn, specs, options)).run(leavesOf<HostArray>(input), into)) as HostTree<Output>,
      }
    },
    keep: async <
      State extends TensorTree,
      Input extends TensorTree,
      Output extends TensorTree,
      Options extends StaticOptions,
    >(
      fn: StateFunction<State, Input, Output, Options>,
      state: HostTree<State>,
      options: Options,
    ) => {
      const special = SPECIALISED.get(fn)
      if (special !== undefined)
        return special(programs, state as HostTree<TensorTree>, options) as unknown as StatefulProgram<
          State,
          Input,
          Output
        >
      return keepBuffers(programs, fn, state, options)
    },
    layerProgram: (layer) =>
      layer.rule.kind === 'fkhl3'
        ? createFkhl3Program({ ...layer, ...layer.rule }, session)
        : createLayerProgram(executor, layer),
    multiply64: products.multiply,
    memory: () => ({ tensors: programs.size, bytes: 0 }),
    dispose: async () => {
      await programs.dispose()
      await products.dispose()
    },
  }
  await selfTest(executor)
  return executor
}

const productOf = ({ a, b }: { a: Tensor2D; b: Tensor2D }): { c: Tensor2D } => ({ c: matMul(a, b) })

/** A first product shows that the native library loads, and that its provider computes. */
async function selfTest(executor: Executor): Promise<void> {
  const program = await executor.compile(
    productOf,
    { a: { shape: [2, 2], type: 'float32' }, b: { shape: [2, 2], type: 'float32' } },
    {},
  )
  const { c } = await program.run({
    a: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] },
    b: { data: Float32Array.of(5, 6, 7, 8), shape: [2, 2] },
  })
  if (Array.from(c.data).join() !== '19,22,43,50')
    throw new LabError(
      'executor.failed',
      `the self-test of ONNX Runtime gave a wrong matrix product: ${Array.from(c.data).join(', ')}`,
    )
}
