import { computed, type ComputedRef, type ShallowRef } from 'vue'
import type { PlanePoint, PlaneResult } from '../../../contract/index.js'
import { useQuery, type Query } from '../../composables/useQuery.js'
import { useLink } from '../../composables/useLink.js'
import type { PlanePosition } from './planeView.js'

/** Points of the path from image A. */
const PATH_POINTS = 61

/** Measures a point that was clicked: exact values, the nearest boundary, and the path from image A, for one model. */
export function usePlanePoint(
  result: Readonly<ShallowRef<PlaneResult | null>>,
  place: () => PlanePosition,
  model: () => number,
): { ask: Query<PlanePoint>; point: ComputedRef<{ at: PlanePoint; model: PlanePoint['models'][number] } | null> } {
  const link = useLink()
  const ask = useQuery(async (signal) => {
    const shown = result.value
    const chosen = shown?.request.models[model()]
    if (shown === null || chosen === undefined) throw new Error('there is no plane to measure on')
    const { dataset, split, imageNorm, executor, plane, jacobian, first, second } = shown.request
    const reach = Math.max(first[1] - first[0], second[1] - second[0])
    // Named by its image's norm, so that one model alone measures on the plane of all.
    const norm = imageNorm ?? shown.maps[model()]?.model.imageNorm ?? null
    return link.call(
      'plane.point',
      {
        models: [chosen],
        dataset,
        split,
        imageNorm: norm,
        executor,
        plane,
        position: [place()[0], place()[1]],
        jacobian,
        pathPoints: PATH_POINTS,
        reach,
      },
      { signal },
    )
  })
  return {
    ask,
    point: computed(() => {
      const at = ask.value.value
      const chosen = result.value?.request.models[model()]
      const [own] = at?.models ?? []
      const fits =
        at !== null &&
        own !== undefined &&
        !ask.stale.value &&
        own.model.model === chosen?.model &&
        at.position.every((value, axis) => Math.abs(value - (place()[axis] ?? NaN)) < 1e-6)
      return fits ? { at, model: own } : null
    }),
  }
}
