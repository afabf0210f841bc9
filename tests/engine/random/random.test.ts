import { describe, expect, it } from 'vitest'
import { philox4x32, randomStream } from '../../../engine/random/index.js'

const hex = (words: Uint32Array): string => Array.from(words, (word) => word.toString(16).padStart(8, '0')).join(' ')

describe('Philox4x32-10', () => {
  // Known-answer vectors published with Random123 (kat_vectors, philox4x32 10).
  it.each([
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ] as const)('of counter %j and key %j', (counter, key, expected) => {
    const words = Uint32Array.from(counter)
    philox4x32(words, key[0], key[1])
    expect(hex(words)).toBe(expected)
  })
})

describe('random streams', () => {
  it('repeat for the same key and differ in seed, purpose and counters', () => {
    const take = (...key: Parameters<typeof randomStream>): number[] => {
      const stream = randomStream(...key)
      return Array.from({ length: 8 }, () => stream.uint32())
    }
    expect(take(1, 'weights')).toEqual(take(1, 'weights'))
    const others = [take(2, 'weights'), take(1, 'shuffle'), take(1, 'weights', 1), take(1, 'weights', 0, 1)]
    for (const other of others) expect(other).not.toEqual(take(1, 'weights'))
  })

  it('normal numbers have mean 0, variance 1 and normal tails', () => {
    const values = new Float32Array(200_000)
    randomStream(7, 'test').fillNormal(values, 1)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / values.length
    // Standard errors: 1/sqrt(n) = 0.0022, sqrt(2/n) = 0.0032, sqrt(q(1-q)/n) = 0.0005 with q = 0.0455; five of each.
    expect(Math.abs(mean)).toBeLessThan(0.012)
    expect(Math.abs(variance - 1)).toBeLessThan(0.016)
    expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(0.0025)
  })

  it('permutations hold every number once', () => {
    const order = randomStream(3, 'shuffle', 9).permutation(1000)
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, index) => index))
    expect([...order.slice(0, 10)]).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})
