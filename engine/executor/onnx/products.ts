import { Tensor, type InferenceSession } from 'onnxruntime-node'
import { LabError } from '../../../contract/index.js'
import type { ProductSize } from '../../linalg/multiply.js'
import { onnxModel } from './model.js'
import { onnxError, openSession } from './session.js'

function productModel(transposeA: boolean, transposeB: boolean): Buffer {
  return onnxModel({
    nodes: [
      {
        operator: 'Gemm',
        inputs: ['a', 'b'],
        outputs: ['c'],
        attributes: { transA: { int: transposeA ? 1 : 0 }, transB: { int: transposeB ? 1 : 0 } },
      },
    ],
    constants: [],
    inputs: [
      { name: 'a', type: 'float64', shape: ['a0', 'a1'] },
      { name: 'b', type: 'float64', shape: ['b0', 'b1'] },
    ],
    outputs: [{ name: 'c', type: 'float64', shape: ['rows', 'columns'] }],
  })
}

/** Products in float64 on the processor. */
export interface Products {
  multiply(a: Float64Array, b: Float64Array, size: ProductSize): Promise<Float64Array>
  dispose(): Promise<void>
}

/** Opens a session per way of reading the operands, when it is first asked for. */
export function createProducts(threads: number): Products {
  const sessions = new Map<string, Promise<InferenceSession>>()
  return {
    multiply: async (a, b, size) => {
      const { rows, inner, columns, transposeA = false, transposeB = false } = size
      if (a.length !== rows * inner || b.length !== inner * columns)
        throw new LabError(
          'shape.mismatch',
          `expected ${rows} x ${inner} and ${inner} x ${columns} entries, got ${a.length} and ${b.length}`,
        )
      const key = `${transposeA} ${transposeB}`
      const session = sessions.get(key) ?? openSession(productModel(transposeA, transposeB), { threads })
      sessions.set(key, session)
      // One that did not open may do so the next time, when there is memory again.
      session.catch(() => sessions.delete(key))
      const feeds = {
        a: new Tensor('float64', a, transposeA ? [inner, rows] : [rows, inner]),
        b: new Tensor('float64', b, transposeB ? [columns, inner] : [inner, columns]),
      }
      const { c } = await (await session).run(feeds).catch((error: unknown) => {
        throw onnxError(error, 'a product')
      })
      if (c === undefined) throw new LabError('executor.failed', 'ONNX Runtime returned no matrix product')
      return c.data as Float64Array
    },
    dispose: async () => {
      for (const session of sessions.values())
        await session.then(
          (opened) => opened.release(),
          () => undefined,
        )
      sessions.clear()
    },
  }
}
