import { encode } from '@msgpack/msgpack'
import { describe, expect, it } from 'vitest'
import type { Frame } from '../../contract/index.js'
import { decodeFrame, encodeFrame, REQUEST_BUDGET } from '../../contract/link/index.js'

const call = (input: unknown): Frame => ({ tag: 'call', id: 1, name: 'run.get', input }) as Frame

describe('a message on the link', () => {
  it('of any kind of value is counted and read', () => {
    const values = [
      null,
      true,
      false,
      0,
      127,
      128,
      256,
      70_000,
      5e9,
      -1,
      -33,
      -200,
      -40_000,
      -3e9,
      0.5,
      1e300,
      '',
      'a'.repeat(31),
      'b'.repeat(32),
      'c'.repeat(300),
      'd'.repeat(70_000),
      [],
      {},
      undefined,
    ]
    const arrays = [0, 1, 2, 4, 8, 16, 17, 300, 70_000].map((length) => new Uint8Array(length))
    const frame = call({
      values,
      arrays,
      floats: Float32Array.of(1, 2),
      long: Array.from({ length: 70_000 }, (_, index) => index % 3),
      many: Object.fromEntries(Array.from({ length: 70_000 }, (_, index) => [`k${index}`, 1])),
    })
    expect(decodeFrame(encodeFrame(frame), REQUEST_BUDGET)).toEqual(frame)
  })
  it.each([
    ['nested lists', Buffer.alloc(20_000_000, 0x91)],
    ['a list of nothing', Buffer.concat([Buffer.of(0xdd, 0x03, 0x93, 0x87, 0x00), Buffer.alloc(60_000_000, 0xc0)])],
    ['maps of maps', Buffer.alloc(1_000_000, Buffer.of(0x81, 0xa1, 0x61))],
    ['many empty lists', encode(Array.from({ length: 600_000 }, () => []))],
  ])('of %s is refused before anything is made of it', (_, bytes) => {
    expect(() => decodeFrame(bytes, REQUEST_BUDGET)).toThrow(
      expect.objectContaining({
        code: 'value.range',
        message: expect.stringMatching(/more than 500000 values|more than 64 levels/) as string,
      }) as Error,
    )
  })
  it.each([
    ['nothing', ''],
    ['a length that is not there', '\xdd\xff\xff\xff\xff'],
    ['an unknown type', '\xc1'],
    ['half a number', '\xcb\x00'],
  ])('of %s is no frame', (_, text) => {
    expect(() => decodeFrame(Buffer.from(text, 'latin1'), REQUEST_BUDGET)).toThrow(
      expect.objectContaining({ code: 'internal' }) as Error,
    )
  })
})
