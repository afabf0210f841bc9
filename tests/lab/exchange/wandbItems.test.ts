import { describe, expect, it } from 'vitest'
import { isInside, itemsOf, mediaOf, numbersOf } from '../../../lab/exchange/wandbItems.js'
import { joined, proto } from '../../../lab/exchange/protobuf.js'

/** A record with items of these keys and JSON texts. */
const record = (...items: [path: string[], json: string][]): Uint8Array =>
  joined(
    items.map(([[key = '', ...nested], json]) =>
      proto.message(1, proto.text(1, key), ...nested.map((part) => proto.text(2, part)), proto.text(16, json)),
    ),
  )
const valueOf = (json: string): unknown => itemsOf(record([['a'], json]))[0]?.value

describe('values of W&B', () => {
  it('are JSON with NaN and infinities', () => {
    expect(['NaN', 'Infinity', '-Infinity', '1e-400', '"NaN"', 'true'].map(valueOf)).toEqual([
      NaN,
      Infinity,
      -Infinity,
      0,
      'NaN',
      true,
    ])
  })
  it('that are broken, too long or nested too deep are none', () => {
    expect(valueOf('{"a": ')).toBeUndefined()
    expect(valueOf(`"${'x'.repeat(2 ** 20)}"`)).toBeUndefined()
    expect(valueOf('['.repeat(100_000) + ']'.repeat(100_000))).toBeUndefined()
    expect(valueOf('['.repeat(100) + ']'.repeat(100))).toBeDefined()
  })
  it('of media are not measures, those beside them are', () => {
    const items = itemsOf(record([['h', '_type'], '"histogram"'], [['h', 'bins'], '[1]'], [['x', 'y'], '2']))
    const media = mediaOf(items)
    expect(items.filter(({ path }) => !isInside(path, media)).map(({ path }) => path)).toEqual([['x', 'y']])
    const found: [string, number][] = []
    numbersOf('a', { b: 1, c: { d: true, e: 'text' }, f: { _type: 'image', size: 3 } }, (...one) => found.push(one))
    expect(found).toEqual([
      ['a.b', 1],
      ['a.c.d', 1],
    ])
  })
})
