import { kernelBytes, openKernelMemory } from '../kernels/memory.js'
import KERNEL from '../kernels/lineSweep.wasm.js'
import { networkSizes, type FrozenNetwork } from '../networks/frozenNetwork.js'
import { denseLayer } from './denseLayer.js'

/** engine/kernels/assembly/lineSweep.ts; addresses are byte offsets. */
interface Kernel {
  stopPixel(base: number, slope: number, column: number, rest: number, step: number, units: number): void
  evaluate(
    hidden: number,
    latent: number,
    base: number,
    slope: number,
    epsilon: number,
    halves: number,
    units: number,
  ): void
  products(out: number, rows: number, latent: number, count: number, units: number): void
  spread(
    hidden: number,
    other: number,
    norms: number,
    weights: number,
    reach: number,
    halves: number,
    units: number,
  ): number
}

/** A point of the line: hidden = base + ε slope, its logits, and how much rounding they may hold. */
export interface LineFrame {
  readonly base: Float32Array
  readonly slope: Float32Array
  readonly hidden: Float32Array
  readonly logits: Float32Array
  /** Σ_μ max_c |A_cμ| f_μ and the like: the scale of rounding errors in the logits. */
  scale: number
  /** Pixels that have stopped. */
  stopped: number
}

/** A network prepared for sweeps along lines. */
export interface LineNetwork {
  readonly units: number
  readonly classes: number
  /** Places for the points of a sweep. */
  readonly frames: readonly LineFrame[]
  copy(from: LineFrame, to: LineFrame): void
  /** A pixel reaches the end of its range: `rest` from the image, `step` per ε. */
  stopPixel(frame: LineFrame, pixel: number, rest: number, step: number): void
  /** Hidden activations and logits at a size. */
  evaluate(frame: LineFrame, epsilon: number): void
  /** How far any margin of a class can be from the middle of its values at two points, somewhere between them. */
  spread(a: LineFrame, b: LineFrame, label: number, deviation: number): number
}

/** Rows of the product kernel come in sixes. */
const ROWS = 6
/** Points that a sweep holds at a time: two ends of a block of 32 sizes and one for each halving. */
const FRAMES = 8

/** Twice the exponent of a rectified power that the kernel can take, 2, 3, 4 …; null for others. */
function halvesOf({ options }: FrozenNetwork): number | null {
  const halves = 2 * options.activationExponent
  return options.kind === 'perceptron' && Number.isInteger(halves) && halves >= 2 && halves <= 64 ? halves : null
}

/**
 * Lays a network out in the memory of a kernel.
 *
 * @param network - with G multiplied out
 * @returns null for networks that the kernel does not know: another activation than rectified powers of half-integer exponents
 * @throws LabError `executor.memory`
 */
export function openLineNetwork(network: FrozenNetwork): LineNetwork | null {
  const halves = halvesOf(network)
  if (halves === null) return null
  const { inputs, units: count, classes } = networkSizes(network)
  const units = Math.ceil(count / 4) * 4
  // One row more than classes: the largest |A| of each unit, for the scale of rounding.
  const rowCount = Math.ceil((classes + 1) / ROWS) * ROWS
  const bytes = [
    inputs * units,
    units,
    rowCount * units,
    classes * units,
    units,
    rowCount,
    ...Array.from({ length: FRAMES * 3 }, () => units),
  ].reduce((sum, length) => sum + kernelBytes(4 * length), 0)
  const memory = openKernelMemory(bytes)
  const kernel = memory.kernel<Kernel>(KERNEL)
  const columns = memory.float32(inputs * units)
  const norms = memory.float32(units)
  const rows = memory.float32(rowCount * units)
  const differences = memory.float32(classes * units)
  const latent = memory.float32(units)
  const out = memory.float32(rowCount)
  const weights = network.parameters['weights']?.data ?? new Float32Array(0)
  for (let unit = 0; unit < count; unit++) {
    let squares = 0
    for (let input = 0; input < inputs; input++) {
      const weight = weights[unit * inputs + input] as number
      columns[input * units + unit] = weight
      squares += weight * weight
    }
    norms[unit] = Math.sqrt(squares)
  }
  const dense = denseLayer(network, count, classes)
  for (let unit = 0; unit < count; unit++) {
    const column = Array.from({ length: classes }, (_, row) => dense.rows[row * count + unit] as number)
    column.forEach((value, row) => {
      rows[row * units + unit] = value
      differences[row * units + unit] = Math.max(...column.map((other) => Math.abs(value - other)))
    })
    rows[classes * units + unit] = Math.max(...column.map(Math.abs))
  }
  return {
    units: count,
    classes,
    frames: Array.from({ length: FRAMES }, () => ({
      base: memory.float32(units),
      slope: memory.float32(units),
      hidden: memory.float32(units),
      logits: new Float32Array(classes),
      scale: 0,
      stopped: 0,
    })),
    copy: (from, to) => {
      to.base.set(from.base)
      to.slope.set(from.slope)
      to.stopped = from.stopped
    },
    stopPixel: ({ base, slope }, pixel, rest, step) =>
      kernel.stopPixel(base.byteOffset, slope.byteOffset, columns.byteOffset + 4 * pixel * units, rest, step, units),
    evaluate: (frame, epsilon) => {
      kernel.evaluate(
        frame.hidden.byteOffset,
        latent.byteOffset,
        frame.base.byteOffset,
        frame.slope.byteOffset,
        epsilon,
        halves,
        units,
      )
      kernel.products(out.byteOffset, rows.byteOffset, latent.byteOffset, rowCount, units)
      for (let row = 0; row < classes; row++) frame.logits[row] = (out[row] as number) + (dense.bias[row] as number)
      frame.scale = (out[classes] as number) + dense.hidden
    },
    spread: (a, b, label, deviation) =>
      kernel.spread(
        a.hidden.byteOffset,
        b.hidden.byteOffset,
        norms.byteOffset,
        differences.byteOffset + 4 * label * units,
        deviation,
        halves,
        units,
      ),
  }
}
