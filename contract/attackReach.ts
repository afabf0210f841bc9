import type { SizeGrid } from './probe.js'
import type { AttackSpec } from './robustness.js'

type Pgd = Extract<AttackSpec, { kind: 'pgd' }>

/** Length of one step of PGD at a size: `stepSize` from sizes of the same number on, else a share of the size. */
export const pgdStepLength = ({ stepSize, stepSizeRatio }: Pick<Pgd, 'stepSize' | 'stepSizeRatio'>, epsilon: number): number => (epsilon >= stepSize ? stepSize : stepSizeRatio * epsilon)

/** Radii that the steps have to cover: from the image to the surface of its ball, or from one side of the ball to the other. */
const radii = ({ randomStart }: Pgd): number => (randomStart ? 2 : 1)

/** Sums of steps may fall short of a size by rounding. */
const ROUNDING = 1e-9

/**
 * Whether an attack can come to every point of its ball: all steps together are as long as its radius, from a random start as long as
 * its diameter. Where they are not, images that resist need not be robust.
 */
export function reaches(attack: AttackSpec, epsilon: number): boolean {
  return attack.kind !== 'pgd' || attack.steps * pgdStepLength(attack, epsilon) >= radii(attack) * epsilon * (1 - ROUNDING)
}

const short = (value: number): string => String(Number(value.toPrecision(4)))

/**
 * What to know before the results of an attack are read.
 *
 * @param grid - the sizes, or one size as both ends
 * @returns full sentences; none for an attack that can fill its balls
 */
export function attackWarnings(attack: AttackSpec, { from, to }: Pick<SizeGrid, 'from' | 'to'>): string[] {
  if (attack.kind !== 'pgd') return []
  const { steps, stepSize, stepSizeRatio, randomStart } = attack
  const distance = randomStart ? 'the diameter of the ε-ball, which a random start can require' : 'the radius of the ε-ball'
  const result = 'Images that are not fooled there are not necessarily robust.'
  const ratio = radii(attack) / steps
  // Below the step size a step is a share of the size, so that all sizes there are alike.
  const below = from < stepSize && from + to > 0 && stepSizeRatio * (1 + ROUNDING) < ratio
    ? [`At perturbation sizes ε below ${short(stepSize)}, ${steps} steps of ${short(stepSizeRatio)} ε are shorter than ${distance}. ${result} Use a relative step size of at least ${short(ratio)} ε.`] : []
  const reach = (steps * stepSize) / radii(attack)
  const above = to >= stepSize && to * (1 - ROUNDING) > reach
    ? [`At perturbation sizes ε above ${short(reach)}, ${steps} steps of ${short(stepSize)} are shorter than ${distance}. ${result} Use ${Math.ceil((radii(attack) * to) / stepSize - ROUNDING)} steps, or a step size of ${short((radii(attack) * to) / steps)}, or a largest ε of ${short(reach)}.`] : []
  return [...below, ...above]
}
