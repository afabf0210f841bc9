import { fillNormals } from './normals.js'
import { philox4x32 } from './philox.js'

/** Random numbers of one purpose; two streams with the same key give the same numbers. */
export interface RandomStream {
  /** A whole number in 0 .. 2^32 - 1. */
  uint32(): number
  /** A number in [0, 1) with 32 random bits. */
  uniform(): number
  /** A standard normal number (Box and Muller, float64). */
  normal(): number
  /** Fills an array with independent N(0, standardDeviation^2) numbers. */
  fillNormal(target: Float32Array, standardDeviation: number): void
  /** Fills an array with N(0, 1) numbers by the million, in float32; always the stream's first ones, whatever was drawn before. */
  manyNormals(target: Float32Array): void
  /** A whole number in 0 .. limit - 1, unbiased. */
  below(limit: number): number
  /** The numbers 0 .. count - 1 in random order (Fisher and Yates). */
  permutation(count: number): Int32Array
}

/** FNV-1a over UTF-16 code units: a purpose as 32 bits of key. */
export function purposeKey(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

/**
 * Opens the stream of a purpose: the same arguments always give the same numbers, on every machine and executor, so there
 * is no random state to store in a checkpoint.
 *
 * @param seed - seed of the run, 0 .. 2^32 - 1
 * @param purpose - `weights`, `shuffle`, `noise` …
 * @param counters - at most two further keys such as epoch and step, 0 .. 2^32 - 1; Philox has room for no third
 */
export function randomStream(
  seed: number,
  purpose: string,
  ...counters: readonly [first?: number, second?: number]
): RandomStream {
  const key0 = seed >>> 0
  const key1 = purposeKey(purpose)
  const first = (counters[0] ?? 0) >>> 0
  const second = (counters[1] ?? 0) >>> 0
  const block = new Uint32Array(4)
  let blockIndex = 0
  let position = 4
  let spare: number | null = null

  const uint32 = (): number => {
    if (position === 4) {
      block[0] = blockIndex >>> 0
      block[1] = Math.floor(blockIndex / 0x100000000)
      block[2] = first
      block[3] = second
      philox4x32(block, key0, key1)
      blockIndex += 1
      position = 0
    }
    return block[position++] ?? 0
  }
  const uniform = (): number => uint32() / 0x100000000
  const normal = (): number => {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    // Shifted by half a step, so that the logarithm never meets zero.
    const radius = Math.sqrt(-2 * Math.log((uint32() + 0.5) / 0x100000000))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
  const below = (limit: number): number => {
    const rest = 0x100000000 % limit
    let value = uint32()
    while (value >= 0x100000000 - rest) value = uint32()
    return value % limit
  }
  return {
    uint32,
    uniform,
    normal,
    below,
    fillNormal: (target, standardDeviation) => {
      for (let index = 0; index < target.length; index++) target[index] = standardDeviation * normal()
    },
    manyNormals: (target) => fillNormals(target, [key0, key1], [first, second]),
    permutation: (count) => {
      const order = Int32Array.from({ length: count }, (_, index) => index)
      for (let index = count - 1; index > 0; index--) {
        const other = below(index + 1)
        const value = order[index] ?? 0
        order[index] = order[other] ?? 0
        order[other] = value
      }
      return order
    },
  }
}
