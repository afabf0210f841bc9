import { describe, expect, it, vi } from 'vitest'
import { createProducts } from '../../../engine/executor/onnx/products.js'
import { LabError } from '../../../contract/index.js'

const failing = vi.hoisted(() => ({ times: 0 }))
vi.mock('../../../engine/executor/onnx/session.js', async (load) => {
  const real = await load<typeof import('../../../engine/executor/onnx/session.js')>()
  const openSession: typeof real.openSession = async (...words) => {
    if (failing.times-- > 0) throw new LabError('executor.memory', 'no memory for a session')
    return real.openSession(...words)
  }
  return { ...real, openSession }
})

describe('products in float64', () => {
  it('are tried again after a session that did not open, and let go of what did', async () => {
    const products = createProducts(1)
    const multiply = (): Promise<Float64Array> =>
      products.multiply(Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6, 7, 8), { rows: 2, inner: 2, columns: 2 })
    failing.times = 1
    await expect(multiply()).rejects.toMatchObject({ code: 'executor.memory' })
    expect([...(await multiply())]).toEqual([19, 22, 43, 50])
    await products.dispose()
  })
  it('are let go of though a session did not open', async () => {
    const products = createProducts(1)
    failing.times = 1
    await expect(
      products.multiply(Float64Array.of(1), Float64Array.of(1), { rows: 1, inner: 1, columns: 1 }),
    ).rejects.toMatchObject({ code: 'executor.memory' })
    await products.dispose()
  })
})
