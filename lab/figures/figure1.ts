import { attackOf, LabError, type Figure1Data } from '../../contract/index.js'
import { seriesOf, type AlignedSweeps, type AttackRow } from './alignSweeps.js'
import { plainModel } from './assembly.js'

/** Critical norms of all passes of a label, one after the other. */
function normsOf({ passes }: AttackRow, label: string): Float64Array {
  return Float64Array.from(
    passes.filter((pass) => pass.model.label === label).flatMap(({ criticalNorm }) => Array.from(criticalNorm)),
  )
}

/**
 * Data of Figure 1 from sweeps: one row for each attack, with the models that all of them have.
 *
 * @throws LabError `figure.results` for a sweep of critical values only, which has no accuracy at each size
 */
export function figure1({ rows, labels }: AlignedSweeps): Figure1Data {
  return {
    models: labels.map(plainModel),
    attacks: rows.map((row) => ({
      label: attackOf(row.kind).figureRow,
      sweeps: labels.map((label) => {
        const { epsilons, relativeAccuracy } = seriesOf(row, label)
        if (relativeAccuracy.some(Number.isNaN))
          throw new LabError(
            'figure.results',
            `Figure 1 needs the accuracy at each ε, but the ${row.kind} sweep of ${label} recorded critical values only`,
          )
        // A size of zero has no place on a logarithmic axis.
        const from = epsilons.findIndex((epsilon) => epsilon > 0)
        if (from < 0)
          throw new LabError(
            'figure.results',
            `Figure 1 has a logarithmic ε axis, but the ${row.kind} sweep of ${label} was measured at ε = 0 only`,
          )
        return {
          epsilons: epsilons.subarray(from),
          relativeAccuracy: relativeAccuracy.subarray(from),
          criticalNorms: normsOf(row, label),
        }
      }),
    })),
  }
}
