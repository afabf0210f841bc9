import type { ClassifierSpec } from '../../../contract/index.js'
import type { HostArray, HostTree } from '../../executor/tree.js'
import type { NetworkOptions } from '../../networks/index.js'
import { randomStream } from '../../random/index.js'
import { trainableNames, type TrainState } from '../../training/trainStep.js'

/** The frozen layer of a hybrid model: units x inputs, with its own p. */
export interface FrozenLayer {
  weights: Float32Array
  hiddenUnits: number
  inputSize: number
  lebesgueNorm: number
}

type Arrays = Record<string, HostArray>

const filled = (shape: readonly number[], value: number): HostArray => ({
  data: new Float32Array(shape.reduce((product, length) => product * length, 1)).fill(value),
  shape,
})

/** Zeros like the trained parameters: moments before the first step. */
const zerosLike = (parameters: Arrays, names: readonly string[]): Arrays =>
  Object.fromEntries(names.map((name) => [name, filled(parameters[name]?.shape ?? [], 0)]))

/** The network of a spec, as the engine's functions are compiled for it. */
export function networkOf({ model }: ClassifierSpec, layer: FrozenLayer | null): NetworkOptions {
  if (model.kind === 'identity') return { kind: 'identity', activationExponent: 1, batchNorm: false, lebesgueNorm: 2 }
  return {
    kind: model.kind,
    activationExponent: model.activationExponent,
    batchNorm: 'batchNorm' in model && model.batchNorm,
    lebesgueNorm: layer?.lebesgueNorm ?? 2,
  }
}

/** p to whose unit norm images are scaled. */
export const imageNormOf = ({ model }: ClassifierSpec, layer: FrozenLayer | null): number =>
  model.kind === 'hybrid' ? (layer?.lebesgueNorm ?? 3) : model.imageNorm

/**
 * Where training begins: W independent N(0, 2/d); A and b uniform in ±1/√H; batch norm with scale 1, shift 0, mean 0, variance 1;
 * moments 0. A hybrid keeps the weights of its layer.
 *
 * @param inputSize - d
 * @param classes - C
 *
 * Source: docs/SOURCES.md 3.1, 3.2.
 */
export function firstState(
  spec: ClassifierSpec,
  inputSize: number,
  classes: number,
  layer: FrozenLayer | null,
): HostTree<TrainState> {
  const network = networkOf(spec, layer)
  const units =
    spec.model.kind === 'identity'
      ? inputSize
      : spec.model.kind === 'hybrid'
        ? (layer?.hiddenUnits ?? 0)
        : spec.model.hiddenUnits
  const parameters: Arrays = {}
  if (layer !== null) parameters['weights'] = { data: layer.weights, shape: [units, inputSize] }
  else if (network.kind !== 'identity') {
    const weights = filled([units, inputSize], 0)
    randomStream(spec.seed, 'weights').fillNormal(weights.data as Float32Array, Math.sqrt(2 / inputSize))
    parameters['weights'] = weights
  }
  const bound = 1 / Math.sqrt(units)
  const uniform = (purpose: string, shape: readonly number[]): HostArray => {
    const random = randomStream(spec.seed, purpose)
    const array = filled(shape, 0)
    for (let index = 0; index < array.data.length; index++) array.data[index] = (2 * random.uniform() - 1) * bound
    return array
  }
  parameters['dense'] = uniform('dense', [classes, units])
  parameters['bias'] = uniform('bias', [classes])
  if (network.batchNorm) Object.assign(parameters, { scale: filled([units], 1), shift: filled([units], 0) })
  const trained = trainableNames(parameters, network)
  const running: Arrays = network.batchNorm ? { mean: filled([units], 0), variance: filled([units], 1) } : {}
  return {
    parameters,
    first: zerosLike(parameters, trained),
    second: zerosLike(parameters, trained),
    running,
  } as unknown as HostTree<TrainState>
}
