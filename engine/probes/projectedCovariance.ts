import { LabError } from '../../contract/index.js'
import { rowsOf, type ImageRows } from '../datasets/imageRows.js'
import type { Executor } from '../executor/executor.js'
import type { HostArray } from '../executor/tree.js'
import ADD_FLOATS from '../kernels/addFloats.wasm.js'
import { kernelBytes, openKernelMemory, paddedRow } from '../kernels/memory.js'
import SCALE_BYTES from '../kernels/winnerUpdate.wasm.js'
import { expandDims, matMul, mean, slice, sub, sum, transpose, type Tensor1D, type Tensor2D } from '../tf.js'

/** Up to this number of units the products are one block; above it, blocks below the diagonal are omitted. */
const ONE_BLOCK = 512
const BLOCKS = 4

type MomentsInput = { matrix: Tensor2D; images: Tensor2D; shift: Tensor1D }
type Moments = { sums: Tensor1D; products: { [name: string]: Tensor2D } }

/** Where blocks of units begin, the end included. */
function edgesOf(units: number): number[] {
  const blocks = units <= ONE_BLOCK ? 1 : BLOCKS
  return Array.from({ length: blocks + 1 }, (_, block) => Math.floor((units * block) / blocks))
}

interface Block {
  name: string
  row: number
  column: number
  rows: number
  columns: number
}

/** Blocks on the diagonal and above. */
const blocksOf = (edges: readonly number[]): Block[] =>
  edges.slice(0, -1).flatMap((row, i) =>
    edges.slice(i, -1).map((column, j) => ({
      name: `block${i}x${i + j}`,
      row,
      column,
      rows: (edges[i + 1] ?? 0) - row,
      columns: (edges[i + j + 1] ?? 0) - column,
    })),
  )

/** Column sums of y = x Mᵀ - K over a batch, and blocks of yᵀ y; units come first, so that products read rows. */
function moments({ matrix, images, shift }: MomentsInput, { edges }: { edges: readonly number[] }): Moments {
  const shifted = sub(matMul(matrix, transpose(images)), expandDims(shift, 1)) as Tensor2D
  const [, batch] = shifted.shape
  const part = (from: number, rows: number): Tensor2D => slice(shifted, [from, 0], [rows, batch])
  const products = blocksOf(edges).map(
    ({ name, row, rows, column, columns }) =>
      [name, matMul(part(row, rows), transpose(part(column, columns))) as Tensor2D] as const,
  )
  return { sums: sum(shifted, 1) as Tensor1D, products: Object.fromEntries(products) }
}

const means = ({ matrix, images }: Omit<MomentsInput, 'shift'>): { means: Tensor1D } => ({
  means: mean(matMul(matrix, transpose(images)), 1) as Tensor1D,
})

/** Sums up the covariance of x Mᵀ batch by batch. */
export interface ProjectedCovariance {
  /** Room for a batch, read without a copy; valid until the next call. */
  room(images: number): ImageRows
  /** @param images - B x d, or the room with what was written there */
  add(images: Float32Array | ImageRows): Promise<void>
  /** The covariance, units x units, divisor N - 1. */
  covariance(): Float64Array
}

/**
 * Unbiased covariance of the hidden values y = x Mᵀ of a layer, as (Σ (y-K)(y-K)ᵀ - s sᵀ / N) / (N-1) with s = Σ (y-K).
 *
 * The products of a batch are float32, their sums over batches float64. K is the mean of the first batch, so that float32 holds the
 * deviations and not the mean; what rounding adds to the spectrum lies below 1e-8 of the largest eigenvalue (docs/PERFORMANCE.md).
 * Symmetry leaves out three eighths of the products.
 *
 * @param executor - where the products are computed
 * @param matrix - M, units x d, row by row; copied
 * @throws LabError `executor.memory`; `shape.mismatch` for images of another size; `value.range` for fewer than two
 *
 * Source: docs/SOURCES.md 5.1.
 */
export function createProjectedCovariance(
  executor: Pick<Executor, 'compile'>,
  matrix: { data: Float32Array; units: number; inputSize: number },
): ProjectedCovariance {
  const { units, inputSize } = matrix
  const rowLength = paddedRow(inputSize)
  const edges = edgesOf(units)
  const blocks = blocksOf(edges)
  const padded = (block: Block): number => Math.ceil((block.rows * block.columns) / 4) * 4
  const memory = openKernelMemory(
    kernelBytes(units * rowLength * 4) +
      blocks.reduce((bytes, block) => bytes + kernelBytes(padded(block) * 4) + kernelBytes(padded(block) * 8), 0),
  )
  const { addFloats } = memory.kernel<{ addFloats(sums: number, values: number, count: number): void }>(ADD_FLOATS)
  const held: HostArray = { data: memory.float32(units * rowLength), shape: [units, rowLength] }
  for (let unit = 0; unit < units; unit++)
    held.data.set(matrix.data.subarray(unit * inputSize, (unit + 1) * inputSize), unit * rowLength)
  const places = blocks.map((block) => {
    const values = memory.float32(padded(block)).subarray(0, block.rows * block.columns)
    return {
      block,
      into: { data: values, shape: [block.rows, block.columns] } as HostArray,
      sums: memory.float64(padded(block)),
    }
  })
  const into = new Map(places.map(({ block, into: array }) => [`products.${block.name}`, array]))
  const sums = new Float64Array(units)
  let shift: HostArray | null = null
  let room: ImageRows | null = null
  let count = 0

  const reserve = (images: number): ImageRows => {
    if (room?.data.length === images * rowLength) return room
    const place = openKernelMemory(kernelBytes(images * rowLength * 4) + kernelBytes(inputSize))
    const { scaleBytes } = place.kernel<{
      scaleBytes(target: number, source: number, scale: number, inputs: number): void
    }>(SCALE_BYTES)
    const [data, staging] = [place.float32(images * rowLength), place.uint8(inputSize)]
    room = {
      data,
      rowLength,
      scaleBytes: (row, bytes, factor) => {
        staging.set(bytes)
        scaleBytes(data.byteOffset + row * rowLength * 4, staging.byteOffset, factor, inputSize)
      },
    }
    return room
  }
  return {
    room: reserve,
    add: async (given) => {
      const { data, rowLength: givenLength } = rowsOf(given, inputSize)
      const samples = data.length / givenLength
      if (!Number.isInteger(samples))
        throw new LabError('shape.mismatch', `expected whole images of ${inputSize} values, got ${data.length} values`)
      const rows = reserve(samples)
      if (data !== rows.data)
        for (let image = 0; image < samples; image++)
          rows.data.set(data.subarray(image * givenLength, image * givenLength + inputSize), image * rowLength)
      const images: HostArray = { data: rows.data, shape: [samples, rowLength] }
      const spec = (array: HostArray): { shape: readonly number[]; type: 'float32' } => ({
        shape: array.shape,
        type: 'float32',
      })
      if (shift === null)
        shift = (
          await (
            await executor.compile(means, { matrix: spec(held), images: spec(images) }, {})
          ).run({ matrix: held, images })
        ).means
      const program = await executor.compile(
        moments,
        { matrix: spec(held), images: spec(images), shift: spec(shift) },
        { edges },
      )
      const batch = await program.run({ matrix: held, images, shift }, into)
      for (const { into: array, sums: total } of places)
        addFloats(total.byteOffset, array.data.byteOffset, total.length)
      batch.sums.data.forEach((value, unit) => {
        sums[unit] = (sums[unit] as number) + value
      })
      count += samples
    },
    covariance: () => {
      if (count < 2) throw new LabError('value.range', `a covariance needs at least two samples, got ${count}`)
      const result = new Float64Array(units * units)
      for (const {
        block: { row, column, rows, columns },
        sums: total,
      } of places) {
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) {
            const value =
              ((total[i * columns + j] as number) -
                ((sums[row + i] as number) * (sums[column + j] as number)) / count) /
              (count - 1)
            result[(row + i) * units + column + j] = value
            result[(column + j) * units + row + i] = value
          }
        }
      }
      return result
    },
  }
}
