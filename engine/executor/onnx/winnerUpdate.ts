import { kernelBytes, openKernelMemory, paddedRow } from '../../kernels/memory.js'
import KERNEL from '../../kernels/winnerUpdate.wasm.js'
import type { LayerProgramOptions, LayerStepResult } from '../../learning/layerProgram.js'
import type { Fkhl3Parameters } from '../../learning/fkhl3.js'

/** What the update needs of a layer. */
type Parameters = Omit<LayerProgramOptions, 'rule'> & Fkhl3Parameters

/** engine/kernels/assembly/winnerUpdate.ts; addresses are byte offsets. */
interface Kernel {
  accumulate(sums: number, images: number, count: number, list: number, gains: number, inputs: number): void
  subtractDecay(sums: number, weights: number, decay: number, inputs: number): number
  scaleBytes(target: number, source: number, scale: number, inputs: number): void
  applyChange(sums: number, weights: number, metric: number, scale: number, inputs: number): number
}

/** The second half of an FKHL3 step: given who won, changes the rows of the winners and of the k-th, in place. */
export interface WinnerUpdate {
  /** sign(W) |W|^(p-1) in padded rows, kept up to date row by row. */
  readonly metricWeights: Float32Array
  /** Inputs of a padded row. */
  readonly rowLength: number
  /** Room for a batch, rows of `rowLength`; entries beyond the inputs are 0. */
  readonly images: Float32Array
  /** Writes factor · bytes as one image of the batch. */
  scaleBytes(row: number, bytes: Uint8Array, factor: number): void
  /** W without the padding, a copy. */
  weights(): Float32Array
  /**
   * Changes the weights by the first images of the batch.
   *
   * @param values - overlaps of the k best units of every image, B x k, descending
   * @param indices - those units, B x k
   * @param rate - largest weight change
   */
  apply(values: Float32Array, indices: BigInt64Array, rate: number): LayerStepResult
}

/**
 * Opens the memory in which W, its metric weights, a batch and the rows of increments live side by side; a WebAssembly kernel
 * works on it and ONNX Runtime reads it without a copy.
 *
 * @param parameters - of the layer
 * @param largestBatch - images that fit
 * @throws LabError `executor.memory`
 */
export function createWinnerUpdate(parameters: Parameters, largestBatch: number): WinnerUpdate {
  const { hiddenUnits, inputSize, lebesgueNorm, radius, rank, antiHebbianStrength, precision } = parameters
  const rowLength = paddedRow(inputSize)
  const rows = Math.min(hiddenUnits, 2 * largestBatch)
  const sizes = [
    2 * hiddenUnits * rowLength,
    largestBatch * rowLength,
    rows * rowLength,
    2 * largestBatch,
    2 * largestBatch,
    inputSize,
  ]
  const memory = openKernelMemory(sizes.reduce((sum, count) => sum + 2 * kernelBytes(count * 4), 0))
  const kernel = memory.kernel<Kernel>(KERNEL)
  const weights = memory.float32(hiddenUnits * rowLength)
  const metricWeights = memory.float32(hiddenUnits * rowLength)
  const images = memory.float32(largestBatch * rowLength)
  const increments = memory.float32(rows * rowLength)
  const list = memory.int32(2 * largestBatch)
  const gains = memory.float32(2 * largestBatch)
  const staging = memory.uint8(inputSize)
  const starts = new Int32Array(hiddenUnits + 1)
  const places = new Int32Array(hiddenUnits)
  const decays = new Float64Array(hiddenUnits)
  const touched = new Int32Array(rows)
  const pull = radius ** lebesgueNorm
  const row = (array: Float32Array, index: number): number => array.byteOffset + index * rowLength * 4

  const refreshMetric = (unit: number): void => {
    for (let at = unit * rowLength; at < unit * rowLength + inputSize; at++) {
      const weight = weights[at] as number
      metricWeights[at] =
        lebesgueNorm === 2
          ? weight
          : lebesgueNorm === 3
            ? weight * Math.abs(weight)
            : Math.sign(weight) * Math.abs(weight) ** (lebesgueNorm - 1)
    }
  }
  for (let unit = 0; unit < hiddenUnits; unit++) {
    weights.set(parameters.weights.subarray(unit * inputSize, (unit + 1) * inputSize), unit * rowLength)
    refreshMetric(unit)
  }

  /** Sorts the 2B entries (image, gain) by unit, in the order of the images, and sums up the decays. */
  const bucket = (values: Float32Array, indices: BigInt64Array, batch: number, winners: Int32Array): number => {
    starts.fill(0)
    const unitOf = (image: number, last: number): number => Number(indices[image * rank + last * (rank - 1)])
    for (let image = 0; image < batch; image++) {
      for (let last = 0; last < 2; last++) {
        const unit = unitOf(image, last)
        starts[unit + 1] = (starts[unit + 1] as number) + 1
      }
    }
    for (let unit = 0; unit < hiddenUnits; unit++)
      starts[unit + 1] = (starts[unit + 1] as number) + (starts[unit] as number)
    places.set(starts.subarray(0, hiddenUnits))
    decays.fill(0)
    let winningOverlapSum = 0
    for (let image = 0; image < batch; image++) {
      winners[image] = unitOf(image, 0)
      winningOverlapSum += values[image * rank] ?? NaN
      for (let last = 0; last < 2; last++) {
        const unit = unitOf(image, last)
        const strength = last === 0 ? 1 : -antiHebbianStrength
        const place = places[unit] as number
        places[unit] = place + 1
        list[place] = image
        gains[place] = strength * pull
        decays[unit] = (decays[unit] as number) + strength * (values[image * rank + last * (rank - 1)] ?? NaN)
      }
    }
    return winningOverlapSum
  }

  return {
    metricWeights,
    rowLength,
    images,
    scaleBytes: (index, bytes, factor) => {
      staging.set(bytes)
      kernel.scaleBytes(row(images, index), staging.byteOffset, factor, inputSize)
    },
    weights: () => {
      const copy = new Float32Array(hiddenUnits * inputSize)
      for (let unit = 0; unit < hiddenUnits; unit++)
        copy.set(weights.subarray(unit * rowLength, unit * rowLength + inputSize), unit * inputSize)
      return copy
    },
    apply: (values, indices, rate) => {
      const winners = new Int32Array(values.length / rank)
      const winningOverlapSum = bucket(values, indices, winners.length, winners)
      let count = 0
      let largest = 0
      for (let unit = 0; unit < hiddenUnits; unit++) {
        const start = starts[unit] as number
        const entries = (starts[unit + 1] as number) - start
        if (entries === 0) continue
        const sums = row(increments, count)
        kernel.accumulate(
          sums,
          images.byteOffset,
          entries,
          list.byteOffset + start * 4,
          gains.byteOffset + start * 4,
          rowLength,
        )
        const size = kernel.subtractDecay(sums, row(weights, unit), decays[unit] as number, rowLength)
        // Written so that a NaN is kept.
        if (!(size <= largest)) largest = size
        touched[count++] = unit
      }
      const scale = rate / Math.max(largest, precision)
      let absoluteChangeSum = 0
      for (let index = 0; index < count; index++) {
        const unit = touched[index] as number
        absoluteChangeSum += kernel.applyChange(
          row(increments, index),
          row(weights, unit),
          row(metricWeights, unit),
          scale,
          rowLength,
        )
        if (lebesgueNorm !== 3) refreshMetric(unit)
      }
      return { winners, winningOverlapSum, largestChange: largest * scale, absoluteChangeSum }
    },
  }
}
