import { LabError, type PlaneAgreement } from '../../../contract/index.js'
import { best, type OpenPlane } from './decisionPlane.js'

/** Share of the points in each class, C. */
export function classShares(labels: ArrayLike<number>, classes: number): Float64Array {
  const shares = new Float64Array(classes)
  for (let point = 0; point < labels.length; point++)
    shares[labels[point] as number] = (shares[labels[point] as number] as number) + 1 / labels.length
  return shares
}

/**
 * How far the class regions of two maps agree: the share of points with the same class, and for each class intersection over union.
 *
 * @param a - class of every point
 * @param b - on the same points
 * @param classes - C
 * @throws LabError `shape.mismatch` for maps of different sizes
 */
export function regionAgreement(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  classes: number,
): Pick<PlaneAgreement, 'agreement' | 'intersectionOverUnion' | 'meanIntersectionOverUnion'> {
  if (a.length !== b.length)
    throw new LabError('shape.mismatch', `expected two maps of ${a.length} points, got ${b.length}`)
  const both = new Float64Array(classes)
  const either = new Float64Array(classes)
  let same = 0
  for (let point = 0; point < a.length; point++) {
    const [left, right] = [a[point] as number, b[point] as number]
    either[left] = (either[left] as number) + 1
    if (left === right) {
      both[left] = (both[left] as number) + 1
      same += 1
    } else either[right] = (either[right] as number) + 1
  }
  const intersectionOverUnion = both.map((count, index) => count / (either[index] as number))
  const present = intersectionOverUnion.filter((value) => !Number.isNaN(value))
  return {
    agreement: same / a.length,
    intersectionOverUnion,
    meanIntersectionOverUnion: present.reduce((sum, value) => sum + value, 0) / present.length,
  }
}

/** The nearest point of another class. */
export interface NearestBoundary {
  distance: number
  class: number
  position: readonly [epsilon: number, xi: number]
}

const RAYS = 72
const STEPS = 40
const HALVINGS = 20

/**
 * Looks for the nearest point of another class in the plane: along rays outwards, then by halving on those that change soonest.
 *
 * Regions thinner than a step, or between rays, can be missed: distances are upper bounds.
 *
 * @param position - where to start
 * @param reach - how far to look
 * @returns null when no ray leaves the class
 */
export async function nearestBoundary(
  open: OpenPlane,
  position: readonly [number, number],
  reach: number,
): Promise<NearestBoundary | null> {
  const { classes } = open
  const classesAt = async (points: readonly (readonly [number, number])[]): Promise<number[]> => {
    const { probabilities } = await open.evaluate({
      first: Float32Array.from(points, ([first]) => first),
      second: Float32Array.from(points, ([, second]) => second),
    })
    return points.map((_, point) => best(probabilities, point, classes).index)
  }
  const on = (ray: number, radius: number): readonly [number, number] => [
    position[0] + radius * Math.cos((2 * Math.PI * ray) / RAYS),
    position[1] + radius * Math.sin((2 * Math.PI * ray) / RAYS),
  ]
  const [own = 0] = await classesAt([position])
  const found = await classesAt(
    Array.from({ length: RAYS * STEPS }, (_, index) =>
      on(index % RAYS, (reach * (Math.floor(index / RAYS) + 1)) / STEPS),
    ),
  )
  const first = found.findIndex((label) => label !== own)
  if (first < 0) return null
  const step = Math.floor(first / RAYS)
  // Rays that leave in this ring or the next: the nearest crossing may belong to a later ring by less than a step.
  const rays = Array.from({ length: RAYS }, (_, ray) => ray).filter((ray) =>
    [step, step + 1].some((ring) => ring < STEPS && found[ring * RAYS + ray] !== own),
  )
  let ends = rays.map((ray) => {
    const ring = found[step * RAYS + ray] === own ? step + 1 : step
    return {
      ray,
      inside: (reach * ring) / STEPS,
      outside: (reach * (ring + 1)) / STEPS,
      label: found[ring * RAYS + ray] as number,
    }
  })
  for (let halving = 0; halving < HALVINGS; halving++) {
    const labels = await classesAt(ends.map(({ ray, inside, outside }) => on(ray, (inside + outside) / 2)))
    ends = ends.map((end, index) => {
      const middle = (end.inside + end.outside) / 2
      const label = labels[index] as number
      return label === own ? { ...end, inside: middle } : { ...end, outside: middle, label }
    })
  }
  const nearest = ends.reduce((least, end) => (end.outside < least.outside ? end : least))
  return { distance: nearest.outside, class: nearest.label, position: on(nearest.ray, nearest.outside) }
}
