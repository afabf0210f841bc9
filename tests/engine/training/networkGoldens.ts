import type { NetworkOptions } from '../../../engine/networks/index.js'
import type { HostArray } from '../../../engine/executor/tree.js'
import { float32Of, unitsByInputs, type GoldenArray } from '../../goldenFiles.js'

/** Host arrays by name: the parameters of a network. */
export type HostRecord = Record<string, HostArray>

export const hostOf = (golden: GoldenArray): HostArray => ({ data: float32Of(golden), shape: golden.shape })
export const scalarOf = (value: number): HostArray => ({ data: Float32Array.of(value), shape: [] })

/** The first layer's weights, turned into units x inputs. */
export function weightsOf(golden: GoldenArray): HostArray {
  const [inputs = 0, units = 0] = golden.shape
  return { data: unitsByInputs(golden), shape: [units, inputs] }
}

/** Images as rows. */
export function rowsOf(golden: GoldenArray, from = 0, to = golden.shape[0] ?? 0): HostArray {
  const size = golden.shape.slice(1).reduce((product, length) => product * length, 1)
  return { data: float32Of(golden).slice(from * size, to * size), shape: [to - from, size] }
}

export const labelsOf = (golden: GoldenArray, from = 0, to = golden.shape[0] ?? 0): HostArray => ({
  data: Int32Array.from(golden.data.slice(from, to), Number),
  shape: [to - from],
})

export const zerosLike = (record: HostRecord): HostRecord =>
  Object.fromEntries(
    Object.entries(record).map(([name, { data, shape }]) => [name, { data: new Float32Array(data.length), shape }]),
  )

/** The network of a golden file. */
export function networkOf(
  model: string,
  activationExponent: number,
  batchNorm = false,
  lebesgueNorm = 3,
): NetworkOptions {
  return {
    kind: model === 'KHModel' ? 'hybrid' : model === 'SHLP_tanh' ? 'tanhPerceptron' : 'perceptron',
    activationExponent,
    batchNorm,
    lebesgueNorm,
  }
}

/** A stored state of the original under our names; batch norm's place moves the dense layer by one. */
export function stateOf(stored: Record<string, GoldenArray>): { parameters: HostRecord; running: HostRecord } {
  const normalises = 'dense.0.running_mean' in stored
  const dense = 'dense.weight' in stored ? 'dense' : normalises ? 'dense.1' : 'dense.0'
  const need = (name: string): GoldenArray => {
    const array = stored[name]
    if (array === undefined) throw new Error(`the golden file has no ${name}`)
    return array
  }
  return {
    parameters: {
      weights: weightsOf(stored['W'] ?? need('local_learning.W')),
      dense: hostOf(need(`${dense}.weight`)),
      bias: hostOf(need(`${dense}.bias`)),
      ...(normalises ? { scale: hostOf(need('dense.0.weight')), shift: hostOf(need('dense.0.bias')) } : {}),
    },
    running: normalises
      ? { mean: hostOf(need('dense.0.running_mean')), variance: hostOf(need('dense.0.running_var')) }
      : {},
  }
}
