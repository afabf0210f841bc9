import type { Executor } from '../../engine/executor/executor.js'
import { classesOf, logitsOfImages } from '../../engine/attacks/attackBatch.js'
import { networkSizes, type FrozenNetwork } from '../../engine/networks/frozenNetwork.js'
import { readImages, type Baseline, type ProbeSubject } from '../../engine/probes/robustness/baseline.js'
import { trainingImages } from './images.js'
import { firstParameters, NETWORK } from './network.js'
import type { Sizes } from './stage.js'

/** The perceptron at its start, and a batch of images that it gets right, because their labels are what it says of them. */
export async function attacked(
  sizes: Sizes,
  executor: Executor,
): Promise<{ subject: ProbeSubject; baseline: Baseline; note: string }> {
  const { source, note } = await trainingImages(sizes.batch)
  const network: FrozenNetwork = { options: NETWORK, parameters: firstParameters(sizes), running: {} }
  const subject: ProbeSubject = { network, source, imageNorm: 3, executor }
  const keptIndices = Int32Array.from({ length: source.count }, (_, index) => index)
  const { inputs, classes } = networkSizes(network)
  const attackLabels = classesOf(
    await logitsOfImages(readImages(subject, keptIndices), source.count, { executor, network, inputs }),
    classes,
    keptIndices,
  )
  return {
    subject,
    note,
    baseline: {
      images: source.count,
      cleanAccuracy: 1,
      keptIndices,
      labels: Uint8Array.from(attackLabels),
      attackLabels,
    },
  }
}
