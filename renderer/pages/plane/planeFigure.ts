import type { Figure4Data, PlaneResult } from '../../../contract/index.js'

/** Data of Figure 4 from a computed plane: one column for each model. */
export function figure4Of({ firstAxis, secondAxis, geometry, maps }: PlaneResult): Figure4Data {
  return {
    epsilonAxis: firstAxis, xiAxis: secondAxis, classCount: Math.max(2, geometry.classNames.length),
    planes: maps.map(({ model, labels, confidence, jacobianNorm }) => ({ model: { label: model.label, colour: null }, classes: labels, confidence, jacobianNorm })),
  }
}
