import type { Scalar } from '../tf.js'
import { jacobian } from './jacobian.js'
import { lebesgue } from './lebesgue.js'
import type { Regulariser, RegulariserInput, RegulariserOptions } from './regulariser.js'

export type * from './regulariser.js'

/** Every penalty; the spectral one follows. */
export const REGULARISERS = { lebesgue, jacobian } as const satisfies { [Kind in RegulariserOptions['kind']]: Regulariser<Extract<RegulariserOptions, { kind: Kind }>> }

/** The term of one penalty, without its strength. */
export function regulariserTerm(input: RegulariserInput, options: RegulariserOptions): Scalar {
  switch (options.kind) {
    case 'lebesgue': return REGULARISERS.lebesgue.term(input, options)
    case 'jacobian': return REGULARISERS.jacobian.term(input, options)
  }
}
