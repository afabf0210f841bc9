import { pgdStepLength, type AttackNorm, type AttackSpec } from '../../contract/index.js'
import { specsOf, type HostTree } from '../executor/tree.js'
import { randomStream } from '../random/index.js'
import type { AttackBatch, AttackCode, AttackSize, AttackTools } from './attack.js'
import { expectFinite, firstDirection } from './gradients.js'
import { pgdStep, type PgdInput } from './pgdStep.js'

/** Length of a row of numbers in a norm. */
function lengthOf(values: Float32Array, norm: AttackNorm): number {
  if (norm === 'linf') return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  return values.reduce((total, value) => total + Math.abs(value) ** norm, 0) ** (1 / norm)
}

/**
 * Starts inside the ball: every entry uniform in [-ε, ε] in the maximum norm; else a direction of normal numbers of length ε u^(1/d),
 * which for p = 2 is uniform in the ball.
 */
function randomStarts(
  { images, numbers, count }: AttackBatch,
  { inputs, entries, seed }: AttackTools,
  { epsilon, index }: AttackSize,
  norm: AttackNorm,
): Float32Array {
  const starts = images.slice()
  const offset = new Float32Array(entries)
  for (let image = 0; image < count; image++) {
    const random = randomStream(seed, 'pgd start', index, numbers[image] ?? 0)
    if (norm === 'linf')
      for (let entry = 0; entry < entries; entry++) offset[entry] = epsilon * (2 * random.uniform() - 1)
    else {
      random.fillNormal(offset, 1)
      const factor = (epsilon * random.uniform() ** (1 / entries)) / lengthOf(offset, norm)
      for (let entry = 0; entry < entries; entry++) offset[entry] = (offset[entry] as number) * factor
    }
    for (let entry = 0; entry < entries; entry++)
      starts[image * inputs + entry] = (starts[image * inputs + entry] as number) + (offset[entry] as number)
  }
  return starts
}

/**
 * Projected gradient descent: `steps` times along the gradient and back into the ball. A step has length `stepSize`, or
 * `stepSizeRatio` · ε for sizes below `stepSize`.
 *
 * Source: A. Madry et al., ICLR 2018; docs/SOURCES.md 6.
 */
export const pgd: AttackCode<Extract<AttackSpec, { kind: 'pgd' }>> = {
  open: async (batch, spec, tools) => {
    const { executor, network, inputs, targeted } = tools
    const { size: gradientSize } = await firstDirection(batch, spec.norm, tools)
    const shape = [batch.count, inputs]
    return {
      gradientSize,
      end: async (size) => {
        const step = pgdStepLength(spec, size.epsilon) * (targeted ? -1 : 1)
        let images = spec.randomStart ? randomStarts(batch, tools, size, spec.norm) : batch.images
        const inputOf = (): HostTree<PgdInput> => ({
          parameters: network.parameters,
          running: network.running,
          images: { data: images, shape },
          origin: { data: batch.images, shape },
          labels: { data: batch.labels, shape: [batch.count] },
          stepSize: { data: Float32Array.of(step), shape: [] },
          epsilon: { data: Float32Array.of(size.epsilon), shape: [] },
        })
        const program = await executor.compile(pgdStep, specsOf<PgdInput>(inputOf()), {
          network: network.options,
          norm: spec.norm,
        })
        for (let index = 0; index < spec.steps; index++) {
          const moved = await program.run(inputOf())
          expectFinite(moved.size.data, batch)
          images = moved.images.data as Float32Array
        }
        return { kind: 'images', images }
      },
    }
  },
}
