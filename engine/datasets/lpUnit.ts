import { LabError } from '../../contract/index.js'
import type { ImageSource } from './imageSource.js'

/** Scales by source and p; an epoch then costs one product per value. */
const scales = new WeakMap<ImageSource, Map<number, Float64Array>>()

/**
 * (Σ_i |x_i|^p)^(1/p) of a stretch of values.
 *
 * @param values - raw values
 * @param start - first entry
 * @param count - how many
 * @param lebesgueNorm - p, >= 1
 */
export function lpNorm(values: Float32Array, start: number, count: number, lebesgueNorm: number): number {
  let sum = 0
  if (lebesgueNorm === 2) for (let index = start; index < start + count; index++) sum += (values[index] as number) ** 2
  else if (lebesgueNorm === 3) for (let index = start; index < start + count; index++) sum += Math.abs(values[index] as number) ** 3
  else for (let index = start; index < start + count; index++) sum += Math.abs(values[index] as number) ** lebesgueNorm
  return lebesgueNorm === 2 ? Math.sqrt(sum) : lebesgueNorm === 3 ? Math.cbrt(sum) : sum ** (1 / lebesgueNorm)
}

function knownScales(source: ImageSource, lebesgueNorm: number): Float64Array {
  const ofSource = scales.get(source) ?? new Map<number, Float64Array>()
  scales.set(source, ofSource)
  const known = ofSource.get(lebesgueNorm) ?? new Float64Array(source.count)
  ofSource.set(lebesgueNorm, known)
  return known
}

/**
 * Writes a batch of images as learning sees them: every image divided by its own Lp norm, x / (Σ|x|^p)^(1/p), over all
 * entries and colours together; a set that is not normalised goes in as it is.
 *
 * @param source - the images
 * @param indices - which images, in this order
 * @param lebesgueNorm - p, >= 1
 * @param target - receives indices.length x d values
 * @throws LabError `dataset.blackImage` for an image of norm 0; `shape.mismatch` when the target has another length
 *
 * Source: the original's Lp unit data sets; docs/SOURCES.md 1.2.
 */
export function fillBatch(source: ImageSource, indices: Int32Array, lebesgueNorm: number, target: Float32Array): void {
  const [height, width, channels] = source.shape
  const size = height * width * channels
  if (target.length !== indices.length * size) throw new LabError('shape.mismatch', `expected room for ${indices.length} x ${size} values, got ${target.length}`)
  const known = knownScales(source, lebesgueNorm)
  for (let place = 0; place < indices.length; place++) {
    const image = indices[place] as number
    const start = place * size
    source.read(image, target, start)
    if (!source.normalised) continue
    let scale = known[image] as number
    if (scale === 0) {
      const norm = lpNorm(target, start, size, lebesgueNorm)
      if (norm === 0) throw new LabError('dataset.blackImage', `image ${image} is all black; its L${lebesgueNorm} norm is 0`, { image })
      scale = 1 / norm
      known[image] = scale
    }
    for (let index = start; index < start + size; index++) target[index] = (target[index] as number) * scale
  }
}
