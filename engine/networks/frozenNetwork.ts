import { LabError } from '../../contract/index.js'
import type { HostArray } from '../executor/tree.js'
import { paddedRow } from '../kernels/memory.js'
import type { NetworkOptions } from './network.js'

/** A trained network as plain numbers, which probes look at and never change. */
export interface FrozenNetwork {
  options: NetworkOptions
  /** See NetworkParameters. */
  parameters: Readonly<Record<string, HostArray>>
  /** Of batch norm, `mean` and `variance`; empty without it. */
  running: Readonly<Record<string, HostArray>>
}

/** Sizes of a network: entries of an image, hidden units, classes; a bare layer has none of the last. */
export interface NetworkSizes {
  inputs: number
  units: number
  classes: number
}

/** @throws LabError `shape.mismatch` when the parameters do not fit together */
export function networkSizes({ parameters }: FrozenNetwork): NetworkSizes {
  const [units = 0, inputs = 0] = parameters['weights']?.shape ?? []
  const [classes = 0, inner = units] = parameters['dense']?.shape ?? []
  if (inner !== units || units === 0)
    throw new LabError(
      'shape.mismatch',
      `expected a dense layer with ${units} inputs, one per hidden unit, got ${inner}`,
    )
  return { inputs, units, classes }
}

/**
 * The same network with the matrix G of h = x Gᵀ multiplied out once, so that no probe does it at every step: a hybrid becomes a
 * perceptron with the metric weights sign(W)|W|^(p-1) as its weights.
 */
export function multipliedOut(network: FrozenNetwork): FrozenNetwork {
  const { options, parameters } = network
  const weights = parameters['weights']
  if (options.kind !== 'hybrid' || weights === undefined) return network
  const exponent = options.lebesgueNorm - 1
  const metric = Float32Array.from(weights.data, (weight) =>
    exponent === 1
      ? weight
      : exponent === 2
        ? weight * Math.abs(weight)
        : Math.sign(weight) * Math.abs(weight) ** exponent,
  )
  return {
    ...network,
    options: { ...options, kind: 'perceptron' },
    parameters: { ...parameters, weights: { data: metric, shape: weights.shape } },
  }
}

/**
 * The same network over padded rows of images, which products read faster; what is beyond an image is 0, and so are its weights.
 *
 * @returns the network itself where rows need no padding, or where it has no first layer
 */
export function withPaddedRows(network: FrozenNetwork): FrozenNetwork {
  const weights = network.parameters['weights']
  const [units = 0, inputs = 0] = weights?.shape ?? []
  const rowLength = paddedRow(inputs)
  if (weights === undefined || rowLength === inputs) return network
  const data = new Float32Array(units * rowLength)
  for (let unit = 0; unit < units; unit++)
    data.set(weights.data.subarray(unit * inputs, (unit + 1) * inputs), unit * rowLength)
  return { ...network, parameters: { ...network.parameters, weights: { data, shape: [units, rowLength] } } }
}

/** Refuses images of another size than the network's. @throws LabError `shape.mismatch` */
export function expectImageShape(network: FrozenNetwork, shape: readonly number[]): void {
  const { inputs } = networkSizes(network)
  const size = shape.reduce((product, length) => product * length, 1)
  if (size !== inputs)
    throw new LabError(
      'shape.mismatch',
      `expected images of ${inputs} entries for this model, got ${shape.join(' x ')} = ${size}`,
      { expected: inputs, got: size },
    )
}
