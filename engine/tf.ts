/** The one place that names the tensor library, so that another build of it can be put here; it comes with gradients. */
import { env } from '@tensorflow/tfjs-core'
import { registerGradients } from './gradients/index.js'

// Else it prints advice to install another package of its makers, whatever runs.
env().set('PROD', true)
registerGradients()
export * from '@tensorflow/tfjs-core'
