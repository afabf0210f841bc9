import { best, openPlane } from '../../../../engine/probes/plane/decisionPlane.js'
import { pointImage, toPixels } from '../../../../engine/probes/plane/geometry.js'
import { nearestBoundary } from '../../../../engine/probes/plane/regions.js'
import type { PlanePoint } from '../../../../contract/index.js'
import type { JobFunction } from '../job.js'
import { layPlaneOf } from './plane.js'
import { openProbe, subjectOf } from './subject.js'

/** Everything about one point of a plane: its image, what each model says of it, the nearest other region, and the way to it. */
export const planePoint: JobFunction<'planePoint'> = async ({ request, subjects, attacked, places }, { resources }) => {
  const opened = await openProbe(resources, request, places)
  const plane = await layPlaneOf(request.plane, opened, subjects, attacked)
  const { position, pathPoints, reach } = request
  const path = (coordinate: 0 | 1): Float32Array =>
    Float32Array.from({ length: pathPoints }, (_, index) => (position[coordinate] * index) / (pathPoints - 1))
  const models: PlanePoint['models'] = []
  for (const subject of subjects) {
    const open = openPlane(
      subjectOf(subject, opened, request.dataset).network,
      plane,
      opened.executor,
      request.jacobian,
    )
    const at = await open.evaluate({ first: Float32Array.of(position[0]), second: Float32Array.of(position[1]) })
    const { index, value } = best(at.probabilities, 0, open.classes)
    models.push({
      model: subject.model,
      class: index,
      confidence: value,
      jacobianNorm: at.jacobianNorm[0] as number,
      probabilities: at.probabilities,
      boundary: await nearestBoundary(open, position, reach),
      path: (await open.evaluate({ first: path(0), second: path(1) })).probabilities,
    })
  }
  const image = pointImage(plane, position)
  return {
    position,
    distance: Math.hypot(...position),
    image,
    pixels: toPixels(image, plane.pixelScale, opened.source.normalised),
    models,
  }
}
