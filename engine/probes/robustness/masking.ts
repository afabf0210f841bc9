import {
  attackOf,
  describeAttack,
  normOf,
  reaches,
  targetOf,
  type AttackMethod,
  type AttackNorm,
  type AttackSpec,
  type MaskingCheck,
  type SweepId,
} from '../../../contract/index.js'

/** An attack's curve against one model. */
export interface AttackCurve {
  /** Of the archive; null for a curve that was measured for the checks alone. */
  sweep: SweepId | null
  attack: AttackSpec
  epsilons: Float64Array
  /** At exactly each size. */
  relativeAccuracy: Float64Array
  keptImages: number
  zeroGradients: number | null
}

/** A stronger attack may lose by as much to chance. */
const TOLERANCE = 0.01

/** A curve at any size inside its grid, linearly in ln ε; null outside. */
function at({ epsilons, relativeAccuracy }: AttackCurve, epsilon: number): number | null {
  const above = epsilons.findIndex((size) => size >= epsilon)
  if (above < 0) return null
  if (epsilons[above] === epsilon) return relativeAccuracy[above] as number
  if (above === 0) return null
  const [left, right] = [epsilons[above - 1] as number, epsilons[above] as number]
  const share = left > 0 ? Math.log(epsilon / left) / Math.log(right / left) : (epsilon - left) / (right - left)
  return (relativeAccuracy[above - 1] as number) * (1 - share) + (relativeAccuracy[above] as number) * share
}

interface Loss {
  stronger: AttackCurve
  weaker: AttackCurve
  loss: number
  epsilon: number
  strong: number
  weak: number
}

/** The largest amount by which the stronger attack leaves more images right, among the sizes that its steps can reach; null where none is shared. */
function worstLoss(stronger: AttackCurve, weaker: AttackCurve): Loss | null {
  let worst: Loss | null = null
  for (const [index, epsilon] of stronger.epsilons.entries()) {
    const [strong, weak] = [stronger.relativeAccuracy[index] as number, at(weaker, epsilon)]
    if (weak === null || Number.isNaN(weak) || Number.isNaN(strong) || !reaches(stronger.attack, epsilon)) continue
    if (worst === null || strong - weak > worst.loss)
      worst = { stronger, weaker, loss: strong - weak, epsilon, strong, weak }
  }
  return worst
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const untargeted = ({ attack }: AttackCurve): boolean => targetOf(attack) === null
const follows = ({ attack }: AttackCurve): boolean => attackOf(attack.kind).method !== 'noise'
const normText = (norm: AttackNorm): string => (norm === 'linf' ? 'L∞' : `L${norm}`)

/** The ball of an attack; noise of standard deviation ε per entry has the length of a maximum-norm step of size ε. */
const ballOf = (attack: AttackSpec): AttackNorm => normOf(attack) ?? 'linf'

/** An attack as a check names it: what it is, in which ball, and which sweep it was. */
function nameOf({ attack, sweep }: AttackCurve): string {
  const where = sweep === null ? '' : ` (${sweep})`
  const norm = normOf(attack)
  return `${describeAttack(attack)}${norm === null ? '' : ` in ${normText(norm)}`}${where}`
}

function compare(
  check: MaskingCheck['check'],
  label: string,
  pairs: readonly (readonly [stronger: AttackCurve, weaker: AttackCurve])[],
  words: string,
): MaskingCheck {
  const losses = pairs.flatMap(([stronger, weaker]) => worstLoss(stronger, weaker) ?? [])
  const worst = losses.reduce<Loss | null>((most, each) => (most === null || each.loss > most.loss ? each : most), null)
  if (worst === null)
    return {
      check,
      label,
      passed: null,
      text: `Not tested: ${words} needs both attacks at the same ε, within reach of the steps of the stronger one.`,
    }
  const { stronger, weaker, loss, strong, weak, epsilon } = worst
  const passed = loss <= TOLERANCE
  return {
    check,
    label,
    passed,
    text: `${passed ? 'At most' : 'Up to'} ${percent(Math.max(0, loss))} more images withstand ${nameOf(stronger)} than ${nameOf(weaker)} (${percent(strong)} against ${percent(weak)} at ε = ${epsilon.toPrecision(3)}).`,
  }
}

function zeroGradients(curves: readonly AttackCurve[]): MaskingCheck {
  const [check, label] = ['zeroGradients', 'No zero gradients'] as const
  const most = curves.reduce<AttackCurve | null>(
    (worst, curve) =>
      curve.zeroGradients !== null && (worst === null || curve.zeroGradients > (worst.zeroGradients ?? 0))
        ? curve
        : worst,
    null,
  )
  if (most === null) return { check, label, passed: null, text: 'Not tested: no gradient attack was run.' }
  return {
    check,
    label,
    passed: most.zeroGradients === 0,
    text: `${most.zeroGradients} of ${most.keptImages} images have a gradient of exactly 0.`,
  }
}

/** What the strongest attack leaves at the largest size that its steps can reach. */
function rest(curve: AttackCurve): { curve: AttackCurve; share: number; epsilon: number } | null {
  for (let index = curve.epsilons.length - 1; index >= 0; index--) {
    const [epsilon, share] = [curve.epsilons[index] as number, curve.relativeAccuracy[index] as number]
    if (reaches(curve.attack, epsilon)) return Number.isNaN(share) ? null : { curve, share, epsilon }
  }
  return null
}

function allFooled(curves: readonly AttackCurve[]): MaskingCheck {
  const [check, label] = ['allFooled', 'Every image is fooled at the largest ε'] as const
  const least = curves
    .flatMap((curve) => rest(curve) ?? [])
    .reduce<ReturnType<typeof rest>>((best, each) => (best === null || each.share < best.share ? each : best), null)
  if (least === null)
    return { check, label, passed: null, text: 'Not tested: no gradient attack can reach its largest ε.' }
  return {
    check,
    label,
    passed: least.share <= TOLERANCE,
    text: `${percent(least.share)} of the images withstand ${nameOf(least.curve)} at ε = ${least.epsilon.toPrecision(3)}.`,
  }
}

/**
 * Signs that gradients are masked, so that robustness is only apparent: gradients of exactly zero, noise that fools more than the
 * gradient does, one step that fools more than many, more steps that fool fewer, and images that no size fools.
 *
 * @param curves - of one model on the same images; targeted ones are left aside
 * @param own - the attack whose results are judged: only attacks in its ball are compared
 *
 * Source: A. Athalye, N. Carlini, D. Wagner, ICML 2018; N. Carlini et al., arXiv 1902.06705.
 */
export function maskingChecks(curves: readonly AttackCurve[], own: AttackSpec): MaskingCheck[] {
  const open = curves.filter((curve) => untargeted(curve) && ballOf(curve.attack) === ballOf(own))
  const of = (method: AttackMethod): AttackCurve[] =>
    open.filter(({ attack }) => attackOf(attack.kind).method === method)
  const [noise, singleStep, iterative] = [of('noise'), of('singleStep'), of('iterative')]
  const crossed = <A, B>(as: readonly A[], bs: readonly B[]): [A, B][] =>
    as.flatMap((a) => bs.map((b): [A, B] => [a, b]))
  const steps = ({ attack }: AttackCurve): number => ('steps' in attack ? attack.steps : 1)
  return [
    // The gradient at an image is the same in every ball.
    zeroGradients(curves.filter(untargeted)),
    compare(
      'randomBeatsFgsm',
      'Random noise is never stronger than FGSM',
      crossed(singleStep, noise),
      'noise against FGSM',
    ),
    compare('fgsmBeatsPgd', 'PGD is never weaker than FGSM', crossed(iterative, singleStep), 'PGD against FGSM'),
    compare(
      'moreStepsWeaker',
      'More PGD steps are never weaker',
      crossed(iterative, iterative).filter(([a, b]) => a.attack.kind === b.attack.kind && steps(a) > steps(b)),
      'PGD with more steps',
    ),
    allFooled(open.filter(follows)),
  ]
}
