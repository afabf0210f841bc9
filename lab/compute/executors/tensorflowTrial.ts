import { matMul, type Tensor2D } from '../../../engine/tf.js'
import { TRIAL_WORD } from '../../tensorflow/runTrial.js'
import { createTensorflow } from './tensorflow.js'

const productOf = ({ a, b }: { a: Tensor2D; b: Tensor2D }): { c: Tensor2D } => ({ c: matMul(a, b) })

const executor = await createTensorflow('any')
const spec = { shape: [2, 2], type: 'float32' } as const
const { c } = await (
  await executor.compile(productOf, { a: spec, b: spec }, {})
).run({
  a: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] },
  b: { data: Float32Array.of(5, 6, 7, 8), shape: [2, 2] },
})
if (Array.from(c.data).join() !== '19,22,43,50')
  throw new Error(`its self-test gave a wrong matrix product: ${Array.from(c.data).join(', ')}`)
process.stdout.write(`${TRIAL_WORD} ${executor.description}\n`)
