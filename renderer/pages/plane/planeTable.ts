import type { PlaneMap } from '../../../contract/index.js'
import type { PlotTable } from '../../charts/plotTable.js'

/** Every point of a map with the model's prediction, row by row along ε, smallest ξ first. */
export function planeTable(
  { model, labels, confidence, jacobianNorm }: PlaneMap,
  firstAxis: ArrayLike<number>,
  secondAxis: ArrayLike<number>,
  classNames: readonly string[],
): PlotTable {
  const places = Array.from(labels, (_, place) => ({
    column: place % firstAxis.length,
    row: Math.floor(place / firstAxis.length),
  }))
  return {
    name: `Plane of ${model.label}`,
    columns: [
      { title: 'ε (L2 norm)', values: places.map(({ column }) => firstAxis[column] ?? null) },
      { title: 'ξ (L2 norm)', values: places.map(({ row }) => secondAxis[row] ?? null) },
      { title: 'Class', values: Array.from(labels, (label) => classNames[label] ?? label) },
      { title: 'Softmax of the class (fraction)', values: Array.from(confidence) },
      { title: 'Jacobian norm (Frobenius)', values: Array.from(jacobianNorm) },
    ],
  }
}
