import { z } from 'zod'
import type { SettingRemark } from '../family.js'
import { field } from '../field.js'
import type { RulePlace } from './definition.js'

/** Settings of rules by which units compete for each image. */
export const COMPETITION = {
  rank: field(z.int().min(2, { error: 'Rank 1 is the winning unit. Use 2 or more.' }).max(100), {
    label: 'Anti-Hebbian rank',
    symbol: 'k',
    help: 'The unit of this rank is pushed away from the image.',
    source: '2.6',
  }),
  antiHebbianStrength: field(z.number().min(0).max(10), {
    label: 'Anti-Hebbian strength',
    symbol: 'Δ',
    help: 'How strongly the unit of rank k is pushed away from the image.',
    source: '2.6',
  }),
  precision: field(z.number().positive().max(1), {
    label: 'Smallest divisor',
    help: 'Lower bound of the largest weight change, by which each step is divided.',
    source: '2.6',
    range: '> 0',
    advanced: true,
  }),
} as const

/** A rank that no unit can have. */
export const rankFaults = ({ rank }: { rank: number }, { hiddenUnits }: RulePlace): SettingRemark[] =>
  rank > hiddenUnits
    ? [{ key: 'rank', text: `There are only ${hiddenUnits} units to rank. Use ${hiddenUnits} or less.` }]
    : []
