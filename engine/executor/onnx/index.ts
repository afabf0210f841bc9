import { Tensor, type InferenceSession } from 'onnxruntime-node'
import { availableParallelism } from 'node:os'
import { LabError } from '../../../contract/index.js'
import type { ProductSize } from '../../linalg/multiply.js'
import type { Executor } from '../executor.js'
import { createFkhl3Program } from './fkhl3Program.js'
import { onnxModel } from './model.js'
import { openSession } from './session.js'

function productModel(transposeA: boolean, transposeB: boolean): Buffer {
  return onnxModel({
    name: 'product',
    nodes: [{ operator: 'Gemm', inputs: ['a', 'b'], outputs: ['c'], attributes: { transA: { int: transposeA ? 1 : 0 }, transB: { int: transposeB ? 1 : 0 } } }],
    inputs: [{ name: 'a', type: 'float64', shape: ['a0', 'a1'] }, { name: 'b', type: 'float64', shape: ['b0', 'b1'] }],
    outputs: [{ name: 'c', type: 'float64', shape: ['rows', 'columns'] }],
  })
}

/**
 * The executor on ONNX Runtime's CPU provider: the layer step and float64 products run there, anything else on `fallback`.
 *
 * @param fallback - an eager executor for functions without a program of their own
 * @throws LabError `executor.failed` when the native library works not
 */
export async function createOnnxExecutor(fallback: Executor): Promise<Executor> {
  const threads = availableParallelism()
  const products = new Map<string, Promise<InferenceSession>>()

  const multiply64 = async (a: Float64Array, b: Float64Array, size: ProductSize): Promise<Float64Array> => {
    const { rows, inner, columns, transposeA = false, transposeB = false } = size
    if (a.length !== rows * inner || b.length !== inner * columns) throw new LabError('shape.mismatch', `expected ${rows} x ${inner} and ${inner} x ${columns} entries, got ${a.length} and ${b.length}`)
    const key = `${transposeA} ${transposeB}`
    const session = products.get(key) ?? openSession(productModel(transposeA, transposeB))
    products.set(key, session)
    const { c } = await (await session).run({
      a: new Tensor('float64', a, transposeA ? [inner, rows] : [rows, inner]), b: new Tensor('float64', b, transposeB ? [columns, inner] : [inner, columns]),
    })
    if (c === undefined) throw new LabError('executor.failed', 'ONNX Runtime gave no product')
    return c.data as Float64Array
  }
  // A first product proves that the native library loads and computes.
  const proof = await multiply64(Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6, 7, 8), { rows: 2, inner: 2, columns: 2 })
  if (proof.join() !== '19,22,43,50') throw new LabError('executor.failed', `ONNX Runtime computed a wrong product: ${proof.join(', ')}`)

  return {
    name: 'onnx-cpu',
    description: `ONNX Runtime on the CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}; the rest on ${fallback.description}`,
    compile: fallback.compile,
    layerProgram: (options) => (options.rule === 'fkhl3' ? createFkhl3Program(options) : fallback.layerProgram(options)),
    multiply64,
    memory: fallback.memory,
    dispose: async () => {
      for (const session of products.values()) await (await session).release()
      products.clear()
      await fallback.dispose()
    },
  }
}
