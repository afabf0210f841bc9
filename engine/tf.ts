/** The one place that names the tensor library, so that another build of it can be put here; it comes with gradients. */
import { registerGradients } from './gradients/index.js'

registerGradients()
export * from '@tensorflow/tfjs-core'
