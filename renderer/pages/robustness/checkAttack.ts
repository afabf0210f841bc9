import type { AttackKind, AttackSpec, MaskingCheck } from '../../../contract/index.js'

/** An attack that a masking check lacks. */
export interface MissingAttack {
  kind: AttackKind
  /** Steps of PGD; null for its usual number. */
  steps: number | null
}

/**
 * The attack on the same models and images that a masking check still needs.
 *
 * @param attack - of the sweep on screen
 * @returns null if another attack would not help
 */
export function attackForCheck(check: MaskingCheck['check'], attack: AttackSpec): MissingAttack | null {
  const usual = (kind: AttackKind): MissingAttack => ({ kind, steps: null })
  switch (check) {
    case 'zeroGradients': return attack.kind === 'random' ? usual('fgsm') : null
    case 'randomBeatsFgsm': return usual(attack.kind === 'random' ? 'fgsm' : 'random')
    case 'fgsmBeatsPgd': return usual(attack.kind === 'pgd' ? 'fgsm' : 'pgd')
    case 'moreStepsWeaker': return attack.kind === 'pgd' ? { kind: 'pgd', steps: 4 * attack.steps } : usual('pgd')
    case 'allFooled': return null
  }
}

/** Address of the form of that sweep, filled in from the sweep on screen. */
export const missingSweepPath = (id: string, { kind, steps }: MissingAttack): string => `/robustness/new?from=${id}&attack=${kind}${steps === null ? '' : `&steps=${steps}`}`
