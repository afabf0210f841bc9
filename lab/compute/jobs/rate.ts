import type { JobFunction } from './index.js'

/** A measurement must be over before a person wonders: smaller layers and batches are scaled up. */
const MOST_UNITS = 500
const MOST_IMAGES = 200
const TIMED_STEPS = 3

/** Numbers between 0 and 1 that look like nothing; the speed does not depend on them. */
function filled(length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => ((index * 0.6180339887) % 1) + 0.01)
}

/**
 * Times a few steps of the experiment's rule on numbers of no meaning.
 *
 * @returns units x inputs x images a second
 */
export const measureRate: JobFunction<'rate'> = async ({ spec, inputSize, choice }, { bench }) => {
  const { executor } = await bench.executor(choice)
  const hiddenUnits = Math.min(spec.layer.hiddenUnits, MOST_UNITS)
  // The sequential rule takes one image after the other, each with the whole layer.
  const batch = Math.min(spec.schedule.batchSize, spec.rule.kind === 'khl3' ? 2 : MOST_IMAGES)
  const program = await executor.layerProgram({
    rule: spec.rule.kind, hiddenUnits, inputSize, weights: filled(hiddenUnits * inputSize), lebesgueNorm: spec.layer.lebesgueNorm,
    rank: Math.min(spec.rule.rank, hiddenUnits), antiHebbianStrength: spec.rule.antiHebbianStrength, radius: spec.layer.radius, precision: spec.rule.precision,
  })
  try {
    const images = filled(batch * inputSize)
    // The first step compiles.
    await program.step(images, 1e-6)
    const started = performance.now()
    for (let step = 0; step < TIMED_STEPS; step++) await program.step(images, 1e-6)
    const seconds = Math.max((performance.now() - started) / 1000, 1e-6)
    return { executor: executor.name, workPerSecond: (TIMED_STEPS * hiddenUnits * inputSize * batch) / seconds }
  } finally {
    await program.dispose()
  }
}
