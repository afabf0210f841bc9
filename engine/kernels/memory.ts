import { LabError } from '../../contract/index.js'

/** As much of the WebAssembly interface as kernels need; every host of the workbench has it. */
interface WebAssemblyHost {
  WebAssembly: {
    Module: new (bytes: Uint8Array) => object
    Instance: new (module: object, imports: { env: Record<string, unknown> }) => { exports: object }
    Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer }
  }
}

const host = globalThis as unknown as WebAssemblyHost
const PAGE = 65536
const LARGEST_BYTES = PAGE * 65535
/** Arrays begin on a cache line. */
const ALIGNMENT = 64
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function decodeBase64(text: string): Uint8Array {
  const digits = text.replace(/=+$/, '')
  const bytes = new Uint8Array(Math.floor((digits.length * 6) / 8))
  let bits = 0
  let held = 0
  let place = 0
  for (const digit of digits) {
    bits = ((bits << 6) | ALPHABET.indexOf(digit)) & 0xffff
    held += 6
    if (held < 8) continue
    held -= 8
    bytes[place++] = (bits >> held) & 0xff
  }
  return bytes
}

const modules = new Map<string, object>()

function moduleOf(base64: string): object {
  const known = modules.get(base64)
  if (known !== undefined) return known
  const compiled = new host.WebAssembly.Module(decodeBase64(base64))
  modules.set(base64, compiled)
  return compiled
}

/** Memory that WebAssembly kernels and typed arrays share, laid out once; ONNX Runtime reads its arrays without a copy. */
export interface KernelMemory {
  float32(count: number): Float32Array
  float64(count: number): Float64Array
  int32(count: number): Int32Array
  uint8(count: number): Uint8Array
  /** The functions of a kernel, working on this memory. */
  kernel<Functions extends object>(base64: string): Functions
}

/** Bytes that one array takes in a {@link KernelMemory}. */
export const kernelBytes = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

/** Rows whose starts lie this number of bytes apart, or a multiple of it, share few places of the cache. */
const CACHE_PERIOD = 4096

/**
 * Entries of a float32 row of `inputs` values as kernels and products like it: whole SIMD lanes, and a length at which the rows of a
 * matrix do not push each other out of the cache (docs/PERFORMANCE.md: a product over rows of 3072 takes a tenth longer than over 3088).
 */
export function paddedRow(inputs: number): number {
  const whole = Math.ceil(inputs / 4) * 4
  return (whole * 4) % CACHE_PERIOD === 0 ? whole + 16 : whole
}

/**
 * Opens a memory of fixed size, filled with zeros. Addresses of its arrays are their `byteOffset`.
 *
 * @param bytes - sum of {@link kernelBytes} over the arrays that will be taken
 * @throws LabError `executor.memory` when there is no room for it, `internal` when more is taken than was asked for
 */
export function openKernelMemory(bytes: number): KernelMemory {
  const buffer = reserve(bytes + ALIGNMENT)
  // Address 0 stays free: it reads like a missing pointer.
  let next = ALIGNMENT
  const take = (size: number): number => {
    const at = next
    next += kernelBytes(size)
    if (next > buffer.memory.buffer.byteLength)
      throw new LabError('internal', `expected at most ${bytes} bytes of kernel memory, got ${next}`)
    return at
  }
  return {
    float32: (count) => new Float32Array(buffer.memory.buffer, take(count * 4), count),
    float64: (count) => new Float64Array(buffer.memory.buffer, take(count * 8), count),
    int32: (count) => new Int32Array(buffer.memory.buffer, take(count * 4), count),
    uint8: (count) => new Uint8Array(buffer.memory.buffer, take(count), count),
    kernel: <Functions extends object>(base64: string) =>
      new host.WebAssembly.Instance(moduleOf(base64), { env: { memory: buffer.memory } }).exports as Functions,
  }
}

function reserve(bytes: number): { memory: { readonly buffer: ArrayBuffer } } {
  if (bytes > LARGEST_BYTES)
    throw new LabError('executor.memory', `expected at most ${LARGEST_BYTES} bytes for one layer, got ${bytes}`, {
      bytes,
    })
  try {
    return { memory: new host.WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) }) }
  } catch (error) {
    throw new LabError(
      'executor.memory',
      `${Math.round(bytes / 1e6)} MB of memory could not be allocated`,
      { bytes },
      error,
    )
  }
}
