import { largestOf, type Figure4Data } from '../../contract/index.js'
import { plainModel } from './assembly.js'
import { inPaperOrder } from './paperOrder.js'
import type { PlaneMaps } from './results.js'

/** No map has more colours. */
const MOST_CLASSES = 10

/** How many classes the maps show, with their names where the images have classes: digits are their own names, and noise has none. */
function classesOf(names: readonly string[], maps: PlaneMaps['maps']): Pick<Figure4Data, 'classCount' | 'classNames'> {
  const shown = 1 + maps.reduce((most, { labels }) => Math.max(most, largestOf(labels)), 1)
  // Models have classes of their own over images that have none, such as noise.
  if (names.length < shown) return { classCount: names.length < 2 ? Math.max(shown, MOST_CLASSES) : shown }
  return {
    classCount: names.length,
    ...(names.every((name, index) => name === String(index)) ? {} : { classNames: names }),
  }
}

/** Data of Figure 4 from the maps of a plane, in the paper's order. */
export function figure4({ firstAxis, secondAxis, geometry, maps }: PlaneMaps): Figure4Data {
  const order = inPaperOrder(maps.map((map) => map.model.label))
  return {
    epsilonAxis: firstAxis,
    xiAxis: secondAxis,
    ...classesOf(geometry.classNames, maps),
    planes: order
      .flatMap((label) => maps.filter((map) => map.model.label === label))
      .map(({ model: { label }, labels, confidence, jacobianNorm }) => ({
        model: plainModel(label),
        classes: labels,
        confidence,
        jacobianNorm,
      })),
  }
}
