import { Tensor } from 'onnxruntime-node'
import { onnxModel } from '../../engine/executor/onnx/model.js'
import { openSession } from '../../engine/executor/onnx/session.js'
import { normal, overlapOperations, type Stage } from './stage.js'

/** The float32 product X Gᵀ of a batch alone, in a session of its own: what no step can do without. */
export const gemm: Stage = {
  operations: overlapOperations,
  stretch: 4,
  prepare: async ({ inputs, units, batch }) => {
    const session = await openSession(
      onnxModel({
        constants: [],
        nodes: [{ operator: 'Gemm', inputs: ['a', 'b'], outputs: ['c'], attributes: { transB: { int: 1 } } }],
        inputs: [
          { name: 'a', type: 'float32', shape: [batch, inputs] },
          { name: 'b', type: 'float32', shape: [units, inputs] },
        ],
        outputs: [{ name: 'c', type: 'float32', shape: [batch, units] }],
      }),
    )
    const feeds = {
      a: new Tensor('float32', normal(batch * inputs, 3, 1), [batch, inputs]),
      b: new Tensor('float32', normal(units * inputs, 4, 1), [units, inputs]),
    }
    const fetches = { c: new Tensor('float32', new Float32Array(batch * units), [batch, units]) }
    return { run: async () => void (await session.run(feeds, fetches)) }
  },
}
