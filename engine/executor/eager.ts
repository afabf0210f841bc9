import { LabError, type ExecutorName } from '../../contract/index.js'
import { multiply64 } from '../linalg/multiply.js'
import { RULES } from '../learning/rules.js'
import type { LayerProgram, LayerProgramOptions } from '../learning/layerProgram.js'
import { dispose, memory, scalar, setBackend, tensor, tidy, type Tensor, type Tensor2D } from '../tf.js'
import type { Compiled, Executor, HostArray, PureFunction, TensorRecord } from './executor.js'

function toTensor(array: HostArray): Tensor {
  return tensor(array.data, [...array.shape], array.data instanceof Int32Array ? 'int32' : 'float32')
}

function toHost(value: Tensor): HostArray {
  const data = value.dataSync()
  return { data: value.dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data), shape: value.shape }
}

/**
 * An executor that runs engine functions operation by operation on a backend of tfjs.
 *
 * @param name - `wasm` or `cpu`, registered under this name
 * @param description - for people
 */
export async function createEagerExecutor(name: Extract<ExecutorName, 'wasm' | 'cpu'>, description: string): Promise<Executor> {
  if (!(await setBackend(name))) throw new LabError('executor.unavailable', `the tfjs backend ${name} did not start`, { executor: name })
  const before = memory()
  // Another executor of this process may have taken over; once a backend has started, this takes effect at once.
  const activate = (): void => void setBackend(name)

  const compile = <Input extends TensorRecord, Output extends TensorRecord>(fn: PureFunction<Input, Output>): Compiled<Input, Output> => async (input) => {
    activate()
    const tensors = Object.fromEntries(Object.entries(input).map(([key, array]) => [key, toTensor(array as HostArray)])) as Input
    try {
      const output = tidy(() => fn(tensors))
      const result = Object.fromEntries(Object.entries(output).map(([key, value]) => [key, toHost(value)]))
      dispose(output)
      return result as { [Name in keyof Output]: HostArray }
    } finally {
      dispose(tensors)
    }
  }

  return {
    name, description, compile,
    layerProgram: async (options) => createEagerLayer(options, activate),
    multiply64: async (a, b, size) => multiply64(a, b, size),
    memory: () => {
      const now = memory()
      return { tensors: now.numTensors - before.numTensors, bytes: now.numBytes - before.numBytes }
    },
    dispose: async () => {},
  }
}

/** A layer whose weights stay a tensor between steps. */
function createEagerLayer(options: LayerProgramOptions, activate: () => void): LayerProgram {
  const { hiddenUnits, inputSize } = options
  activate()
  let weights = tensor(options.weights.slice(), [hiddenUnits, inputSize]) as Tensor2D
  const step = RULES[options.rule]
  return {
    step: async (images, rate) => {
      activate()
      const output = tidy(() => step({ weights, images: tensor(images, [images.length / inputSize, inputSize]) as Tensor2D, rate: scalar(rate) }, options))
      const { weights: next, winners, winningOverlapSum, largestChange, absoluteChangeSum } = output
      weights.dispose()
      weights = next
      const result = {
        winners: Int32Array.from(winners.dataSync()), winningOverlapSum: winningOverlapSum.dataSync()[0] ?? NaN,
        largestChange: largestChange.dataSync()[0] ?? NaN, absoluteChangeSum: absoluteChangeSum.dataSync()[0] ?? NaN,
      }
      dispose([winners, winningOverlapSum, largestChange, absoluteChangeSum])
      if (!Number.isFinite(result.largestChange) || !Number.isFinite(result.absoluteChangeSum)) throw new LabError('run.notANumber', `the weights became NaN at a learning rate of ${rate}`, { rate })
      return result
    },
    weights: async () => Float32Array.from(weights.dataSync()),
    dispose: async () => {
      weights.dispose()
    },
  }
}
