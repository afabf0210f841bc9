import { ARITHMETIC_KERNELS } from './arithmetic.js'
import { FUNCTION_KERNELS } from './functions.js'
import { GATHERING_KERNELS } from './gathering.js'
import { MATRIX_KERNELS } from './matrix.js'
import { REDUCTION_KERNELS } from './reductions.js'
import { SHAPE_KERNELS } from './shapes.js'
import type { KernelTable } from './kernel.js'

/** Every kernel of the tensor library that can be compiled, with its ONNX form. Each has a case in tests/engine/executor/kernelCases.ts. */
export const KERNELS = {
  ...ARITHMETIC_KERNELS,
  ...FUNCTION_KERNELS,
  ...REDUCTION_KERNELS,
  ...SHAPE_KERNELS,
  ...GATHERING_KERNELS,
  ...MATRIX_KERNELS,
} as const satisfies KernelTable

/** Name of a kernel with an ONNX form. */
export type MappedKernel = keyof typeof KERNELS
