import type { RegulariserSpec } from '../../contract/index.js'
import { abs, addN, pow, square, sum, type Scalar } from '../tf.js'
import type { RegulariserCode } from './regulariser.js'

/**
 * Σ_P Σ_ij |P_ij|^p over all parameters, biases and batch norm included.
 *
 * Source: the original's LpReg; docs/SOURCES.md 4.1.
 */
export const lebesgue: RegulariserCode<Extract<RegulariserSpec, { kind: 'lebesgue' }>> = {
  needsHidden: false,
  term: ({ parameters }, { lebesgueNorm }) =>
    addN(
      Object.values(parameters).map((parameter) => {
        const powers =
          lebesgueNorm === 2
            ? square(parameter)
            : lebesgueNorm === 1
              ? abs(parameter)
              : pow(abs(parameter), lebesgueNorm)
        // Row by row: one sum over millions of float32 values loses digits.
        return (parameter.rank === 2 ? sum(sum(powers, 1)) : sum(powers)) as Scalar
      }),
    ),
}
