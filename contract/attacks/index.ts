import { z } from 'zod'
import { memberByKind, type SchemasOf } from '../family.js'
import type { SizeGrid } from '../probe.js'
import type { AttackNorm, AttackTarget } from './aim.js'
import type { AttackDefinition, AttackFact, AttackMethod } from './definition.js'
import { fgsm } from './fgsm.js'
import { pgd } from './pgd.js'
import { random } from './random.js'

export type { AttackDefinition, AttackFact, AttackMethod, AttackNorm, AttackTarget }
export { pgdStepLength } from './pgd.js'

/** Every attack, in the order in which forms and tables list them. */
export const ATTACKS = [random, fgsm, pgd] as const

/** Every attack with its settings. */
export const attackSpec = z.discriminatedUnion(
  'kind',
  ATTACKS.map(({ schema }) => schema) as unknown as SchemasOf<typeof ATTACKS>,
)
export type AttackSpec = z.infer<typeof attackSpec>
export type AttackKind = AttackSpec['kind']

/** A definition without the type of its own settings. */
export type AnyAttack = Omit<AttackDefinition<AttackKind, z.ZodRawShape>, 'first' | 'schema'> & {
  readonly schema: z.ZodObject
  readonly first: AttackSpec
}

const MEMBERS = ATTACKS as unknown as readonly AnyAttack[]

/** Names of the attacks, as on the command line. */
export const ATTACK_KINDS: readonly AttackKind[] = MEMBERS.map(({ kind }) => kind)

/** The definition of a kind. */
export const attackOf = memberByKind<AttackKind, AnyAttack>(MEMBERS, 'attack')

/** The attack that represents a method in checks: the first of the list. */
export function attackOfMethod(method: AttackMethod): AnyAttack {
  const found = MEMBERS.find((attack) => attack.method === method)
  if (found === undefined) throw new RangeError(`there is no attack of the method ${method}`)
  return found
}

/** Whether an attack draws random numbers, so that seeds make a difference. */
export const drawsNumbers = (attack: AttackSpec): boolean => attackOf(attack.kind).drawsNumbers(attack)

/** The norm whose ball an attack searches; null for an attack without one. */
export const normOf = (attack: AttackSpec): AttackNorm | null => ('norm' in attack ? attack.norm : null)

/** The class that an attack aims at; null where every wrong class will do. */
export const targetOf = (attack: AttackSpec): AttackTarget => ('target' in attack ? attack.target : null)

/** An attack in a sentence: `PGD of 20 steps`. */
export const describeAttack = (attack: AttackSpec): string => attackOf(attack.kind).describe(attack)

/** Lines about an attack besides norm and target. */
export const attackFacts = (attack: AttackSpec, text: (value: number) => string): AttackFact[] =>
  attackOf(attack.kind).facts(attack, text)

/** Whether an attack can come to every point of its ball; where it cannot, images that resist need not be robust. */
export const reaches = (attack: AttackSpec, epsilon: number): boolean => attackOf(attack.kind).reaches(attack, epsilon)

/**
 * What to know before the results of an attack are read.
 *
 * @param grid - the sizes, or one size as both ends
 * @returns full sentences; none for an attack that can fill its balls
 */
export const attackWarnings = (attack: AttackSpec, grid: Pick<SizeGrid, 'from' | 'to'>): string[] =>
  attackOf(attack.kind).warnings(attack, grid)

/** Why a size is none of this attack: normalised pixels lie in [0, 1], so in the maximum norm nothing above 1 is left of it; null where it is one. */
export function sizeFault(attack: AttackSpec, size: number): string | null {
  if (normOf(attack) !== 'linf' || size <= 1) return null
  return `expected ε from 0 to 1 in the L∞ norm, got ${size}${Number.isInteger(size) && size <= 255 ? `; did you mean ${size}/255 = ${Number((size / 255).toPrecision(3))}?` : ''}`
}

/** Whether an attack is the untargeted one in the maximum norm, or without a norm, that the paper uses. */
export const isPaperAim = (attack: AttackSpec): boolean =>
  targetOf(attack) === null && (normOf(attack) ?? 'linf') === 'linf'
