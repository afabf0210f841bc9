import { LabError } from '../../contract/index.js'
import { float } from './pickle.js'
import { writeTorchFile } from './torchFile.js'

/** A local learning layer as the original's files hold it. */
export interface LayerFile {
  /** The original's class name; its loader refuses another. */
  typeName: 'FKHL3' | 'KHL3'
  /** Units x inputs, H x d; the file holds d x H. */
  weights: Float32Array
  hiddenUnits: number
  inputSize: number
  activationExponent: number
  lebesgueNorm: number
  /** Rate of the last epoch that learnt; the file holds τ = 1 / rate. */
  lastRate: number
  rank: number
  antiHebbianStrength: number
  radius: number
}

/**
 * Writes a `.pty` file of a layer: an OrderedDict with `W` (inputs x units, float32), `pSet` and `type_name`, which
 * `torch.load` and the original's model factory accept.
 *
 * @throws LabError `shape.mismatch`
 *
 * Source: docs/SOURCES.md 2.9; the original's state dictionaries.
 */
export function writeLayerFile(layer: LayerFile): Uint8Array {
  const { weights, hiddenUnits, inputSize } = layer
  if (weights.length !== hiddenUnits * inputSize) throw new LabError('shape.mismatch', `expected ${hiddenUnits} x ${inputSize} weights, got ${weights.length}`)
  const columns = new Float32Array(weights.length)
  for (let unit = 0; unit < hiddenUnits; unit++) for (let input = 0; input < inputSize; input++) columns[input * hiddenUnits + unit] = weights[unit * inputSize + input] as number
  return writeTorchFile({
    kind: 'orderedDict',
    entries: [
      ['W', { kind: 'tensor', shape: [inputSize, hiddenUnits], storage: '0' }],
      ['pSet', {
        kind: 'dict',
        entries: [
          ['in_size', inputSize], ['hidden_size', hiddenUnits], ['n', float(layer.activationExponent)], ['p', float(layer.lebesgueNorm)],
          ['tau_l', float(1 / layer.lastRate)], ['k', layer.rank], ['Delta', float(layer.antiHebbianStrength)], ['R', float(layer.radius)],
        ],
      }],
      ['type_name', layer.typeName],
    ],
  }, { 0: columns })
}
