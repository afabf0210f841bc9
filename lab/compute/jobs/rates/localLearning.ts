import { learningRuleOf, type LocalLearningSpec } from '../../../../contract/index.js'
import type { Executor } from '../../../../engine/executor/executor.js'
import type { Work } from '../../../work.js'
import { filled, timed } from './timed.js'

/** A measurement must be over before a person wonders: smaller layers and batches are scaled up. */
const MOST_UNITS = 500
const MOST_IMAGES = 200

/** Times steps of the experiment's rule on numbers of no meaning; units x inputs x images a second. */
export async function layerRate(spec: LocalLearningSpec, { inputSize }: Work, executor: Executor): Promise<number> {
  const hiddenUnits = Math.min(spec.layer.hiddenUnits, MOST_UNITS)
  // A sequential rule takes one image after the other, each with the whole layer.
  const batch = Math.min(spec.schedule.batchSize, learningRuleOf(spec.rule.kind).sequential ? 2 : MOST_IMAGES)
  const program = await executor.layerProgram({
    rule: spec.rule,
    hiddenUnits,
    inputSize,
    weights: filled(hiddenUnits * inputSize),
    lebesgueNorm: spec.layer.lebesgueNorm,
    radius: spec.layer.radius,
  })
  try {
    const images = filled(batch * inputSize)
    return (hiddenUnits * inputSize * batch) / (await timed(() => program.step(images, 1e-6)))
  } finally {
    await program.dispose()
  }
}
