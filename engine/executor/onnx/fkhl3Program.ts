import { Tensor, type InferenceSession } from 'onnxruntime-node'
import { LabError } from '../../../contract/index.js'
import { rowsOf } from '../../datasets/imageRows.js'
import { refuseNaN } from '../../learning/createLayerProgram.js'
import type { Fkhl3Parameters } from '../../learning/fkhl3.js'
import type { LayerProgram, LayerProgramOptions, LayerStepResult } from '../../learning/layerProgram.js'
import { onnxModel } from './model.js'
import { onnxError, openSession, type SessionOptions } from './session.js'
import { createWinnerUpdate, type WinnerUpdate } from './winnerUpdate.js'

/** Overlaps of a batch and their k largest per image: h = X Gᵀ with G = sign(W)|W|^(p-1), units x inputs. */
function overlapModel(hiddenUnits: number, rowLength: number, rank: number): Buffer {
  return onnxModel({
    nodes: [
      {
        operator: 'Gemm',
        inputs: ['images', 'metricWeights'],
        outputs: ['hidden'],
        attributes: { transB: { int: 1 } },
      },
      { operator: 'TopK', inputs: ['hidden', 'rank'], outputs: ['values', 'indices'], attributes: {} },
    ],
    constants: [{ name: 'rank', type: 'int64', shape: [1], data: BigInt64Array.of(BigInt(rank)) }],
    inputs: [
      { name: 'images', type: 'float32', shape: ['batch', rowLength] },
      { name: 'metricWeights', type: 'float32', shape: [hiddenUnits, rowLength] },
    ],
    outputs: [
      { name: 'values', type: 'float32', shape: ['batch', rank] },
      { name: 'indices', type: 'int64', shape: ['batch', rank] },
    ],
  })
}

/**
 * The learning step of FKHL3 at the speed of its matrix product; equal to `fkhl3Step`.
 *
 * ONNX Runtime computes overlaps and ranks; then only the rows that won or came k-th are touched, in place. All other rows
 * of W and of its metric weights stay as they are, since their increment is zero.
 *
 * @param options - of the layer with the settings of the rule; see LayerProgramOptions
 * @param session - where the product runs
 */
export async function createFkhl3Program(
  options: Omit<LayerProgramOptions, 'rule'> & Fkhl3Parameters,
  session: SessionOptions,
): Promise<LayerProgram> {
  const { hiddenUnits, inputSize, rank } = options
  // A unit whose overlap is NaN never ranks, so a step would pass over it; after this, only rows that are summed up change.
  const startsFinite = options.weights.every(Number.isFinite)
  let largestBatch = 0
  let update: WinnerUpdate | null = null
  let metric: Tensor | null = null
  let overlaps: InferenceSession | null = null

  /** Memory for batches of this size; a larger one than before moves the weights. */
  const reserve = (images: number): WinnerUpdate => {
    if (update !== null && images <= largestBatch) return update
    largestBatch = images
    update = createWinnerUpdate({ ...options, weights: update?.weights() ?? options.weights }, images)
    metric = new Tensor('float32', update.metricWeights, [hiddenUnits, update.rowLength])
    return update
  }
  const { rowLength } = reserve(1)
  overlaps = await openSession(overlapModel(hiddenUnits, rowLength, rank), session)

  const rank2 = async (
    images: Float32Array,
    batch: number,
  ): Promise<{ values: Float32Array; indices: BigInt64Array }> => {
    const made = await overlaps
      ?.run({
        images: new Tensor('float32', images.subarray(0, batch * rowLength), [batch, rowLength]),
        metricWeights: metric as Tensor,
      })
      .catch((error: unknown) => {
        throw onnxError(error, 'a learning step')
      })
    const { values, indices } = made ?? {}
    if (values === undefined || indices === undefined)
      throw new LabError('executor.failed', 'ONNX Runtime returned no ranks')
    return { values: values.data as Float32Array, indices: indices.data as BigInt64Array }
  }

  return {
    room: (images) => {
      const held = reserve(images)
      return { data: held.images.subarray(0, images * rowLength), rowLength, scaleBytes: held.scaleBytes }
    },
    step: async (given, rate): Promise<LayerStepResult> => {
      const { data, rowLength: givenLength } = rowsOf(given, inputSize)
      const batch = data.length / givenLength
      if (!Number.isInteger(batch))
        throw new LabError('shape.mismatch', `expected whole images of ${inputSize} values, got ${data.length} values`)
      if (!startsFinite) refuseNaN({ largestChange: NaN, absoluteChangeSum: NaN, winningOverlapSum: NaN }, rate)
      const held = reserve(batch)
      if (data.buffer !== held.images.buffer)
        for (let image = 0; image < batch; image++)
          held.images.set(data.subarray(image * givenLength, image * givenLength + inputSize), image * rowLength)
      const { values, indices } = await rank2(held.images, batch)
      const result = held.apply(values, indices, rate)
      refuseNaN(result, rate)
      return result
    },
    weights: async () => (update as WinnerUpdate).weights(),
    dispose: async () => {
      await overlaps?.release()
      update = null
      metric = null
    },
  }
}
