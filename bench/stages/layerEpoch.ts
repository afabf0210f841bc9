import { localLearningSpec, type LocalLearningSpec } from '../../contract/index.js'
import { localLearning } from '../../engine/experiments/localLearning.js'
import type { RunEvent } from '../../engine/experiments/events.js'
import { fillBatch } from '../../engine/datasets/index.js'
import { trainingImages } from './images.js'
import { RULE, SPHERE } from './layerStep.js'
import { normal, overlapOperations, type Stage } from './stage.js'

/** The published experiment without spectra; the files of the set are read outside. */
const experimentOf = (hiddenUnits: number, batchSize: number): LocalLearningSpec =>
  localLearningSpec.parse({
    version: 1,
    kind: 'localLearning',
    name: 'bench',
    seed: 1,
    executor: 'auto',
    dataset: { kind: 'cifar10', imageLimit: null },
    layer: {
      hiddenUnits,
      weightSpread: 1,
      lebesgueNorm: SPHERE.lebesgueNorm,
      activationExponent: 4.5,
      radius: SPHERE.radius,
    },
    rule: RULE,
    schedule: { epochs: 1000, batchSize, learningRate: 0.02, decay: 'linear' },
    checks: { normTolerance: 0.01, unconvergedLimit: 0.1, meanLimit: -0.5, flatLogVariance: -9 },
    probes: { spectrumEvery: 0, spectrumImages: 1000, windowStart: 1, windowEnd: 8, fieldsEvery: 1 },
    checkpoints: { every: 1000, keep: 1 },
  })

/**
 * One epoch of a whole experiment, as a run does it: images gathered, normalised and learnt, with the measures at its end; no
 * spectra and no checkpoints. Beside it, as many steps on one batch.
 */
export const layerEpoch: Stage = {
  operations: (sizes) => (overlapOperations(sizes) * sizes.epochImages) / sizes.batch,
  stretch: 1,
  prepare: async ({ inputs, units, batch, epochImages }, executor) => {
    const { source, note } = await trainingImages(epochImages)
    const events = localLearning({
      spec: experimentOf(units, batch),
      images: source,
      executor,
      control: { requested: () => 'run', now: () => performance.now() },
      checkpoint: null,
    })
    const untilEpoch = async (): Promise<void> => {
      for (;;) {
        const { value, done } = (await events.next()) as IteratorResult<RunEvent, void>
        if (done === true || value === undefined) throw new Error('the experiment ended before the measurement')
        if (value.type === 'metric' && value.record.name === 'meanWeightChange') return
      }
    }
    const program = await executor.layerProgram({
      rule: RULE,
      hiddenUnits: units,
      inputSize: inputs,
      weights: normal(units * inputs, 1, 1),
      ...SPHERE,
    })
    const images = program.room(batch)
    fillBatch(
      source,
      Int32Array.from({ length: batch }, (_, index) => index),
      SPHERE.lebesgueNorm,
      images,
    )
    return {
      note,
      run: untilEpoch,
      beside: async () => {
        for (let step = 0; step < epochImages / batch; step++) await program.step(images, 0.02)
      },
    }
  },
}
