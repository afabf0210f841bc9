import { describe, expect, it } from 'vitest'
import {
  attackOf,
  ATTACKS,
  attackSpec,
  describeAttack,
  fieldMeta,
  isPaperAim,
  normOf,
  optionWords,
  settingOptions,
  targetOf,
  type AttackSpec,
} from '../../../contract/index.js'

describe.each(ATTACKS.map((attack) => [attack.kind, attack] as const))('the definition of %s', (kind, attack) => {
  it('has first settings that its schema takes, and no others', () => {
    expect(attackSpec.parse(attack.first)).toEqual(attack.first)
    expect(Object.keys(attack.first).sort()).toEqual(['kind', ...Object.keys(attack.settings)].sort())
    expect(() => attackSpec.parse({ ...attack.first, another: 1 })).toThrow('another')
  })
  it('names every setting for forms and the command line', () => {
    for (const [key, schema] of Object.entries(attack.settings))
      expect(fieldMeta(schema), `${kind}.${key}`).toMatchObject({
        label: expect.any(String),
        help: expect.stringMatching(/\.$/),
        cli: { flag: expect.stringMatching(/^--[a-z-]+( <[a-z]+>)?$/) },
      })
  })
  it('has words of its own: no label, title or row of another', () => {
    for (const word of ['label', 'title', 'figureRow', 'summary'] as const)
      expect(ATTACKS.filter((other) => other[word] === attack[word])).toHaveLength(1)
  })
  it('reads back what it writes on a command line', () => {
    const usual = Object.fromEntries(settingOptions(attack.settings).map(({ key }) => [key, undefined]))
    for (const { key, isSwitch, read = Number, write = String } of settingOptions(attack.settings)) {
      const value = (attack.first as Record<string, unknown>)[key]
      if (isSwitch || value === null) continue
      expect(read(write(value)), `${kind}.${key}`).toEqual(value)
    }
    expect(optionWords(attack.settings, attack.first, attack.first, String)).toEqual([])
    expect(optionWords(attack.settings, attack.first, usual, String).length).toBe(
      Object.values(attack.first).filter((value) => value !== null && value !== false && value !== kind).length,
    )
  })
})

describe('attacks of one kind are asked by traits', () => {
  const pgd: AttackSpec = {
    ...(attackOf('pgd').first as Extract<AttackSpec, { kind: 'pgd' }>),
    norm: 2,
    target: 'next',
    steps: 7,
  }
  it('norm and target, where there are any', () => {
    expect([normOf(pgd), targetOf(pgd), isPaperAim(pgd)]).toEqual([2, 'next', false])
    const noise = attackOf('random').first
    expect([normOf(noise), targetOf(noise), isPaperAim(noise)]).toEqual([null, null, true])
  })
  it('names with the settings that matter', () => {
    expect([pgd, attackOf('fgsm').first, attackOf('random').first].map(describeAttack)).toEqual([
      'PGD of 7 steps',
      'FGSM',
      'noise',
    ])
  })
})
