import { z } from 'zod'
import { readInteger } from '../commandOption.js'
import { field } from '../field.js'
import { parseNumberText } from '../numberText.js'

/** `linf`, `l2`, `l1.5`. @throws Error */
function readNorm(text: string): AttackNorm {
  if (text.toLowerCase() === 'linf') return 'linf'
  const number = parseNumberText(text.replace(/^l/i, '')).value
  if (number === null || !(number >= 1)) throw new Error(`Expected linf, or lP such as l2, got ${text}.`)
  return number
}

/** `next`, `leastLikely` or a class number. @throws Error */
const readTarget = (text: string): AttackTarget =>
  text === 'next' || text === 'leastLikely' ? text : readInteger(text)

const norm = field(z.union([z.literal('linf'), z.number().min(1).max(64)]), {
  label: 'Norm',
  symbol: 'p',
  help: 'Norm of the perturbation: L∞ (largest pixel change) or any Lp.',
  source: '6',
  range: 'linf or 1 to 64',
  cli: {
    flag: '--norm <norm>',
    help: 'norm of the perturbation: linf, l2 or any lP',
    read: readNorm,
    write: (value) => (value === 'linf' ? 'linf' : `l${String(value)}`),
  },
})
const target = field(z.union([z.enum(['next', 'leastLikely']), z.int().min(0).max(255)]).nullable(), {
  label: 'Target',
  help: 'Leave empty for an untargeted attack, or choose the target: the next class, the least likely class, or a class number.',
  source: '6',
  empty: 'untargeted',
  range: 'next, leastLikely or a class number',
  cli: {
    flag: '--target <class>',
    help: 'target class: next, leastLikely or a class number; default: untargeted',
    read: readTarget,
  },
})
export type AttackNorm = z.infer<typeof norm>
export type AttackTarget = z.infer<typeof target>

/** Settings of every attack that searches a ball for one class or away from another. */
export const AIM = { norm, target } as const
