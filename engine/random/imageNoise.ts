import { kernelBytes, openKernelMemory } from '../kernels/memory.js'
import KERNEL from '../kernels/normals.wasm.js'
import { purposeKey } from './stream.js'

interface Kernel {
  normals(target: number, count: number, key0: number, key1: number, third: number, fourth: number): void
}

/** Kept between calls; grows with the images. */
let room: { kernel: Kernel; numbers: Float32Array } | null = null

function roomFor(count: number): { kernel: Kernel; numbers: Float32Array } {
  const padded = Math.ceil(count / 16) * 16
  if (room === null || room.numbers.length < padded) {
    const memory = openKernelMemory(kernelBytes(padded * 4))
    room = { kernel: memory.kernel<Kernel>(KERNEL), numbers: memory.float32(padded) }
  }
  return room
}

const KEY = purposeKey('image noise')

/**
 * Standard normal numbers for one image and one size of a sweep: the same seed, size and image give the same bits everywhere.
 *
 * Made by a WebAssembly kernel, since a sweep draws billions; in float32 with 23 random bits, so that none lies beyond 5.8.
 *
 * @param target - receives one number per entry
 * @param seed - 0 .. 2^32 - 1
 * @param size - number of the size in its grid
 * @param image - number of the image in its split
 *
 * Source: G. E. P. Box, M. E. Muller, Ann. Math. Stat. 29 (1958); bits as in `philox.ts`.
 */
export function fillImageNoise(target: Float32Array, seed: number, size: number, image: number): void {
  const { kernel, numbers } = roomFor(target.length)
  kernel.normals(numbers.byteOffset, Math.ceil(target.length / 16) * 16, seed | 0, KEY | 0, size | 0, image | 0)
  target.set(numbers.subarray(0, target.length))
}
