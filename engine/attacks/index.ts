import type { AttackKind, AttackSpec } from '../../contract/index.js'
import type { AttackBatch, AttackCode, AttackTools, CertainSizes, OpenAttack } from './attack.js'
import * as members from './members.js'

export type * from './attack.js'

/** The code of every attack; one without code does not compile. */
export const ATTACK_CODE = members satisfies {
  [Kind in AttackKind]: AttackCode<Extract<AttackSpec, { kind: Kind }>>
}

/** A kind and its code fit by the type of the table. */
const codeOf = ({ kind }: AttackSpec): AttackCode<AttackSpec> => ATTACK_CODE[kind] as AttackCode<AttackSpec>

/** Opens an attack on a batch. */
export const openAttack = (batch: AttackBatch, spec: AttackSpec, tools: AttackTools): Promise<OpenAttack> =>
  codeOf(spec).open(batch, spec, tools)

/** Sizes of an attack that need not be computed; null where that cannot be known beforehand. */
export const openCertain = async (spec: AttackSpec, tools: AttackTools): Promise<CertainSizes | null> =>
  (await codeOf(spec).openCertain?.(tools)) ?? null
