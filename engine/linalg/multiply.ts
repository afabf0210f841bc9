import { LabError } from '../../contract/index.js'
import { kernelBytes, openKernelMemory } from '../kernels/memory.js'
import PRODUCT from '../kernels/product64.wasm.js'

/** Sizes of a product c = op(a) op(b). */
export interface ProductSize {
  rows: number
  inner: number
  columns: number
  transposeA?: boolean
  transposeB?: boolean
}

/** engine/kernels/assembly/product64.ts */
interface ProductKernel {
  multiplyPacked(
    a: number,
    b: number,
    c: number,
    rowQuads: number,
    columnQuads: number,
    inner: number,
    stride: number,
  ): void
}

/** Blocks of the operands that stay in the processor's caches while they are used. */
const BLOCK = { rows: 64, inner: 256, columns: 512 } as const

interface Workspace {
  kernel: ProductKernel
  left: Float64Array
  right: Float64Array
  result: Float64Array
}

let workspace: Workspace | null = null

/** Room for one block of each operand; a thread opens it once and keeps its 1.5 MB. */
function openWorkspace(): Workspace {
  if (workspace !== null) return workspace
  const counts = {
    left: BLOCK.rows * BLOCK.inner,
    right: BLOCK.inner * BLOCK.columns,
    result: BLOCK.rows * BLOCK.columns,
  }
  const memory = openKernelMemory(Object.values(counts).reduce((sum, count) => sum + kernelBytes(count * 8), 0))
  const [left, right, result] = [
    memory.float64(counts.left),
    memory.float64(counts.right),
    memory.float64(counts.result),
  ]
  workspace = { kernel: memory.kernel<ProductKernel>(PRODUCT), left, right, result }
  return workspace
}

/**
 * Lays a block out for the kernel: four lines side by side, entry by entry; lines beyond `lines` are 0.
 *
 * @param first - place of the block's first entry
 * @param line - distance from a line (a row of the left operand, a column of the right one) to the next
 * @param step - distance from an entry of a line to the next
 */
function pack(
  target: Float64Array,
  source: Float64Array,
  first: number,
  lines: number,
  line: number,
  inner: number,
  step: number,
): void {
  let to = 0
  for (let start = 0; start < lines; start += 4) {
    const [has1, has2, has3] = [start + 1 < lines, start + 2 < lines, start + 3 < lines]
    let from = first + start * line
    for (let k = 0; k < inner; k++, to += 4, from += step) {
      target[to] = source[from] as number
      target[to + 1] = has1 ? (source[from + line] as number) : 0
      target[to + 2] = has2 ? (source[from + 2 * line] as number) : 0
      target[to + 3] = has3 ? (source[from + 3 * line] as number) : 0
    }
  }
}

/**
 * Product of two matrices in float64, c = op(a) op(b), by a WebAssembly kernel in blocks that fit the caches.
 *
 * An entry is summed in the order of the inner index, in pieces of 256: the same bytes each time.
 *
 * @param a - rows x inner, row by row; inner x rows when `transposeA`
 * @param b - inner x columns; columns x inner when `transposeB`
 * @returns rows x columns
 * @throws LabError `shape.mismatch` when the lengths do not fit the sizes
 */
export function multiply64(a: Float64Array, b: Float64Array, size: ProductSize): Float64Array {
  const { rows, inner, columns } = size
  if (a.length !== rows * inner || b.length !== inner * columns) {
    throw new LabError(
      'shape.mismatch',
      `expected ${rows} x ${inner} and ${inner} x ${columns} entries, got ${a.length} and ${b.length}`,
    )
  }
  const [rowStep, leftStep] = size.transposeA === true ? [1, rows] : [inner, 1]
  const [columnStep, rightStep] = size.transposeB === true ? [inner, 1] : [1, columns]
  const { kernel, left, right, result } = openWorkspace()
  const product = new Float64Array(rows * columns)
  for (let column = 0; column < columns; column += BLOCK.columns) {
    const width = Math.min(BLOCK.columns, columns - column)
    for (let k = 0; k < inner; k += BLOCK.inner) {
      const depth = Math.min(BLOCK.inner, inner - k)
      pack(right, b, column * columnStep + k * rightStep, width, columnStep, depth, rightStep)
      for (let row = 0; row < rows; row += BLOCK.rows) {
        const height = Math.min(BLOCK.rows, rows - row)
        pack(left, a, row * rowStep + k * leftStep, height, rowStep, depth, leftStep)
        result.fill(0, 0, BLOCK.columns * height)
        kernel.multiplyPacked(
          left.byteOffset,
          right.byteOffset,
          result.byteOffset,
          Math.ceil(height / 4),
          Math.ceil(width / 4),
          depth,
          BLOCK.columns * 8,
        )
        for (let i = 0; i < height; i++) {
          const to = (row + i) * columns + column
          const from = i * BLOCK.columns
          for (let j = 0; j < width; j++) product[to + j] = (product[to + j] as number) + (result[from + j] as number)
        }
      }
    }
  }
  return product
}
