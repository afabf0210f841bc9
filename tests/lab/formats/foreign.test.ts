import { zipSync } from 'fflate'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { LabError, type ModelRecord } from '../../../contract/index.js'
import { readModelFile, readNpy, writeModelFile, writeNpy } from '../../../lab/formats/index.js'
import { npyBytes } from '../../../lab/formats/npy.js'
import { openZipBytes } from '../../../lab/formats/zip.js'
import { goldenModels } from './goldenModels.js'

const latin = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
const fileOf = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`files/${name}`, import.meta.url))))
const refusal = (code: string, words: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(words) as string }) as LabError

const perceptron = (): ModelRecord => {
  const found = goldenModels().find(({ record }) => record.facts.type === 'SHLP' && !record.facts.batchNorm)
  if (found === undefined) throw new Error('there is no golden perceptron')
  return found.record
}

/** A zip with one file replaced, or more beside it. */
function rezipped(
  bytes: Uint8Array,
  changed: Readonly<Record<string, (old: Uint8Array) => Uint8Array>>,
  more: Readonly<Record<string, Uint8Array>> = {},
): Uint8Array {
  const zip = openZipBytes(bytes)
  return zipSync(
    {
      ...Object.fromEntries(
        zip.names.map((name) => [name, (changed[name] ?? ((old: Uint8Array) => old))(zip.read(name))]),
      ),
      ...more,
    },
    { level: 0 },
  )
}

/** Bits of a float32 as float16 or bfloat16, for numbers that these types hold exactly. */
function halfBits(value: number): number {
  if (value === 0) return 0
  const exponent = Math.floor(Math.log2(Math.abs(value)))
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024)
}
const brainBits = (value: number): number => (new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0) >>> 16

const NUMBERS = [1.5, -2, 0, 0.25, 3, -0.125, 64, 1]
const ENCODED: Readonly<Record<string, Uint8Array>> = {
  F64: new Uint8Array(Float64Array.from(NUMBERS).buffer),
  F32: new Uint8Array(Float32Array.from(NUMBERS).buffer),
  F16: new Uint8Array(Uint16Array.from(NUMBERS, halfBits).buffer),
  BF16: new Uint8Array(Uint16Array.from(NUMBERS, brainBits).buffer),
}

/** A safetensors file of a Linear model, 2 classes and 4 inputs, in any type. */
function linear(dtype: string, weights: Uint8Array, metadata: unknown = { type: 'Linear', classes: '2' }): Uint8Array {
  const bias = new Uint8Array(Float32Array.of(1, 2).buffer)
  const header = latin(
    JSON.stringify({
      __metadata__: metadata,
      weights: { dtype, shape: [2, 4], data_offsets: [0, weights.length] },
      bias: { dtype: 'F32', shape: [2], data_offsets: [weights.length, weights.length + 8] },
    }),
  )
  return Buffer.concat([new Uint8Array(BigUint64Array.of(BigInt(header.length)).buffer), header, weights, bias])
}

describe('safetensors of others', () => {
  it.each(Object.entries(ENCODED))('numbers of type %s are read (M1)', (dtype, bytes) => {
    expect([...readModelFile(linear(dtype, bytes)).tensors.weights]).toEqual(NUMBERS)
  })
  it('whole numbers are read too, and numbers of 8 bits are refused by their name', () => {
    expect([
      ...readModelFile(linear('I64', new Uint8Array(BigInt64Array.from([1n, -2n, 3n, 4n, 5n, 6n, 7n, 8n]).buffer)))
        .tensors.weights,
    ]).toEqual([1, -2, 3, 4, 5, 6, 7, 8])
    expect([
      ...readModelFile(linear('I8', new Uint8Array(Int8Array.of(1, -2, 3, 4, 5, 6, 7, 8).buffer))).tensors.weights,
    ]).toEqual([1, -2, 3, 4, 5, 6, 7, 8])
    expect(() => readModelFile(linear('F8_E4M3', new Uint8Array(8)))).toThrow(
      refusal('model.foreign', /expected elements of F64, F32.* in weights, got F8_E4M3/),
    )
  })
  it.each([[null], [{}]])('metadata that are %j are none (M4)', (metadata) => {
    expect(() => readModelFile(linear('F32', ENCODED['F32'] ?? new Uint8Array(0), metadata))).toThrow(
      refusal('model.foreign', /expected the type of the model/),
    )
  })
  it('names that JavaScript gives a meaning are names', () => {
    const header = latin(
      '{"__proto__": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "__metadata__": {"type": "Linear", "classes": "2", "constructor": "x"}}',
    )
    const bytes = Buffer.concat([
      new Uint8Array(BigUint64Array.of(BigInt(header.length)).buffer),
      header,
      new Uint8Array(4),
    ])
    expect(() => readModelFile(bytes)).toThrow(refusal('model.foreign', /constructor/))
  })
})

describe('NumPy files of others (M2, M3)', () => {
  const file = (dictionary: string, content: Uint8Array, version = 1): Uint8Array => {
    const length =
      version === 1
        ? new Uint8Array(Uint16Array.of(dictionary.length).buffer)
        : new Uint8Array(Uint32Array.of(dictionary.length).buffer)
    return Buffer.concat([latin(`\x93NUMPY${String.fromCharCode(version)}\x00`), length, latin(dictionary), content])
  }
  const dictionary = (descr: string, fortran: boolean, shape: string): string =>
    `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }\n`
  const int16 = (values: readonly number[], little: boolean): Uint8Array => {
    const view = new DataView(new ArrayBuffer(2 * values.length))
    values.forEach((value, index) => view.setInt16(2 * index, value, little))
    return new Uint8Array(view.buffer)
  }
  it.each([
    [
      'Fortran order',
      file(dictionary('<f4', true, '(2, 3)'), new Uint8Array(Float32Array.of(1, 4, 2, 5, 3, 6).buffer)),
    ],
    [
      'int64',
      file(dictionary('<i8', false, '(2, 3)'), new Uint8Array(BigInt64Array.of(1n, 2n, 3n, 4n, 5n, 6n).buffer)),
    ],
    [
      'float16',
      file(dictionary('<f2', false, '(2, 3)'), new Uint8Array(Uint16Array.from([1, 2, 3, 4, 5, 6], halfBits).buffer)),
    ],
    ['big-endian', file(dictionary('>i2', false, '(2, 3)'), int16([1, 2, 3, 4, 5, 6], false))],
    ['big-endian in Fortran order', file(dictionary('>i2', true, '(2, 3)'), int16([1, 4, 2, 5, 3, 6], false))],
    ['int8', file(dictionary('|i1', false, '(2, 3)'), Uint8Array.of(1, 2, 3, 4, 5, 6))],
    [
      'header of version 2',
      file(dictionary('<f4', false, '(2, 3)'), new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer), 2),
    ],
    [
      'header of version 3',
      file(dictionary('<f8', false, '(2, 3)'), new Uint8Array(Float64Array.of(1, 2, 3, 4, 5, 6).buffer), 3),
    ],
    [
      'sizes of Python 2',
      file(dictionary('<f4', false, '(2L, 3L)'), new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer)),
    ],
    [
      'double quotes and another order',
      file(
        '{"shape": (2, 3), "fortran_order": False, "descr": "<f4"}\n',
        new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer),
      ),
    ],
  ])('%s', (_, bytes) => {
    const { data, shape } = readNpy(bytes)
    expect([...shape]).toEqual([2, 3])
    expect(Array.from(data)).toEqual([1, 2, 3, 4, 5, 6])
  })
  it('truth values are 0 and 1', () =>
    expect(readNpy(file(dictionary('|b1', false, '(3,)'), Uint8Array.of(1, 0, 7)))).toEqual({
      data: Uint8Array.of(1, 0, 1),
      shape: [3],
    }))
  it.each([
    ['complex numbers', dictionary('<c8', false, '(1,)')],
    ['long doubles', dictionary('<f16', false, '(1,)')],
    ['dates', "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (1,), }\n"],
    ['fields', "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }\n"],
    ['objects', dictionary('|O', false, '(1,)')],
  ])('%s are refused by their name', (_, header) =>
    expect(() => readNpy(file(header, new Uint8Array(16)))).toThrow(
      refusal('model.foreign', /expected numbers, got elements of type/),
    ),
  )
  it('headers that NumPy refuses are refused (M11)', () => {
    expect(() =>
      readNpy(file("{'descr': '<f4', 'fortran_order': False, 'shape': (np.int64(4),), }\n", new Uint8Array(16))),
    ).toThrow(refusal('file.damaged', /header of a NumPy array, got/))
  })
})

describe('.npz files of others (M3, M5)', () => {
  const record = perceptron()
  const bytes = writeModelFile(record, 'npz')
  it('sizes of Python 2 and texts of bytes are read', () => {
    const python2 = (old: Uint8Array): Uint8Array =>
      latin(textOf(old).replace(/'shape': \((\d+), (\d+)\), \} {2}/, "'shape': ($1L, $2L), }"))
    const asBytes = (): Uint8Array => npyBytes('|S4', [], latin('SHLP'))
    const changed = rezipped(bytes, { 'weights.npy': python2, 'type.npy': asBytes })
    expect(textOf(openZipBytes(changed).read('weights.npy'))).toContain('L, ')
    expect(readModelFile(changed)).toEqual(record)
  })
  it('what macOS and Windows put beside the arrays is passed over', () => {
    expect(
      readModelFile(
        rezipped(
          bytes,
          {},
          {
            '__MACOSX/._weights.npy': latin('\x00\x05\x16\x07Mac OS X'),
            '.DS_Store': latin('Bud1'),
            'Thumbs.db': latin('x'),
            '._bias.npy': latin('x'),
          },
        ),
      ),
    ).toEqual(record)
    const torch = fileOf('khmodel.2.15.pty')
    expect(readModelFile(rezipped(torch, {}, { '__MACOSX/khmodel/._data.pkl': latin('\x00\x05\x16\x07') }))).toEqual(
      readModelFile(torch),
    )
  })
})

describe('checkpoints of others (M6, M7, prefixes and wrappers)', () => {
  const torch = fileOf('shlp_norm.2.15.pty')
  const record = readModelFile(torch)
  const zip = openZipBytes(torch)
  const pickleName = zip.names.find((name) => name.endsWith('data.pkl')) ?? ''
  const pickle = textOf(zip.read(pickleName))
  const withPickle = (text: string): Uint8Array => rezipped(torch, { [pickleName]: () => latin(text) })
  const unicode = (text: string): string => `X${String.fromCharCode(text.length, 0, 0, 0)}${text}`
  /** The pickle of an object around the state dictionary; the memo of the state is left as it is. */
  const wrapped = (before: string, after: string): Uint8Array =>
    withPickle(`${pickle.slice(0, 2)}${before}${pickle.slice(2, -1)}${after}.`)
  const date = `cdatetime\ndatetime\nc_codecs\nencode\n(${unicode('\x07ab')}${unicode('latin1')}tR\x85R`

  it.each([
    ['a date', date],
    [
      'a NumPy array of objects',
      `cnumpy._core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85${unicode('b')}tRK\x01b`,
    ],
    ['a Namespace', `cargparse\nNamespace\n)\x81}${unicode('lr')}K\x01sb`],
    ['a class of a script', `c__main__\nConfig\n)\x81}${unicode('lr')}K\x01sb`],
    ['a defaultdict', `ccollections\ndefaultdict\nc__builtin__\nlist\n\x85R${unicode('a')}K\x01s`],
    ['a set', '\x8f(K\x01K\x02\x90'],
    ['a path', `cpathlib\nPosixPath\n(${unicode('/tmp')}tR`],
    ['a type of torch', 'ctorch\nfloat32\n'],
  ])('%s beside the model is passed over (M6)', (_, beside) => {
    expect(readModelFile(wrapped(`}(${unicode('when')}${beside}${unicode('model_state_dict')}`, 'u'))).toEqual(record)
  })
  it.each([
    ['a function of the system', 'cposix\nsystem\n'],
    ['eval', 'c__builtin__\neval\n'],
    ['a loader', 'ctorch\nload\n'],
    ['the same of Windows', 'cnt\nsystem\n'],
  ])('%s beside the model is refused, called or not', (_, beside) => {
    expect(() => readModelFile(wrapped(`}(${unicode('when')}${beside}${unicode('model_state_dict')}`, 'u'))).toThrow(
      refusal('model.unsafePickle', /no code was executed/),
    )
  })
  it('a NumPy scalar among the facts is a number, in either order of bytes', () => {
    const scalar = (order: string, bytes: string): string =>
      `cnumpy._core.multiarray\nscalar\ncnumpy\ndtype\n(${unicode('f8')}\x89\x88tR(K\x03U\x01${order}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tbc_codecs\nencode\n(${unicode(bytes)}${unicode('latin1')}tR\x86R`
    // A power of two has one byte that is not ASCII at most, so that it can be written as one in UTF-8.
    const exponent = 'activationExponent' in record.facts ? record.facts.activationExponent : NaN
    const fact = /X\x01\x00\x00\x00n(q.)?G.{8}/s.exec(pickle)?.[0] ?? ''
    expect(fact).not.toBe('')
    const big = Buffer.alloc(8)
    big.writeDoubleBE(exponent)
    const utf8 = (bytes: Uint8Array): string =>
      textOf(bytes).replace(
        /[\x80-\xff]/g,
        (letter) => `${String.fromCharCode(0xc0 | (letter.charCodeAt(0) >> 6), 0x80 | (letter.charCodeAt(0) & 63))}`,
      )
    for (const [order, bytes] of [
      ['>', big],
      ['<', Buffer.from(big).reverse()],
    ] as const)
      expect(readModelFile(withPickle(pickle.replace(fact, `${unicode('n')}${scalar(order, utf8(bytes))}`)))).toEqual(
        record,
      )
  })
  it('an object where a number should be is refused by its name, with how to save the model', () => {
    const fact = /X\x01\x00\x00\x00n(q.)?G.{8}/s.exec(pickle)?.[0] ?? ''
    expect(() => readModelFile(withPickle(pickle.replace(fact, `${unicode('n')}${date}`)))).toThrow(
      refusal(
        'model.foreign',
        /expected a number n in pSet.*got datetime\.datetime; the file contains W \(27 x 12\),.*torch\.save\(model\.state_dict\(\), "model\.pty"\)/,
      ),
    )
  })
  it.each(['state_dict', 'model', 'module', 'model_state_dict'])(
    'a checkpoint with the model under %s is read',
    (name) => {
      expect(readModelFile(wrapped(`}(${unicode('epoch')}K\x03${unicode(name)}`, 'u'))).toEqual(record)
    },
  )
  it.each(['module.', '_orig_mod.', 'model.', 'module._orig_mod.'])('names that begin with %s are read', (prefix) => {
    // Names are memorised in place, so that they can be changed in place.
    const names = [
      'W',
      'dense.0.weight',
      'dense.0.bias',
      'dense.0.running_mean',
      'dense.0.running_var',
      'dense.0.num_batches_tracked',
      'dense.1.weight',
      'dense.1.bias',
    ]
    const changed = names.reduce((text, name) => text.replace(unicode(name), unicode(prefix + name)), pickle)
    expect(changed.length).toBe(pickle.length + names.length * prefix.length)
    expect(readModelFile(withPickle(changed))).toEqual(record)
    expect(() => readModelFile(withPickle(changed.replace(unicode(`${prefix}W`), unicode('W'))))).toThrow(
      refusal('model.foreign', new RegExp(`the file contains W \\(27 x 12\\), ${prefix.replaceAll('.', '\\.')}dense`)),
    )
  })
  it.each([4, 5])('older files with pickles of protocol %i are read (M7)', (protocol) => {
    const legacy = fileOf('shlp_norm.legacy.pty')
    const text = textOf(legacy)
    // Each of the five pickles begins with its protocol, and from protocol 4 on with a frame.
    const head = '\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.'
    expect(text.startsWith(head)).toBe(true)
    const framed = `\x80${String.fromCharCode(protocol)}\x95\x0d\x00\x00\x00\x00\x00\x00\x00${head.slice(2)}`
    expect(readModelFile(latin(framed + text.slice(head.length)))).toEqual(readModelFile(legacy))
  })
})

describe('zips that lie', () => {
  const bytes = writeModelFile(perceptron(), 'npz')
  const list = openZipBytes(bytes).names
  it('are refused for entries beyond the limit, for overlaps, and for a directory beyond the file', () => {
    const many = zipSync(
      Object.fromEntries(Array.from({ length: 20_001 }, (_, index) => [`${index}.npy`, new Uint8Array(0)])),
      { level: 0 },
    )
    expect(() => readModelFile(many)).toThrow(refusal('file.damaged', /at most 20000 entries, got 20001/))
    const end = bytes.length - 22
    const wide = bytes.slice()
    new DataView(wide.buffer).setUint32(end + 12, 0xfffffff0, true)
    expect(() => readModelFile(wide)).toThrow(refusal('file.damaged', /beyond the file/))
    const directory = new DataView(bytes.buffer, bytes.byteOffset).getUint32(end + 16, true)
    const overlapping = bytes.slice()
    // The second entry of the list begins where the first does.
    const second = directory + 46 + (list[0]?.length ?? 0)
    expect(new DataView(bytes.buffer, bytes.byteOffset).getUint32(second, true)).toBe(0x02014b50)
    new DataView(overlapping.buffer).setUint32(second + 42, 0, true)
    expect(() => readModelFile(overlapping)).toThrow(refusal('file.damaged', /overlap/))
  })
})

describe('any file', () => {
  /** A small generator, so that the same files are tried each time. */
  function random(seed: number): () => number {
    let state = seed
    return () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 32
    }
  }
  const record = perceptron()
  const FORMS: Readonly<Record<string, { bytes: Uint8Array; read: (bytes: Uint8Array) => unknown }>> = {
    pty: { bytes: writeModelFile(record, 'pty'), read: readModelFile },
    'pickle of torch': { bytes: fileOf('khmodel.legacy.pty'), read: readModelFile },
    npz: { bytes: writeModelFile(record, 'npz'), read: readModelFile },
    safetensors: { bytes: writeModelFile(record, 'safetensors'), read: readModelFile },
    npy: { bytes: writeNpy({ data: new Float32Array(12), shape: [3, 4] }), read: readNpy },
  }
  /** Some bytes changed, cut, copied or put in. */
  function mutated(bytes: Uint8Array, next: () => number): Uint8Array {
    let changed = bytes.slice()
    const place = (): number => Math.floor((next() < 0.7 ? Math.min(400, changed.length) : changed.length) * next())
    for (let round = Math.ceil(4 * next()); round > 0; round--) {
      const [at, length] = [place(), Math.ceil(8 * next())]
      const kind = next()
      if (kind < 0.5)
        for (let index = at; index < Math.min(changed.length, at + length); index++)
          changed[index] = Math.floor(256 * next())
      else if (kind < 0.65) changed = Buffer.concat([changed.subarray(0, at), changed.subarray(at + length)])
      else if (kind < 0.8)
        changed = Buffer.concat([
          changed.subarray(0, at),
          changed.subarray(place(), place() + 20),
          changed.subarray(at),
        ])
      else if (kind < 0.9)
        changed.fill([0, 0xff, 0x7f, 0x80][Math.floor(4 * next())] ?? 0, at, Math.min(changed.length, at + length))
      else changed = changed.slice(0, place())
    }
    return changed
  }
  it.each(Object.entries(FORMS))(
    '%s, changed anywhere, is read or refused with a code that is not internal',
    (name, { bytes, read }) => {
      const next = random(name.length)
      for (let count = 0; count < 600; count++) {
        const changed = mutated(bytes, next)
        try {
          read(changed)
        } catch (error) {
          const code = error instanceof LabError ? error.code : String(error)
          expect(
            ['file.damaged', 'model.foreign', 'model.unsafePickle', 'shape.mismatch', 'value.range'],
            `${name}, ${count}`,
          ).toContain(code)
        }
      }
    },
  )
})
