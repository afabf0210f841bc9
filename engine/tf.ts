/** The one place that names the tensor library, so that another build of it can be put here. */
export * from '@tensorflow/tfjs-core'
