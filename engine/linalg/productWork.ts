import type { Executor } from '../executor/executor.js'
import { multiply64, type ProductSize } from './multiply.js'

/** A product that some work asks for. */
export interface ProductRequest {
  a: Float64Array
  b: Float64Array
  size: ProductSize
}

/**
 * Work that hands its large products out and goes on with their results.
 *
 * So one text serves {@link finish}, which multiplies at once, and {@link finishOn}, where an executor answers later.
 */
export type ProductWork<Result> = Generator<ProductRequest, Result, Float64Array>

/** Below this number of multiplications, calling an executor takes longer than the product. */
const WORTH_ASKING = 2 ** 20
/** ONNX Runtime cuts narrow results for one thread otherwise than for two, and then sums them in another order. */
const FEWEST_COLUMNS = 256

/**
 * Product of two matrices inside {@link ProductWork}; a small one is computed here, whoever does the large ones.
 *
 * @param a - op(a) is rows x inner
 * @param b - op(b) is inner x columns
 * @returns op(a) op(b), rows x columns
 */
export function* product(a: Float64Array, b: Float64Array, size: ProductSize): ProductWork<Float64Array> {
  const { rows, inner, columns } = size
  if (rows * inner * columns < WORTH_ASKING || columns < FEWEST_COLUMNS) return multiply64(a, b, size)
  return yield { a, b, size }
}

/** Does the work with products of our own. */
export function finish<Result>(work: ProductWork<Result>): Result {
  let step = work.next()
  while (step.done !== true) step = work.next(multiply64(step.value.a, step.value.b, step.value.size))
  return step.value
}

/** Does the work with an executor's products. */
export async function finishOn<Result>(
  executor: Pick<Executor, 'multiply64'>,
  work: ProductWork<Result>,
): Promise<Result> {
  let step = work.next()
  while (step.done !== true) step = work.next(await executor.multiply64(step.value.a, step.value.b, step.value.size))
  return step.value
}
