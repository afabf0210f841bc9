import type { AttackKind, FigureA2Data } from '../../contract/index.js'
import { seriesOf, type AlignedSweeps } from './alignSweeps.js'
import { plainModel } from './assembly.js'

/** Data of Figure A2 from sweeps of random perturbations and of PGD: test accuracy, and the medians. */
export function figureA2({ rows, labels }: AlignedSweeps): FigureA2Data {
  const medianOf = (kind: AttackKind, label: string): number | null =>
    rows.flatMap((row) => (row.kind === kind ? [seriesOf(row, label)] : []))[0]?.criticalNorm?.median ?? null
  return {
    models: labels.map((label) => ({
      model: plainModel(label),
      testAccuracy: rows.map((row) => seriesOf(row, label).testAccuracy)[0] ?? NaN,
      medianCriticalNorm: { random: medianOf('random', label), pgd: medianOf('pgd', label) },
    })),
  }
}
