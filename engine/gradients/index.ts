import { registerGradient } from '@tensorflow/tfjs-core'
import { ARITHMETIC_GRADIENTS } from './arithmetic.js'
import { FUNCTION_GRADIENTS } from './functions.js'
import { MATRIX_GRADIENTS } from './matrix.js'
import { REDUCTION_GRADIENTS } from './reductions.js'
import { SHAPE_GRADIENTS } from './shapes.js'
import type { GradientTable } from './rule.js'

/**
 * Gradients of every kernel that the engine differentiates.
 *
 * The library's own are not in its builds for Node, use kernels that some backends lack, and fail where a maximum, a minimum
 * or a squared difference is broadcast; with these, all backends differentiate alike.
 */
export const GRADIENTS = {
  ...ARITHMETIC_GRADIENTS,
  ...FUNCTION_GRADIENTS,
  ...REDUCTION_GRADIENTS,
  ...SHAPE_GRADIENTS,
  ...MATRIX_GRADIENTS,
} as const satisfies GradientTable

/** Puts the table into the library; again after another build of the library has been loaded, which brings its own. */
export function registerGradients(): void {
  for (const [kernelName, rule] of Object.entries(GRADIENTS)) registerGradient({ kernelName, ...rule })
}
