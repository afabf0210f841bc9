import { describe, expect, it } from 'vitest'
import { readNpy, readSafetensors, writeNpy, writeSafetensors } from '../../../lab/formats/index.js'

describe('NumPy files', () => {
  const arrays = [
    Float32Array.of(1.5, -2, NaN, 4, 5, Infinity),
    Float64Array.of(1 / 3, 2, 3, 4, 5, 6),
    Int32Array.of(-1, 2, 3, 4, 5, 2 ** 31 - 1),
    Uint8Array.of(0, 255, 1, 2, 3, 4),
  ]
  it.each(arrays.map((data) => [data.constructor.name, data] as const))('%s comes back bit by bit', (_, data) => {
    expect(readNpy(writeNpy({ data, shape: [2, 3] }))).toEqual({ data, shape: [2, 3] })
    expect(readNpy(writeNpy({ data, shape: [6] }))).toEqual({ data, shape: [6] })
  })
  it('are refused when cut anywhere, or of another kind', () => {
    const bytes = writeNpy({ data: Float32Array.of(1, 2, 3), shape: [3] })
    for (let length = 0; length < bytes.length; length++)
      expect(() => readNpy(bytes.subarray(0, length))).toThrow(expect.objectContaining({ code: 'file.damaged' }))
    expect(() => readNpy(new TextEncoder().encode('not an array at all'))).toThrow(/NumPy/)
    expect(() => writeNpy({ data: Float32Array.of(1), shape: [2] })).toThrow(/expected 2 entries/)
  })
})

describe('safetensors files', () => {
  const tensors = {
    weights: { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] },
    bias: { data: Float32Array.of(-1), shape: [1] },
  }
  it('come back bit by bit, with their texts', () => {
    expect(readSafetensors(writeSafetensors(tensors, { type: 'FKHL3' }))).toEqual({
      tensors,
      metadata: { type: 'FKHL3' },
    })
  })
  it('are refused when cut anywhere', () => {
    const bytes = writeSafetensors(tensors)
    for (let length = 0; length < bytes.length; length++)
      expect(() => readSafetensors(bytes.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'file.damaged' }),
      )
  })
  it.each([
    [
      'overlap',
      { a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] }, b: { dtype: 'F32', shape: [2], data_offsets: [4, 12] } },
    ],
    [
      'a hole',
      { a: { dtype: 'F32', shape: [1], data_offsets: [4, 8] }, b: { dtype: 'F32', shape: [1], data_offsets: [8, 12] } },
    ],
    ['a type that does not fit its bytes', { a: { dtype: 'F16', shape: [6], data_offsets: [0, 24] } }],
    ['a range that is not its shape', { a: { dtype: 'F32', shape: [4], data_offsets: [0, 12] } }],
  ])('are refused for %s', (_, header) => {
    const text = JSON.stringify(header).padEnd(160)
    const bytes = new Uint8Array(8 + text.length + 12)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
    bytes.set(new TextEncoder().encode(text), 8)
    expect(() => readSafetensors(bytes)).toThrow(expect.objectContaining({ code: 'file.damaged' }))
  })
})
