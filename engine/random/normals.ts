import { kernelBytes, openKernelMemory } from '../kernels/memory.js'
import KERNEL from '../kernels/normals.wasm.js'

/** engine/kernels/assembly/normals.ts; addresses are byte offsets. */
interface Kernel {
  normals(target: number, count: number, key0: number, key1: number, third: number, fourth: number): void
  addTo(target: number, source: number, factor: number, count: number): void
}

interface Room {
  kernel: Kernel
  numbers: Float32Array
  source: Float32Array
}

/** Kept between calls; grows with what is asked. */
let room: Room | null = null

const wholeCount = (count: number): number => Math.ceil(count / 16) * 16

function roomFor(count: number): Room {
  const padded = wholeCount(count)
  if (room === null || room.numbers.length < padded) {
    const memory = openKernelMemory(2 * kernelBytes(padded * 4))
    room = { kernel: memory.kernel<Kernel>(KERNEL), numbers: memory.float32(padded), source: memory.float32(padded) }
  }
  return room
}

type Keys = readonly [seed: number, purpose: number]
type Counters = readonly [first: number, second: number]

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
export function fillNormals(target: Float32Array, keys: Keys, counters: Counters): void {
  const { kernel, numbers } = roomFor(target.length)
  kernel.normals(
    numbers.byteOffset,
    wholeCount(target.length),
    keys[0] | 0,
    keys[1] | 0,
    counters[0] | 0,
    counters[1] | 0,
  )
  target.set(numbers.subarray(0, target.length))
}

/**
 * x + ε z with the numbers z of {@link fillNormals}, each step rounded to float32.
 *
 * @param target - receives one value per entry
 * @param source - x, as many
 * @param epsilon - ε
 */
export function fillPerturbed(
  target: Float32Array,
  source: Float32Array,
  epsilon: number,
  keys: Keys,
  counters: Counters,
): void {
  const { kernel, numbers, source: place } = roomFor(target.length)
  const count = wholeCount(target.length)
  kernel.normals(numbers.byteOffset, count, keys[0] | 0, keys[1] | 0, counters[0] | 0, counters[1] | 0)
  place.set(source)
  kernel.addTo(numbers.byteOffset, place.byteOffset, epsilon, count)
  target.set(numbers.subarray(0, target.length))
}
