import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import {
  assignLooks,
  dashOfLook,
  lifeIdentity,
  looksApart,
  LOOK_COLOURS,
  LOOK_DASHES,
  LOOK_SLOTS,
  modelIdentity,
  seriesIdentity,
  slotOfLook,
  type Looks,
} from '../../contract/index.js'

const request = (identity: string, label = identity) => ({ identity, label })
const id = fc.stringMatching(/^r-[0-9a-f]{8}$/)

describe('looks', () => {
  test('are given for life: whatever comes later, and in whatever order it is asked for', () => {
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 1 }), fc.uniqueArray(id), (first, later) => {
        const held = assignLooks(
          {},
          first.map((each) => request(each)),
        )
        const after = assignLooks(
          held,
          [...later, ...first].reverse().map((each) => request(each)),
        )
        for (const each of first) expect(after[each]).toBe(held[each])
      }),
    )
  })
  test('differ in colour among six, and in colour or dash among twenty-four', () => {
    const many = assignLooks(
      {},
      Array.from({ length: LOOK_SLOTS * LOOK_DASHES }, (_, index) => request(`r-${String(index).padStart(8, '0')}`)),
    )
    const looks = Object.values(many)
    expect(new Set(looks.slice(0, LOOK_SLOTS).map(slotOfLook)).size).toBe(LOOK_SLOTS)
    expect(new Set(looks).size).toBe(LOOK_SLOTS * LOOK_DASHES)
    expect(looks.slice(0, LOOK_SLOTS).map(dashOfLook)).toEqual([0, 0, 0, 0, 0, 0])
  })
  test('give the paper’s models the paper’s colours while these are free', () => {
    const looks = assignLooks({}, [
      request('r-00000001', 'mine'),
      request('r-00000002', 'Replay, demo: BP'),
      request('shlp_specreg'),
      request('r-00000003', 'KH layer, CIFAR-10'),
    ])
    expect(looks).toEqual({ 'r-00000001': 5, 'r-00000002': 1, shlp_specreg: 4, 'r-00000003': 0 })
    expect(assignLooks(looks, [request('r-00000004', 'Replay, smoke: KH')])['r-00000004']).toBe(2)
  })
  test('of names such as __proto__ are looks like others', () => {
    const looks = assignLooks({}, [request('constructor'), request('toString')])
    expect(Object.keys(looks)).toEqual(['constructor', 'toString'])
    expect(Object.values(looks)).toEqual([5, 0])
  })
})

describe('things on one chart', () => {
  test('never look alike, and not by their place in the list', () => {
    const held: Looks = { 'r-00000001': 3, 'r-00000002': 3, 'r-00000003': 3 }
    const lookOf = (each: string): number => held[each] ?? 0
    const looks = looksApart(Object.keys(held), lookOf)
    expect(new Set(looks.values()).size).toBe(3)
    expect([...looks.values()].map(slotOfLook)).toEqual([3, 3, 3])
    expect(new Map([...looksApart(Object.keys(held).reverse(), lookOf)].sort())).toEqual(new Map([...looks].sort()))
  })
})

describe('identities', () => {
  test('of models are their run, their imported name, or the content of a file', () => {
    const hash = 'abcdef0123456789ffff'
    expect(modelIdentity({ model: 'r-7f21c4a0', hash })).toBe('r-7f21c4a0')
    expect(modelIdentity({ model: 'shlp_l2', hash })).toBe('shlp_l2')
    expect(modelIdentity({ model: '/data/a/model.pty', hash })).toBe('sha256:abcdef0123456789')
    expect(modelIdentity({ model: 'C:\\model.safetensors', hash })).toBe('sha256:abcdef0123456789')
    expect(modelIdentity({ model: 'My run', hash }, (name) => (name === 'My run' ? 'r-00000001' : null))).toBe(
      'r-00000001',
    )
  })
  test('of a run and its pruned layer are one', () => expect(lifeIdentity('r-7f21c4a0/pruned')).toBe('r-7f21c4a0'))
  test('of several models are their group, or all of them in any order', () => {
    const groupOf = (run: string): string | null => (run < 'r-3' ? 'r-1' : null)
    expect(seriesIdentity(['r-2', 'r-1'], groupOf)).toBe('group:r-1')
    expect(seriesIdentity(['r-4', 'r-1'], groupOf)).toBe('set:r-1+r-4')
    expect(seriesIdentity(['x', 'x'])).toBe('x')
  })
})

test('in print have the colours of the light theme', () => {
  const tokens = readFileSync(new URL('../../renderer/styles/tokens.css', import.meta.url), 'utf8')
  expect(LOOK_COLOURS).toHaveLength(LOOK_SLOTS)
  LOOK_COLOURS.forEach((colour, slot) =>
    expect(new RegExp(`--c${slot + 1}: (#[0-9a-f]{6})`).exec(tokens)?.[1]).toBe(colour),
  )
})
