import { LabError, PAPER_MODELS, type Figure1Data, type RobustnessResult } from '../../../contract/index.js'
import { ATTACK_NAMES } from './sweepWords.js'

/**
 * Data of Figure 1 from sweeps: one row for each, with the models that all of them have, the paper's first and in its order.
 *
 * @throws LabError `run.nothingToShow` without a common model, or for a sweep that has no accuracy at each size
 */
export function figure1Of(results: readonly RobustnessResult[]): Figure1Data {
  const has = ({ series }: RobustnessResult, label: string): boolean => series.some((one) => one.label === label)
  const common = (results[0]?.series ?? []).map(({ label }) => label).filter((label) => results.every((result) => has(result, label)))
  if (common.length === 0) throw new LabError('run.nothingToShow', 'the sweeps have no model in common, so there is nothing to compare')
  const labels = [...new Set([...PAPER_MODELS.filter((label) => common.includes(label)), ...common])]
  return {
    models: labels.map((label) => ({ label, colour: null })),
    attacks: results.map(({ record, series, passes }) => ({
      label: ATTACK_NAMES[record.request.attack.kind].published,
      sweeps: labels.map((label) => {
        const found = series.find((one) => one.label === label)
        if (found === undefined || found.relativeAccuracy.some(Number.isNaN)) throw new LabError('run.nothingToShow', `${record.id} has no accuracy of ${label} at each size, so it cannot be drawn`)
        // A size of zero has no place on a logarithmic axis.
        const from = found.epsilons.findIndex((size) => size > 0)
        const criticalNorms = Float64Array.from(passes.filter(({ model }) => model.label === label).flatMap(({ criticalNorm }) => [...criticalNorm]))
        return { epsilons: found.epsilons.slice(from), relativeAccuracy: found.relativeAccuracy.slice(from), criticalNorms }
      }),
    })),
  }
}
