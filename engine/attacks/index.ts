import type { AttackKind, AttackSpec } from '../../contract/index.js'
import type { Attack, AttackBatch, AttackTools, OpenAttack } from './attack.js'
import { fgsm } from './fgsm.js'
import { pgd } from './pgd.js'
import { randomPerturbation } from './randomPerturbation.js'

export type * from './attack.js'

/** Every attack. */
export const ATTACKS = { random: randomPerturbation, fgsm, pgd } as const satisfies { [Kind in AttackKind]: Attack<Extract<AttackSpec, { kind: Kind }>> }

/** Whether an attack of this kind clamps, and whether its sizes lie on one line. */
export const attackTraits = ({ kind }: AttackSpec): Pick<Attack<AttackSpec>, 'clamps' | 'straight'> => ATTACKS[kind]

/** Opens an attack on a batch. */
export function openAttack(batch: AttackBatch, spec: AttackSpec, tools: AttackTools): Promise<OpenAttack> {
  switch (spec.kind) {
    case 'random': return ATTACKS.random.open(batch, spec, tools)
    case 'fgsm': return ATTACKS.fgsm.open(batch, spec, tools)
    case 'pgd': return ATTACKS.pgd.open(batch, spec, tools)
  }
}
