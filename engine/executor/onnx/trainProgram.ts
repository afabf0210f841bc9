import { LabError, regulariserOf } from '../../../contract/index.js'
import { kernelBytes, openKernelMemory, paddedRow } from '../../kernels/memory.js'
import ADAM from '../../kernels/adam.wasm.js'
import type { NetworkParameters, RunningStatistics } from '../../networks/index.js'
import {
  trainableNames,
  trainGradients,
  type GradientInput,
  type TrainGradients,
  type TrainInput,
  type TrainMeasures,
  type TrainOptions,
  type TrainState,
} from '../../training/trainStep.js'
import type { StatefulProgram } from '../executor.js'
import { copyTree, leavesOf, specsOf, type HostArray, type HostTree } from '../tree.js'
import type { ProgramCache } from './programCache.js'

/** engine/kernels/assembly/adam.ts */
interface AdamKernel {
  adam(
    parameters: number,
    first: number,
    second: number,
    gradients: number,
    count: number,
    beta1: number,
    beta2: number,
    stepSize: number,
    correction: number,
    epsilon: number,
  ): void
}

type Arrays = Map<string, HostArray>

const arraysOf = (tree: unknown): Arrays => leavesOf<HostArray>(tree)
const recordOf = (arrays: Arrays): HostTree<NetworkParameters> =>
  Object.fromEntries(arrays) as HostTree<NetworkParameters>
const entriesOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1)
const wholeLanes = (count: number): number => Math.ceil(count / 4) * 4

/** Parameters whose rows run over the inputs, as the images' do. */
const OVER_INPUTS = new Set(['weights'])

/** An array with rows of another length; what is beyond the shorter one is left as it is, or left out. */
function copyRows(from: HostArray, to: HostArray): void {
  const [[rows = 1, before = 0], [, after = 0]] = [from.shape, to.shape]
  for (let row = 0; row < rows; row++)
    to.data.set(from.data.subarray(row * before, row * before + Math.min(before, after)), row * after)
}

/**
 * The training step with Adam in place; equal to `trainStep`.
 *
 * A program computes the gradients of a batch into memory that a WebAssembly kernel shares; the kernel then updates parameters
 * and moments in one pass, where a graph would pass over them ten times. Rows over the inputs are padded with zeros (see
 * `paddedRow`): the gradients there are 0 and the parameters stay 0, so that nothing else changes.
 */
export async function createTrainProgram(
  programs: ProgramCache,
  first: HostTree<TrainState>,
  options: TrainOptions,
): Promise<StatefulProgram<TrainState, TrainInput, TrainMeasures>> {
  const given = { parameters: arraysOf(first.parameters), first: arraysOf(first.first), second: arraysOf(first.second) }
  const trained = trainableNames(Object.fromEntries(given.parameters), options.network)
  const shapeOf = (name: string): readonly number[] => given.parameters.get(name)?.shape ?? []
  const inputSize = shapeOf('weights')[1] ?? 0
  // The identity has no first layer, latent activations have another width, and penalties that prepare an epoch bring tensors of their own over the inputs.
  const pads =
    inputSize > 0 &&
    options.input === 'images' &&
    options.regularisers.every(({ kind }) => !regulariserOf(kind).preparesEpoch)
  const rowLength = pads ? paddedRow(inputSize) : inputSize
  const innerShape = (name: string): readonly number[] =>
    OVER_INPUTS.has(name) ? [shapeOf(name)[0] ?? 0, rowLength] : shapeOf(name)
  const names = [...given.parameters.keys()]
  const counts = trained.map((name) => wholeLanes(entriesOf(innerShape(name))))
  const fixed = names
    .filter((name) => !trained.includes(name))
    .reduce((sum, name) => sum + kernelBytes(entriesOf(innerShape(name)) * 4), 0)
  const memory = openKernelMemory(counts.reduce((sum, count) => sum + 4 * kernelBytes(count * 4), fixed))
  const kernel = memory.kernel<AdamKernel>(ADAM)
  /** Room for one parameter; the padding belongs to nobody and stays 0. */
  const place = (name: string, from: Arrays | null): HostArray => {
    const count = entriesOf(innerShape(name))
    const array = { data: memory.float32(wholeLanes(count)).subarray(0, count), shape: innerShape(name) }
    const values = from?.get(name)
    if (values !== undefined && OVER_INPUTS.has(name)) copyRows(values, array)
    else if (values !== undefined) array.data.set(values.data)
    return array
  }
  const placed = (from: Arrays | null, which: readonly string[]): Arrays =>
    new Map(which.map((name) => [name, place(name, from)]))
  const parameters = placed(given.parameters, names)
  const moving = {
    first: placed(given.first, trained),
    second: placed(given.second, trained),
    gradients: placed(null, trained),
  }
  const into = new Map([...moving.gradients].map(([name, array]) => [`gradients.${name}`, array]))
  let running = copyTree<RunningStatistics>(first.running)
  let images: HostArray = { data: new Float32Array(0), shape: [0, rowLength] }

  /** The batch in padded rows. */
  const paddedImages = (batch: HostArray): HostArray => {
    if (rowLength === inputSize) return batch
    const [count = 0, width] = batch.shape
    if (width !== inputSize || batch.data.length !== count * inputSize)
      throw new LabError(
        'shape.mismatch',
        `expected batch.images as float32 of B x ${inputSize}, got ${batch.shape.join(' x ')} with ${batch.data.length} values`,
        { path: 'batch.images' },
      )
    if (images.shape[0] !== count) images = { data: new Float32Array(count * rowLength), shape: [count, rowLength] }
    copyRows(batch, images)
    return images
  }
  const update = (stepSize: number, correction: number): void => {
    const { beta1, beta2, epsilon } = options.adam
    trained.forEach((name, index) => {
      const at = (arrays: Arrays): number => arrays.get(name)?.data.byteOffset ?? 0
      kernel.adam(
        at(parameters),
        at(moving.first),
        at(moving.second),
        at(moving.gradients),
        counts[index] ?? 0,
        beta1,
        beta2,
        stepSize,
        correction,
        epsilon,
      )
    })
  }
  /** Copies in the shapes of the caller. */
  const outer = (arrays: Arrays): HostTree<NetworkParameters> =>
    recordOf(
      new Map(
        [...arrays].map(([name, array]) => {
          const copy = { data: new Float32Array(entriesOf(shapeOf(name))), shape: shapeOf(name) }
          if (OVER_INPUTS.has(name)) copyRows(array, copy)
          else copy.data.set(array.data)
          return [name, copy]
        }),
      ),
    )
  return {
    step: async ({ batch, stepSize, correction }) => {
      const input = {
        parameters: recordOf(parameters),
        running,
        batch: { ...batch, images: paddedImages(batch.images) },
      } as HostTree<GradientInput>
      const program = await programs.open(trainGradients, specsOf<GradientInput>(input), options)
      const outputs = (await program.run(arraysOf(input), into)) as HostTree<TrainGradients>
      update(stepSize.data[0] ?? NaN, correction.data[0] ?? NaN)
      running = outputs.running
      return outputs.measures
    },
    state: async () => ({
      parameters: outer(parameters),
      first: outer(moving.first),
      second: outer(moving.second),
      running: copyTree<RunningStatistics>(running),
    }),
    dispose: async () => {
      parameters.clear()
      for (const arrays of Object.values(moving)) arrays.clear()
    },
  }
}
