import { Tensor, type InferenceSession } from 'onnxruntime-node'
import { LabError } from '../../../contract/index.js'
import type { LayerProgram, LayerProgramOptions, LayerStepResult } from '../../learning/layerProgram.js'
import { onnxModel } from './model.js'
import { openSession } from './session.js'
import { WinnerUpdate } from './winnerUpdate.js'

/** Overlaps of a batch and their k largest per image: h = X Gᵀ with G = sign(W)|W|^(p-1), units x inputs. */
function overlapModel(hiddenUnits: number, inputSize: number, rank: number): Buffer {
  return onnxModel({
    name: 'overlap',
    nodes: [
      { operator: 'Gemm', inputs: ['images', 'metricWeights'], outputs: ['hidden'], attributes: { transB: { int: 1 } } },
      { operator: 'TopK', inputs: ['hidden', 'rank'], outputs: ['values', 'indices'] },
    ],
    constants: [{ name: 'rank', values: [rank] }],
    inputs: [{ name: 'images', type: 'float32', shape: ['batch', inputSize] }, { name: 'metricWeights', type: 'float32', shape: [hiddenUnits, inputSize] }],
    outputs: [{ name: 'values', type: 'float32', shape: ['batch', rank] }, { name: 'indices', type: 'int64', shape: ['batch', rank] }],
  })
}

/**
 * The learning step of FKHL3 at the speed of its matrix product; equal to `fkhl3Step`.
 *
 * ONNX Runtime computes overlaps and ranks; then only the rows that won or came k-th are touched, in place. All other rows
 * of W and of its metric weights stay as they are, since their increment is zero.
 *
 * @param options - rule `fkhl3`; see LayerProgramOptions
 */
export async function createFkhl3Program(options: LayerProgramOptions): Promise<LayerProgram> {
  const { hiddenUnits, inputSize, rank } = options
  const session: InferenceSession = await openSession(overlapModel(hiddenUnits, inputSize, rank))
  const update = new WinnerUpdate(options)
  // A unit whose overlap is NaN never ranks here, so a step would pass over it; after this, only rows that are summed up change.
  const startsFinite = update.weights.every(Number.isFinite)
  const metricWeights = new Tensor('float32', update.metricWeights, [hiddenUnits, inputSize])

  const step = async (images: Float32Array, rate: number): Promise<LayerStepResult> => {
    const notANumber = (): LabError => new LabError('run.notANumber', `the weights became NaN at a learning rate of ${rate}`, { rate })
    if (!startsFinite) throw notANumber()
    const batch = images.length / inputSize
    if (!Number.isInteger(batch)) throw new LabError('shape.mismatch', `expected whole images of ${inputSize} values, got ${images.length} values`)
    const { values, indices } = await session.run({ images: new Tensor('float32', images, [batch, inputSize]), metricWeights })
    if (values === undefined || indices === undefined) throw new LabError('executor.failed', 'ONNX Runtime gave no ranks')
    const result = update.apply(images, values.data as Float32Array, indices.data as BigInt64Array, rate)
    if (![result.largestChange, result.absoluteChangeSum, result.winningOverlapSum].every(Number.isFinite)) throw notANumber()
    return result
  }
  return { step, weights: async () => update.weights.slice(), dispose: () => session.release() }
}
