import { axisOf, openPlane, planeGrid } from '../../engine/probes/plane/decisionPlane.js'
import { layPlane } from '../../engine/probes/plane/geometry.js'
import { attacked } from './attacked.js'
import type { Stage } from './stage.js'

/** A plane of 100 x 100 points through an image: classes, confidence, Jacobian norms; the network opened again each time. */
export const plane: Stage = {
  operations: () => null,
  stretch: 1,
  prepare: async (sizes, executor) => {
    const { subject, note } = await attacked({ ...sizes, batch: 10 }, executor)
    const plane = await layPlane({ kind: 'random', image: 0, seed: 1 }, subject, null)
    const axis = axisOf([-20, 20], 100)
    return {
      note,
      run: async () => void (await planeGrid(openPlane(subject.network, plane, executor, 'corrected'), axis, axis)),
    }
  },
}
