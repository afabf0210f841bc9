import { kernelBytes, openKernelMemory } from '../../kernels/memory.js'
import ADAM from '../../kernels/adam.wasm.js'
import type { NetworkParameters, RunningStatistics } from '../../networks/index.js'
import { trainableNames, trainGradients, type GradientInput, type TrainGradients, type TrainInput, type TrainMeasures, type TrainOptions, type TrainState } from '../../training/trainStep.js'
import type { StatefulProgram } from '../executor.js'
import { copyTree, leavesOf, specsOf, type HostArray, type HostTree } from '../tree.js'
import type { ProgramCache } from './programCache.js'

/** engine/kernels/assembly/adam.ts */
interface AdamKernel {
  adam(parameters: number, first: number, second: number, gradients: number, count: number, beta1: number, beta2: number, stepSize: number, correction: number, epsilon: number): void
}

type Arrays = Map<string, HostArray>

const arraysOf = (tree: unknown): Arrays => leavesOf<HostArray>(tree)
const recordOf = (arrays: Arrays): HostTree<NetworkParameters> => Object.fromEntries(arrays) as HostTree<NetworkParameters>
const padded = (count: number): number => Math.ceil(count / 4) * 4

/**
 * The training step with Adam in place; equal to `trainStep`.
 *
 * A program computes the gradients of a batch into memory that a WebAssembly kernel shares; the kernel then updates parameters
 * and moments in one pass, where a graph would pass over them ten times.
 */
export async function createTrainProgram(programs: ProgramCache, first: HostTree<TrainState>, options: TrainOptions): Promise<StatefulProgram<TrainState, TrainInput, TrainMeasures>> {
  const given = { parameters: arraysOf(first.parameters), first: arraysOf(first.first), second: arraysOf(first.second) }
  const trained = trainableNames(Object.fromEntries(given.parameters), options.network)
  const counts = trained.map((name) => padded(given.parameters.get(name)?.data.length ?? 0))
  const memory = openKernelMemory(counts.reduce((sum, count) => sum + 4 * kernelBytes(count * 4), 0))
  const kernel = memory.kernel<AdamKernel>(ADAM)
  /** Room for one parameter; the padding belongs to nobody and stays 0. */
  const place = (name: string, from: Arrays | null): HostArray => {
    const shape = given.parameters.get(name)?.shape ?? []
    const count = shape.reduce((product, length) => product * length, 1)
    const data = memory.float32(padded(count)).subarray(0, count)
    const values = from?.get(name)
    if (values !== undefined) data.set(values.data)
    return { data, shape }
  }
  const placed = (from: Arrays | null): Arrays => new Map(trained.map((name) => [name, place(name, from)]))
  const moving = { parameters: placed(given.parameters), first: placed(given.first), second: placed(given.second), gradients: placed(null) }
  const parameters: Arrays = new Map([...given.parameters].map(([name, array]) => [name, moving.parameters.get(name) ?? { data: array.data.slice(), shape: array.shape }]))
  const into = new Map([...moving.gradients].map(([name, array]) => [`gradients.${name}`, array]))
  let running = copyTree<RunningStatistics>(first.running)

  const update = (stepSize: number, correction: number): void => {
    const { beta1, beta2, epsilon } = options.adam
    trained.forEach((name, index) => {
      const at = (arrays: Arrays): number => arrays.get(name)?.data.byteOffset ?? 0
      kernel.adam(at(moving.parameters), at(moving.first), at(moving.second), at(moving.gradients), counts[index] ?? 0, beta1, beta2, stepSize, correction, epsilon)
    })
  }
  return {
    step: async ({ batch, stepSize, correction }) => {
      const input = { parameters: recordOf(parameters), running, batch } as HostTree<GradientInput>
      const program = await programs.open(trainGradients, specsOf<GradientInput>(input), options)
      const outputs = (await program.run(arraysOf(input), into)) as HostTree<TrainGradients>
      update(stepSize.data[0] ?? NaN, correction.data[0] ?? NaN)
      running = outputs.running
      return outputs.measures
    },
    state: async () => copyTree<TrainState>({ parameters: recordOf(parameters), first: recordOf(moving.first), second: recordOf(moving.second), running }),
    dispose: async () => {
      parameters.clear()
      for (const arrays of Object.values(moving)) arrays.clear()
    },
  }
}
