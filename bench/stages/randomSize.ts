import { openBatchAttack } from '../../engine/attacks/attackBatch.js'
import { multipliedOut, networkSizes } from '../../engine/networks/frozenNetwork.js'
import { readImages } from '../../engine/probes/robustness/baseline.js'
import { attacked } from './attacked.js'
import { overlapOperations, type Stage } from './stage.js'

/** One size of a sweep with random noise: numbers drawn, a batch classified, norms of those that are fooled. */
export const randomSize: Stage = {
  operations: overlapOperations,
  stretch: 5,
  prepare: async (sizes, executor) => {
    const { subject, baseline, note } = await attacked(sizes, executor)
    const network = multipliedOut(subject.network)
    const batch = { images: readImages(subject, baseline.keptIndices), labels: baseline.attackLabels, numbers: baseline.keptIndices, count: baseline.keptIndices.length }
    const attack = await openBatchAttack(batch, { kind: 'random' }, { executor, network, inputs: networkSizes(network).inputs, targeted: false, seed: 0 })
    let index = 0
    return {
      note,
      run: async () => {
        const outcome = await attack.attack({ epsilon: 1e-4, index: index++ })
        outcome.fooled.forEach((fooled, image) => {
          if (fooled === 1) outcome.norm(image)
        })
      },
    }
  },
}
