import { LabError, type SpectrumLayer } from '../../../contract/index.js'
import { fillBatch } from '../../datasets/lpUnit.js'
import type { ImageSource } from '../../datasets/imageSource.js'
import { expectImageShape, multipliedOut, networkSizes, type FrozenNetwork } from '../../networks/frozenNetwork.js'
import type { Multiply64 } from '../covariance.js'

/** What of a model is looked at, image by image, in float64. */
export interface Representation {
  /** Columns: units, classes or entries of an image. */
  width: number
  /** @returns images of these numbers as rows, count x width */
  rows(source: ImageSource, indices: Int32Array): Promise<Float64Array>
}

const NORM_EPSILON = 1e-5

/** Latent activations in place: max(h, 0)^n, or tanh(h)^n. */
function activate(hidden: Float64Array, { options: { kind, activationExponent: n } }: FrozenNetwork): void {
  for (let index = 0; index < hidden.length; index++) {
    const h = hidden[index] as number
    const inner = kind === 'tanhPerceptron' ? Math.tanh(h) : Math.max(h, 0)
    hidden[index] = n === 1 ? inner : inner ** n
  }
}

/** Batch norm with its running statistics, in place. */
function normalise(latent: Float64Array, { parameters, running }: FrozenNetwork, units: number): void {
  const [scale, shift, mean, variance] = [
    parameters['scale'],
    parameters['shift'],
    running['mean'],
    running['variance'],
  ].map((array) => array?.data ?? new Float32Array(units))
  for (let index = 0; index < latent.length; index++) {
    const unit = index % units
    latent[index] =
      (((latent[index] as number) - (mean?.[unit] as number)) /
        Math.sqrt((variance?.[unit] as number) + NORM_EPSILON)) *
        (scale?.[unit] as number) +
      (shift?.[unit] as number)
  }
}

/** The data themselves: normalised images. */
function dataRepresentation(source: ImageSource, imageNorm: number): Representation {
  const width = source.shape[0] * source.shape[1] * source.shape[2]
  return {
    width,
    rows: async (from, indices) => {
      const images = new Float32Array(indices.length * width)
      fillBatch(from, indices, imageNorm, images)
      return Float64Array.from(images)
    },
  }
}

/**
 * Opens a representation: pre-activations h = x Gᵀ, activations before batch norm, class scores, or the images.
 *
 * @param network - null for the data
 * @param source - images whose shape the model must fit
 * @param units - number of hidden units from the first, which saves the other products; null for all
 * @throws LabError `shape.mismatch` for a model of another input size, `value.range` for more units than there are, `model.foreign` for
 * the logits of a layer
 *
 * Source: docs/SOURCES.md 5.1.
 */
export function openRepresentation(
  layer: SpectrumLayer,
  network: FrozenNetwork | null,
  source: ImageSource,
  imageNorm: number,
  units: number | null,
  multiply: Multiply64,
): Representation {
  const data = dataRepresentation(source, imageNorm)
  if (layer === 'data') return data
  if (network === null) throw new LabError('value.range', `the spectrum of ${layer} needs a model`)
  expectImageShape(network, source.shape)
  const frozen = multipliedOut(network)
  const { inputs, units: all, classes } = networkSizes(frozen)
  if (layer === 'logits' && classes === 0)
    throw new LabError('model.foreign', 'a receptive-field layer has no logits; choose a classifier')
  const taken = layer === 'logits' ? all : (units ?? all)
  if (taken > all) throw new LabError('value.range', `expected at most ${all} units, got ${taken}`, { units: all })
  const weights = Float64Array.from(
    (frozen.parameters['weights']?.data ?? new Float32Array(0)).subarray(0, taken * inputs),
  )
  const hidden = async (from: ImageSource, indices: Int32Array): Promise<Float64Array> =>
    multiply(await data.rows(from, indices), weights, {
      rows: indices.length,
      inner: inputs,
      columns: taken,
      transposeB: true,
    })
  if (layer === 'hidden') return { width: taken, rows: hidden }
  const latent = async (from: ImageSource, indices: Int32Array): Promise<Float64Array> => {
    const rows = await hidden(from, indices)
    activate(rows, frozen)
    return rows
  }
  if (layer === 'latent') return { width: taken, rows: latent }
  const dense = Float64Array.from(frozen.parameters['dense']?.data ?? new Float32Array(0))
  const bias = frozen.parameters['bias']?.data
  return {
    width: classes,
    rows: async (from, indices) => {
      const activations = await latent(from, indices)
      if (frozen.options.batchNorm) normalise(activations, frozen, all)
      const logits = await multiply(activations, dense, {
        rows: indices.length,
        inner: all,
        columns: classes,
        transposeB: true,
      })
      return logits.map((value, index) => value + (bias?.[index % classes] as number))
    },
  }
}

/** The leading columns of a representation; all when null. @throws LabError `value.range` for more than there are */
export function firstColumns(whole: Representation, columns: number | null): Representation {
  const { width } = whole
  if (columns === null || columns === width) return whole
  if (columns > width) throw new LabError('value.range', `expected at most ${width} units, got ${columns}`, { width })
  return {
    width: columns,
    rows: async (source, indices) => {
      const rows = await whole.rows(source, indices)
      return Float64Array.from(
        { length: indices.length * columns },
        (_, index) => rows[Math.floor(index / columns) * width + (index % columns)] as number,
      )
    },
  }
}
