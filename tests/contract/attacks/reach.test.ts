import { describe, expect, it } from 'vitest'
import { attackWarnings, reaches, type AttackSpec } from '../../../contract/index.js'

const pgd = (changes: Partial<Extract<AttackSpec, { kind: 'pgd' }>> = {}): AttackSpec => ({
  kind: 'pgd',
  norm: 2,
  target: null,
  steps: 20,
  stepSize: 0.01,
  stepSizeRatio: 0.1,
  randomStart: false,
  ...changes,
})

describe('the reach of PGD', () => {
  it('is all steps together, against the radius of the ε-ball', () => {
    expect([0.001, 0.0099, 0.01, 0.2, 0.2001, 8].map((epsilon) => reaches(pgd(), epsilon))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ])
    expect([1e-9, 1e-3].map((epsilon) => reaches(pgd({ steps: 3 }), epsilon))).toEqual([false, false])
    expect(reaches(pgd({ stepSizeRatio: 0.05 }), 0.005)).toBe(true)
  })
  it('is against the diameter after a random start', () => {
    expect([0.005, 0.1, 0.1001, 0.2].map((epsilon) => reaches(pgd({ randomStart: true }), epsilon))).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(reaches(pgd({ randomStart: true, stepSizeRatio: 0.09 }), 0.005)).toBe(false)
  })
  it('is no matter of other attacks', () => {
    expect(
      [{ kind: 'random' } as const, { kind: 'fgsm', norm: 2, target: null } as const].map((attack) => [
        reaches(attack, 8),
        attackWarnings(attack, { from: 0, to: 8 }),
      ]),
    ).toEqual([
      [true, []],
      [true, []],
    ])
  })
  it('is warned of with what to use instead', () => {
    expect(attackWarnings(pgd(), { from: 0.05, to: 8 })).toEqual([
      'At perturbation sizes ε above 0.2, 20 steps of 0.01 are shorter than the radius of the ε-ball. Images that are not fooled there are not necessarily robust. Use 800 steps, or a step size of 0.4, or a largest ε of 0.2.',
    ])
    expect(attackWarnings(pgd({ randomStart: true }), { from: 0.05, to: 0.15 })[0]).toContain('above 0.1')
    expect(attackWarnings(pgd({ steps: 5 }), { from: 1e-3, to: 5e-3 })[0]).toContain(
      'Use a relative step size of at least 0.2 ε.',
    )
    expect(attackWarnings(pgd({ steps: 5 }), { from: 1e-3, to: 1 })).toHaveLength(2)
  })
  it('covers the published sweep, and every size that it does not warn of', () => {
    expect(attackWarnings(pgd({ norm: 'linf' }), { from: 1e-6, to: 10 ** -1.5 })).toEqual([])
    for (const attack of [
      pgd(),
      pgd({ randomStart: true }),
      pgd({ steps: 7 }),
      pgd({ steps: 7, stepSizeRatio: 0.2, randomStart: true }),
      pgd({ stepSize: 1e9, stepSizeRatio: 0.25, steps: 10 }),
    ]) {
      for (const to of [1e-3, 5e-3, 0.01, 0.05, 0.1, 0.2, 0.3, 1]) {
        const sizes = Array.from({ length: 200 }, (_, index) => 1e-4 + ((to - 1e-4) * index) / 199)
        expect([attack, to, attackWarnings(attack, { from: 1e-4, to }).length > 0]).toEqual([
          attack,
          to,
          sizes.some((size) => !reaches(attack, size)),
        ])
      }
    }
  })
})
