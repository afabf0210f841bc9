/** Numbers of a run under an attack. */
export const ATTACK_NUMBERS = ['criticalNorm', 'halfEpsilon'] as const
export type AttackNumber = (typeof ATTACK_NUMBERS)[number]

const FORM = new RegExp(`^(${ATTACK_NUMBERS.join('|')}):([0-9a-f]{8})$`)

/** A measure that is a number under an attack: `criticalNorm:1f3a90c2`, with the key of attack, images and sizes. */
export interface AttackMeasure {
  number: AttackNumber
  key: string
}

/** Reads such a measure; null for a column of the library. */
export function attackMeasureOf(name: string): AttackMeasure | null {
  const [, number, key] = FORM.exec(name) ?? []
  const known = ATTACK_NUMBERS.find((one) => one === number)
  return known === undefined || key === undefined ? null : { number: known, key }
}

export const attackMeasureName = ({ number, key }: AttackMeasure): string => `${number}:${key}`
