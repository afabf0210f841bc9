import type { AttackSpec, MaskingCheck } from '../../../contract/index.js'

/** An attack's curve against one model. */
export interface AttackCurve {
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

/** The largest amount by which the stronger attack leaves more images right, with its size; null where no sizes are shared. */
function worstLoss(stronger: AttackCurve, weaker: AttackCurve): { loss: number; epsilon: number; strong: number; weak: number } | null {
  let worst: ReturnType<typeof worstLoss> = null
  stronger.epsilons.forEach((epsilon, index) => {
    const weak = at(weaker, epsilon)
    const strong = stronger.relativeAccuracy[index] as number
    if (weak === null || Number.isNaN(weak) || Number.isNaN(strong)) return
    if (worst === null || strong - weak > worst.loss) worst = { loss: strong - weak, epsilon, strong, weak }
  })
  return worst
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const untargeted = ({ attack }: AttackCurve): boolean => attack.kind === 'random' || attack.target === null
const sameBall = (a: AttackSpec, b: AttackSpec): boolean => a.kind !== 'random' && b.kind !== 'random' && a.norm === b.norm

function compare(check: MaskingCheck['check'], label: string, pairs: readonly (readonly [stronger: AttackCurve, weaker: AttackCurve])[], words: string): MaskingCheck {
  const losses = pairs.flatMap(([stronger, weaker]) => worstLoss(stronger, weaker) ?? [])
  const worst = losses.reduce<(typeof losses)[number] | null>((most, each) => (most === null || each.loss > most.loss ? each : most), null)
  if (worst === null) return { check, label, passed: null, text: `Not tried: ${words} needs both on shared sizes.` }
  const passed = worst.loss <= TOLERANCE
  return { check, label, passed, text: `${passed ? 'At most' : 'Up to'} ${percent(Math.max(0, worst.loss))} more images resist the stronger attack (${percent(worst.strong)} against ${percent(worst.weak)} at ε = ${worst.epsilon.toPrecision(3)}).` }
}

/**
 * Signs that gradients are masked, so that robustness is only apparent: gradients of exactly zero, noise that fools more than the
 * gradient does, one step that fools more than many, more steps that fool fewer, and images that no size fools.
 *
 * @param curves - of one model on the same images; targeted ones are left aside
 *
 * Source: A. Athalye, N. Carlini, D. Wagner, ICML 2018; N. Carlini et al., arXiv 1902.06705.
 */
export function maskingChecks(curves: readonly AttackCurve[]): MaskingCheck[] {
  const open = curves.filter(untargeted)
  const [random, fgsm, pgd] = (['random', 'fgsm', 'pgd'] as const).map((kind) => open.filter(({ attack }) => attack.kind === kind)) as [AttackCurve[], AttackCurve[], AttackCurve[]]
  const gradients = open.flatMap(({ zeroGradients, keptImages }) => (zeroGradients === null ? [] : [{ zeroGradients, keptImages }]))
  const zeros = gradients.reduce<(typeof gradients)[number] | null>((most, each) => (most === null || each.zeroGradients > most.zeroGradients ? each : most), null)
  const crossed = <A, B>(as: readonly A[], bs: readonly B[]): [A, B][] => as.flatMap((a) => bs.map((b): [A, B] => [a, b]))
  const steps = ({ attack }: AttackCurve): number => (attack.kind === 'pgd' ? attack.steps : 1)
  const left = [...fgsm, ...pgd].map(({ relativeAccuracy }) => relativeAccuracy[relativeAccuracy.length - 1] as number).filter((share) => !Number.isNaN(share))
  const rest = left.length === 0 ? null : Math.min(...left)
  return [
    zeros === null ? { check: 'zeroGradients', label: 'No zero gradients', passed: null, text: 'Not tried: no attack followed a gradient.' }
      : { check: 'zeroGradients', label: 'No zero gradients', passed: zeros.zeroGradients === 0, text: `${zeros.zeroGradients} of ${zeros.keptImages} images have a gradient of exactly 0.` },
    // Noise of standard deviation ε per entry has the length of a maximum-norm step of size ε.
    compare('randomBeatsFgsm', 'Random noise is never stronger than FGSM', crossed(fgsm.filter(({ attack }) => attack.kind === 'fgsm' && attack.norm === 'linf'), random), 'noise against FGSM'),
    compare('fgsmBeatsPgd', 'PGD is never weaker than FGSM', crossed(pgd, fgsm).filter(([a, b]) => sameBall(a.attack, b.attack)), 'PGD against FGSM'),
    compare('moreStepsWeaker', 'More steps are never weaker', crossed(pgd, pgd).filter(([a, b]) => sameBall(a.attack, b.attack) && steps(a) > steps(b)), 'PGD with more steps'),
    rest === null ? { check: 'allFooled', label: 'All images fall at the last ε', passed: null, text: 'Not tried: no attack followed a gradient.' }
      : { check: 'allFooled', label: 'All images fall at the last ε', passed: rest <= TOLERANCE, text: `${percent(rest)} of the images resist the strongest attack at its largest size.` },
  ]
}
