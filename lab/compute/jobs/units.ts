import { bestImages } from '../../../engine/probes/bestImages.js'
import { unitStatistics } from '../../../engine/probes/unitStatistics.js'
import type { JobFunction } from './job.js'

/** Norm, mean and variance of every unit. */
export const unitTable: JobFunction<'units'> = async ({ layer, lebesgueNorm }) => {
  const { norms, means, variances } = unitStatistics(layer.data, layer.hiddenUnits, layer.inputSize, lebesgueNorm)
  return { norms, means, variances: Float32Array.from(variances) }
}

/** The images that excite one unit most, with their pixels. */
export const unitImages: JobFunction<'unitImages'> = async (
  { setting, layer, unit, count, split, places },
  { resources },
) => {
  const source = await resources.images(setting.dataset, split, places)
  const { indices, overlaps } = bestImages({
    weights: layer.data,
    unit,
    hiddenUnits: layer.hiddenUnits,
    lebesgueNorm: setting.lebesgueNorm,
    imageNorm: setting.imageNorm,
    source,
    count,
  })
  const size = source.shape[0] * source.shape[1] * source.shape[2]
  const pixels = new Uint8Array(indices.length * size)
  indices.forEach((image, place) => source.display(image, pixels, place * size))
  return {
    unit,
    shape: source.shape,
    indices,
    labels: Uint8Array.from(indices, (image) => source.labels[image] ?? 0),
    overlaps,
    pixels,
  }
}
