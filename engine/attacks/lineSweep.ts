import type { LineFrame, LineNetwork } from './lineNetwork.js'

/** What is known of an image at a size: the network says its label (or target), another class, or it is too close to say. */
export const VERDICTS = { label: 0, other: 1, unsure: 2 } as const

/** A line through one image. */
export interface ImageLine {
  /** x, d entries in [0, 1]. */
  image: Float32Array
  /** d entries. */
  direction: Float32Array
  label: number
  /** G x and G · direction. */
  hidden: Float32Array
  slope: Float32Array
}

/** Sizes between whose ends all verdicts are first tried to be settled at once. */
const BLOCK = 32

/**
 * Logits closer than this share of their scale are left to the plain way: float32 sums of thousands of terms, in another order,
 * differ by far less.
 */
const CLOSE = 5e-5

/** Pixels that reach 0 or 1 before the last size, in the order in which they do. */
function stopsOf({ image, direction }: ImageLine, last: number): { pixels: Int32Array; at: Float64Array } {
  const found: { pixel: number; at: number }[] = []
  for (let pixel = 0; pixel < image.length; pixel++) {
    const step = direction[pixel] as number
    if (step === 0) continue
    const at = ((step < 0 ? 0 : 1) - (image[pixel] as number)) / step
    if (at < last) found.push({ pixel, at })
  }
  found.sort((a, b) => a.at - b.at)
  return { pixels: Int32Array.from(found, ({ pixel }) => pixel), at: Float64Array.from(found, ({ at }) => at) }
}

/**
 * Verdicts on clip_[0,1](x + ε d) for all sizes of a grid.
 *
 * The hidden layer is linear in the image, h = G x, so that along the line it is linear in ε until a pixel reaches the end of its range;
 * each pixel does so once. Between two sizes every latent activation lies in a known range, because f is monotone; where that settles
 * the class, no size between them is computed. What remains is halved.
 *
 * @param epsilons - rising, from 0 up
 * @returns one of {@link VERDICTS} for each size
 */
export function sweepLine(network: LineNetwork, line: ImageLine, epsilons: Float64Array): Uint8Array {
  const { label, image, direction } = line
  const { classes, frames } = network
  const verdicts = new Uint8Array(epsilons.length)
  const stops = stopsOf(line, epsilons[epsilons.length - 1] as number)

  const moveTo = (frame: LineFrame, index: number): void => {
    const epsilon = epsilons[index] as number
    for (; frame.stopped < stops.pixels.length && (stops.at[frame.stopped] as number) < epsilon; frame.stopped++) {
      const pixel = stops.pixels[frame.stopped] as number
      const step = direction[pixel] as number
      network.stopPixel(frame, pixel, (step < 0 ? 0 : 1) - (image[pixel] as number), step)
    }
    network.evaluate(frame, epsilon)
    verdicts[index] = verdictOf([frame], 0)
  }
  /** The smallest margin of the label over another class in the middle of the frames, with `spread` on either side. */
  const verdictOf = (ends: readonly LineFrame[], spread: number): number => {
    const tolerance = CLOSE * ends.reduce((sum, { scale }) => sum + scale, 0) + spread
    let smallest = Infinity
    for (let other = 0; other < classes; other++) {
      if (other === label) continue
      const margin =
        ends.reduce((sum, { logits }) => sum + (logits[label] as number) - (logits[other] as number), 0) / ends.length
      if (!(margin >= smallest)) smallest = margin
    }
    return smallest > tolerance ? VERDICTS.label : smallest < -tolerance ? VERDICTS.other : VERDICTS.unsure
  }
  /** Length of what stopping pixels take away from a straight change of the image between two sizes. */
  const deviation = (a: LineFrame, b: LineFrame, low: number, high: number): number => {
    let squares = 0
    for (let index = a.stopped; index < b.stopped; index++) {
      const share = ((stops.at[index] as number) - low) / (high - low)
      squares += (share * (1 - share) * (high - low) * (direction[stops.pixels[index] as number] as number)) ** 2
    }
    return Math.sqrt(squares)
  }
  const settle = (a: LineFrame, b: LineFrame, low: number, high: number, depth: number): void => {
    if (high - low < 2) return
    if (verdicts[low] === verdicts[high] && verdicts[low] !== VERDICTS.unsure) {
      const verdict = verdictOf(
        [a, b],
        network.spread(a, b, label, deviation(a, b, epsilons[low] as number, epsilons[high] as number)),
      )
      if (verdict !== VERDICTS.unsure) {
        verdicts.fill(verdict, low + 1, high)
        return
      }
    }
    const middle = (low + high) >> 1
    const between = frames[depth] as LineFrame
    network.copy(a, between)
    moveTo(between, middle)
    settle(a, between, low, middle, depth + 1)
    settle(between, b, middle, high, depth + 1)
  }

  let [from, to] = [frames[0], frames[1]] as [LineFrame, LineFrame]
  from.base.set(line.hidden)
  from.slope.set(line.slope)
  from.stopped = 0
  moveTo(from, 0)
  for (let low = 0; low < epsilons.length - 1; low += BLOCK) {
    const high = Math.min(low + BLOCK, epsilons.length - 1)
    network.copy(from, to)
    moveTo(to, high)
    settle(from, to, low, high, 2)
    ;[from, to] = [to, from]
  }
  return verdicts
}
