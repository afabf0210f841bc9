import { divergingChannel, type Diverging } from '../../charts/diverging.js'
import type { GalleryRow } from '../../../contract/index.js'

/**
 * The one scale of a row's differences: what is shown in full colour.
 *
 * @param bounded - whether no entry can be larger than the perturbation size, as in the maximum norm
 * @returns the largest size of a bounded attack, else the largest change of any entry; 1 where nothing was changed
 */
export function differenceScale(
  { epsilons, magnification, norms }: Pick<GalleryRow, 'epsilons' | 'magnification' | 'norms'>,
  bounded: boolean,
): number {
  const values = bounded
    ? Array.from(epsilons, (size) => (Number.isNaN(size) ? 0 : size))
    : Array.from(magnification, (factor, place) => ((norms[place] ?? 0) > 0 && factor > 0 ? 1 / factor : 0))
  const largest = Math.max(0, ...values)
  return largest > 0 && Number.isFinite(largest) ? largest : 1
}

/**
 * A difference as a picture in signed colours; of colour images the mean over the channels, weighted alike.
 *
 * @param difference - N x d
 * @param scale - change that is shown in full colour
 * @returns RGBA
 */
export function differencePicture(
  difference: Float32Array,
  index: number,
  [height, width, channels]: readonly [number, number, number],
  scale: number,
  colours: Diverging,
): Uint8ClampedArray {
  const target = new Uint8ClampedArray(height * width * 4)
  const start = index * height * width * channels
  for (let pixel = 0; pixel < height * width; pixel++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += difference[start + pixel * channels + channel] ?? 0
    const share = sum / channels / scale
    for (const channel of [0, 1, 2] as const) target[4 * pixel + channel] = divergingChannel(colours, share, channel)
    target[4 * pixel + 3] = 255
  }
  return target
}
