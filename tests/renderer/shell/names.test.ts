import { describe, expect, it } from 'vitest'
import { commonPrefix, middleCut, nameParts, shortNames } from '../../../renderer/format/index.js'

describe('names that are too long', () => {
  it('lose the beginning that all of them share, at the end of a word', () => {
    expect(commonPrefix(['Replay, demo: KH', 'Replay, demo: BP'])).toBe('Replay, demo: ')
    expect(commonPrefix(['scenes H=400 delta=0.1', 'scenes H=400 delta=0.2'])).toBe('scenes H=400 ')
    expect(commonPrefix(['KH_seed1', 'KH_seed2'])).toBe('')
    expect(commonPrefix(['Replay, demo: KH'])).toBe('')
    expect(commonPrefix(['a run', 'a run 2'])).toBe('')
    expect(commonPrefix(['long name ', 'long name x'])).toBe('')
  })
  it('are cut in the middle, where they do not differ', () => {
    const cut = [1, 2].map((seed) => middleCut(`a very long name of an experiment, seed ${seed}`, 18))
    expect(cut).toEqual(['a very lo…, seed 1', 'a very lo…, seed 2'])
    expect(middleCut('日本語日本語日本語', 5)).toBe('日本…本語')
    expect(middleCut('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 5)).toBe('👩‍👩‍👧‍👦👩‍👩‍👧‍👦…👩‍👩‍👧‍👦👩‍👩‍👧‍👦')
    expect(middleCut('short', 18)).toBe('short')
  })
  it('stay different', () => {
    const names = Array.from(
      { length: 9 },
      (_, index) => `Replay, demo: a classifier with a long name, delta 0.${index + 1}`,
    )
    expect(new Set(shortNames(names, 12).values()).size).toBe(9)
  })
  it('have an end that a narrow field keeps', () => {
    expect(nameParts('scenes H=400 delta=0.1, seed 12')).toEqual({ head: 'scenes H=400 delt', tail: 'a=0.1, seed 12' })
    expect(nameParts('short')).toEqual({ head: 'short', tail: '' })
  })
})
