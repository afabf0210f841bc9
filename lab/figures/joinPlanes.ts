import { LabError } from '../../contract/index.js'
import type { PlaneMaps, PlaneResultOf } from './results.js'

const refuse = (message: string): LabError => new LabError('figure.results', message)
const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.prototype.every.call(a, (value: number, index) => value === b[index])

/** Why two results are not the same plane; null when they are. */
function difference(a: PlaneResultOf, b: PlaneResultOf): string | null {
  if (!(['origin', 'u', 'v'] as const).every((vector) => same(a.geometry[vector], b.geometry[vector])))
    return 'lie on different planes'
  if (!same(a.firstAxis, b.firstAxis) || !same(a.secondAxis, b.secondAxis))
    return 'have different extents or numbers of points'
  return a.jacobian === b.jacobian ? null : `use different Jacobians (${a.jacobian}, ${b.jacobian})`
}

/**
 * The maps of several results as one, for Figure 4.
 *
 * @throws LabError `figure.results` when they are not the same plane, or when a label is there twice
 */
export function joinPlanes(planes: readonly PlaneResultOf[]): PlaneMaps {
  const [first, ...others] = planes
  if (first === undefined) throw refuse('Figure 4 needs at least one plane')
  for (const other of others) {
    const apart = difference(first, other)
    if (apart !== null)
      throw refuse(`${first.origin.id} and ${other.origin.id} ${apart}; Figure 4 shows models on the same plane`)
  }
  planes.forEach((plane, index) =>
    plane.maps.forEach(({ model: { label } }) => {
      const before = planes.slice(0, index).find(({ maps }) => maps.some(({ model }) => model.label === label))
      if (before !== undefined)
        throw refuse(
          `${before.origin.id} and ${plane.origin.id} both contain a map of ${label}; choose one of them, or give one of them another label`,
        )
    }),
  )
  return {
    firstAxis: first.firstAxis,
    secondAxis: first.secondAxis,
    geometry: first.geometry,
    maps: planes.flatMap(({ maps }) => maps),
  }
}
