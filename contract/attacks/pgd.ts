import { z } from 'zod'
import { readInteger } from '../commandOption.js'
import { field } from '../field.js'
import { AIM } from './aim.js'
import { defineAttack, type AttackSpecOf } from './definition.js'

const settings = {
  ...AIM,
  steps: field(z.int().min(1).max(10_000), {
    label: 'Steps',
    help: 'Number of gradient steps.',
    source: '6',
    cli: { flag: '--steps <number>', help: 'number of gradient steps', read: readInteger },
  }),
  stepSize: field(z.number().positive().max(1e6), {
    label: 'Step size',
    help: 'Step size for ε ≥ this value.',
    source: '6',
    range: '> 0',
    cli: { flag: '--step-size <size>', help: 'step size for ε ≥ this value' },
  }),
  stepSizeRatio: field(z.number().positive().max(1e3), {
    label: 'Relative step size',
    unit: 'ε',
    help: 'For smaller ε, each step is this fraction of ε.',
    source: '6',
    range: '> 0',
    cli: { flag: '--step-size-ratio <share>', help: 'step size for smaller ε, as a fraction of ε' },
  }),
  randomStart: field(z.boolean(), {
    label: 'Random start',
    help: 'Start from a random point in the ε-ball. The paper starts at the clean image.',
    source: '6',
    cli: { flag: '--random-start', help: 'start from a random point in the ε-ball' },
  }),
}
type Pgd = AttackSpecOf<'pgd', typeof settings>

/** Length of one step at a perturbation size: `stepSize` from sizes of the same number on, else a share of ε. */
export const pgdStepLength = (
  { stepSize, stepSizeRatio }: Pick<Pgd, 'stepSize' | 'stepSizeRatio'>,
  epsilon: number,
): number => (epsilon >= stepSize ? stepSize : stepSizeRatio * epsilon)

/** Radii that the steps have to cover: from the image to the surface of its ball, or from one side of the ball to the other. */
const radii = ({ randomStart }: Pgd): number => (randomStart ? 2 : 1)

/** Sums of steps may fall short of a size by rounding. */
const ROUNDING = 1e-9

const short = (value: number): string => String(Number(value.toPrecision(4)))

function warnings(
  { steps, stepSize, stepSizeRatio, randomStart, ...rest }: Pgd,
  { from, to }: { from: number; to: number },
): string[] {
  const needed = radii({ steps, stepSize, stepSizeRatio, randomStart, ...rest })
  const distance = randomStart
    ? 'the diameter of the ε-ball, which a random start can require'
    : 'the radius of the ε-ball'
  const result = 'Images that are not fooled there are not necessarily robust.'
  const ratio = needed / steps
  // Below the step size a step is a share of the size, so that all sizes there are alike.
  const below =
    from < stepSize && from + to > 0 && stepSizeRatio * (1 + ROUNDING) < ratio
      ? [
          `At perturbation sizes ε below ${short(stepSize)}, ${steps} steps of ${short(stepSizeRatio)} ε are shorter than ${distance}. ${result} Use a relative step size of at least ${short(ratio)} ε.`,
        ]
      : []
  const reach = (steps * stepSize) / needed
  const above =
    to >= stepSize && to * (1 - ROUNDING) > reach
      ? [
          `At perturbation sizes ε above ${short(reach)}, ${steps} steps of ${short(stepSize)} are shorter than ${distance}. ${result} Use ${Math.ceil((needed * to) / stepSize - ROUNDING)} steps, or a step size of ${short((needed * to) / steps)}, or a largest ε of ${short(reach)}.`,
        ]
      : []
  return [...below, ...above]
}

/** Projected gradient descent. */
export const pgd = defineAttack('pgd', {
  label: 'PGD',
  title: 'PGD (several gradient steps)',
  figureRow: 'PGD',
  summary: 'Takes several gradient steps, and projects back into the ε-ball after each.',
  source: 'A. Madry et al., ICLR 2018.',
  settings,
  first: { kind: 'pgd', norm: 'linf', target: null, steps: 20, stepSize: 0.01, stepSizeRatio: 0.1, randomStart: false },
  method: 'iterative',
  clamps: true,
  linePath: false,
  paperLargest: 0.0316,
  drawsNumbers: ({ randomStart }) => randomStart,
  describe: ({ steps }) => `PGD of ${steps} steps`,
  facts: ({ steps, stepSize, stepSizeRatio, randomStart }, text) => [
    { label: 'Steps', value: text(steps) },
    { label: 'Step size', value: `${text(stepSizeRatio)} *ε* below ${text(stepSize)}` },
    { label: 'Starting point', value: randomStart ? 'random point in the *ε*-ball' : 'the clean image' },
  ],
  // All steps together are as long as the radius of the ball, or its diameter from a random start.
  reaches: (spec, epsilon) => spec.steps * pgdStepLength(spec, epsilon) >= radii(spec) * epsilon * (1 - ROUNDING),
  warnings,
})
