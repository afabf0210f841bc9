import {
  attackOf,
  attackOfMethod,
  type AttackKind,
  type AttackMethod,
  type AttackSpec,
  type MaskingCheck,
} from '../../../contract/index.js'

/** An attack that a masking check lacks. */
export interface MissingAttack {
  kind: AttackKind
  /** Steps of an iterative attack; null for the usual number. */
  steps: number | null
}

/**
 * The attack on the same models and images that a masking check still needs.
 *
 * @param attack - of the sweep on screen
 * @returns null if another attack would not help
 */
export function attackForCheck(check: MaskingCheck['check'], attack: AttackSpec): MissingAttack | null {
  const usual = (method: AttackMethod): MissingAttack => ({ kind: attackOfMethod(method).kind, steps: null })
  const { method } = attackOf(attack.kind)
  switch (check) {
    case 'zeroGradients':
      return method === 'noise' ? usual('singleStep') : null
    case 'randomBeatsFgsm':
      return usual(method === 'noise' ? 'singleStep' : 'noise')
    case 'fgsmBeatsPgd':
      return usual(method === 'iterative' ? 'singleStep' : 'iterative')
    case 'moreStepsWeaker':
      return 'steps' in attack ? { kind: attack.kind, steps: 4 * attack.steps } : usual('iterative')
    case 'allFooled':
      return null
  }
}

/** Address of the form of that sweep, filled in from the sweep on screen. */
export const missingSweepPath = (id: string, { kind, steps }: MissingAttack): string =>
  `/robustness/new?from=${id}&attack=${kind}${steps === null ? '' : `&steps=${steps}`}`
