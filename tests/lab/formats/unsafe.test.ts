import { zipSync } from 'fflate'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { LabError } from '../../../contract/index.js'
import { readModelFile, writeModelFile, writeSafetensors } from '../../../lab/formats/index.js'
import { writeNpz } from '../../../lab/formats/npz.js'
import { writePickle, type PickleValue } from '../../../lab/formats/pickle.js'
import { readTorchFile } from '../../../lab/formats/readTorchFile.js'
import { writeTorchFile } from '../../../lab/formats/torchFile.js'
import { goldenModels } from './goldenModels.js'

const files = fileURLToPath(new URL('files/', import.meta.url))
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(files + name))
const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
/** A file of torch.save around a pickle given letter by letter. */
const zipped = (pickle: string, more: Record<string, Uint8Array> = {}): Uint8Array =>
  zipSync({ 'archive/data.pkl': latin(pickle), ...more }, { level: 0 })
const refusal = (code: string, words: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(words) as string }) as LabError

function codeOf(bytes: Uint8Array): string {
  try {
    readModelFile(bytes)
    return 'none'
  } catch (error) {
    return error instanceof LabError ? error.code : String(error)
  }
}

describe('pickles that ask for code', () => {
  it.each([
    ['a function of the system', "cposix\nsystem\n(S'touch /tmp/owned'\ntR.", /refers to posix\.system/],
    ['the same of protocol 4', '\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R.', /refers to os\.system/],
    ['a builtin', "c__builtin__\neval\n(S'1'\ntR.", /refers to __builtin__\.eval/],
    [
      'a whole module of the original',
      'cLocalLearning.LocalLearning\nKHModel\n)\x81}b.',
      /refers to LocalLearning\.LocalLearning\.KHModel/,
    ],
    ['an object by INST', '(iposix\nsystem\n.', /refers to the operation INST/],
    ['an extension', '\x80\x02\x82\x01.', /refers to the operation EXT1/],
    ['a storage type that is called', 'ctorch\nFloatStorage\n)R.', /refers to torch\.FloatStorage/],
    ['something that is not a storage', '\x80\x02(X\x06\x00\x00\x00moduletQ.', /refers to module outside the file/],
    ['attributes of a list', ']}b.', /an object with attributes/],
  ])('%s is refused by name', (_, pickle, words) => {
    expect(() => readModelFile(zipped(pickle))).toThrow(refusal('model.unsafePickle', words))
  })
  it('are refused in the older form too', () => {
    const legacy = bytesOf('khmodel.legacy.pty')
    const text = String.fromCharCode(...legacy).replace('ccollections\nOrderedDict\n', 'ccollections\ndefaultdict\n')
    expect(() => readModelFile(latin(text))).toThrow(refusal('model.unsafePickle', /collections\.defaultdict/))
  })
  it('.npz files with objects, which are pickles, are refused', () => {
    const header = "{'descr': '|O', 'fortran_order': False, 'shape': (), }".padEnd(117) + '\n'
    const entry = latin(
      `\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}cposix\nsystem\n(S'true'\ntR.`,
    )
    expect(() => readModelFile(zipSync({ 'weights.npy': entry }, { level: 0 }))).toThrow(
      refusal('model.foreign', /weights of the \.npz file: expected numbers, got elements of type '\|O'/),
    )
  })
})

describe('damaged model files', () => {
  it.each(['shlp_norm.1.13.pty', 'shlp_norm.2.15.pty', 'shlp_norm.legacy.pty'])(
    '%s is refused when cut anywhere',
    (name) => {
      const bytes = bytesOf(name)
      const codes = Array.from({ length: bytes.length }, (_, length) => codeOf(bytes.subarray(0, length)))
      // Before its first bytes are whole, nothing says what the file was to be.
      expect(new Set(codes.slice(0, 20))).toEqual(new Set(['model.foreign', 'file.damaged']))
      expect(new Set(codes.slice(20))).toEqual(new Set(['file.damaged']))
    },
  )
  it.each(readdirSync(files).filter((name) => name.includes('.legacy.') || name.endsWith('.2.15.pty')))(
    '%s with any byte changed is read or refused, and nothing else happens',
    (name) => {
      const bytes = bytesOf(name)
      for (let at = 0; at < bytes.length; at += 7) {
        const changed = bytes.slice()
        changed[at] = (changed[at] ?? 0) ^ 0xa5
        expect(
          ['none', 'file.damaged', 'model.foreign', 'model.unsafePickle', 'shape.mismatch', 'value.range'],
          `byte ${at}`,
        ).toContain(codeOf(changed))
      }
    },
  )
  it('a weight changed inside a zip is found by its checksum', () => {
    const bytes = bytesOf('khmodel.2.15.pty')
    bytes[2000] = (bytes[2000] ?? 0) ^ 1
    expect(() => readModelFile(bytes)).toThrow(refusal('file.damaged', /checksum of khmodel\.zip\/data\/0 is wrong/))
  })
  it('tensors that reach beyond their storage, and storages that are missing, are refused', () => {
    const tensor = (offset: string): string =>
      `\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x02tQ${offset}(K\x02t(K\x01t\x89}tR.`
    const read = (pickle: string, more: Record<string, Uint8Array>) => () => readTorchFile(zipped(pickle, more))
    expect(read(tensor('K\x00'), {})).toThrow(refusal('file.damaged', /numbers of storage 0 are missing/))
    expect(read(tensor('K\x00'), { 'archive/data/0': new Uint8Array(4) })).toThrow(
      refusal('file.damaged', /expected 8 bytes in storage 0, got 4/),
    )
    // A file that is a model but for its tensor, which begins one element too late.
    const beyond = `\x80\x02}(X\x09\x00\x00\x00type_nameX\x05\x00\x00\x00FKHL3X\x04\x00\x00\x00pSet}(X\x07\x00\x00\x00in_sizeK\x02X\x0b\x00\x00\x00hidden_sizeK\x01X\x01\x00\x00\x00nK\x01X\x01\x00\x00\x00pK\x02X\x05\x00\x00\x00tau_lK\x01X\x01\x00\x00\x00kK\x02X\x05\x00\x00\x00DeltaK\x00X\x01\x00\x00\x00RK\x01uX\x01\x00\x00\x00W${tensor('K\x01').slice(2, -1).replace('(K\x02t(K\x01t', '(K\x02K\x01t(K\x01K\x01t')}u.`
    expect(() => readModelFile(zipped(beyond, { 'archive/data/0': new Uint8Array(8) }))).toThrow(
      refusal('file.damaged', /an array of 1 x 2 refers to element 2 of a storage of 2/),
    )
  })
})

describe('files that claim more than they are', () => {
  it.each([
    ['a key that is a list', '\x80\x02}]K\x01s.', /a dictionary key is a list or a dictionary/],
    ['a list in itself', '\x80\x02]q\x00h\x00a}h\x00K\x01s.', /a dictionary key/],
    ['a name that is a list', '\x80\x04]]\x93.', /a name is not a string/],
    ['a recalled value that was never stored', '\x80\x02h\x07.', /refers to value 7/],
    ['a value too few', '\x80\x02K\x01\x86.', /more values than it contains/],
    ['an operation that is none', '\x80\x02\xff.', /the operation 255 does not exist/],
  ])('%s is refused', (_, pickle, words) =>
    expect(() => readModelFile(zipped(pickle))).toThrow(refusal('file.damaged', words)),
  )
  it('a tensor of strides 0 does not fill the memory', () => {
    const numbers: [string, number][] = [
      ['in_size', 10_000_000],
      ['hidden_size', 1_000_000],
      ['n', 1],
      ['p', 2],
      ['tau_l', 1],
      ['k', 2],
      ['Delta', 0],
      ['R', 1],
    ]
    const file = writeTorchFile({
      kind: 'orderedDict',
      entries: [
        ['W', { kind: 'tensor', shape: [10_000_000, 1_000_000], data: new Float32Array(1) }],
        ['pSet', { kind: 'dict', entries: numbers }],
        ['type_name', 'FKHL3'],
      ],
    })
    expect(() => readModelFile(file)).toThrow(refusal('file.damaged', /more entries than a model can have/))
  })
})

describe('models of another kind', () => {
  const [golden] = goldenModels().filter(({ record }) => record.facts.type === 'SHLP' && record.facts.batchNorm)
  if (golden === undefined) throw new Error('no golden model has batch norm')
  const { record } = golden
  type Entries = (readonly [string, PickleValue])[]
  const base = (): Entries => {
    const vector = (size: number): PickleValue => ({ kind: 'tensor', shape: [size], data: new Float32Array(size) })
    return [
      ['W', { kind: 'tensor', shape: [4, 3], data: new Float32Array(12) }],
      ['dense.0.weight', vector(3)],
      ['dense.0.bias', vector(3)],
      ['dense.0.running_mean', vector(3)],
      ['dense.0.running_var', vector(3)],
      ['dense.0.num_batches_tracked', { kind: 'tensor', shape: [], data: BigInt64Array.of(2n ** 40n) }],
      ['dense.1.weight', { kind: 'tensor', shape: [2, 3], data: new Float32Array(6) }],
      ['dense.1.bias', vector(2)],
      [
        'pSet',
        {
          kind: 'dict',
          entries: [
            ['in_size', 4],
            ['hidden_size', 3],
            ['n', 1],
            ['no_classes', 2],
            ['batch_norm', true],
          ],
        },
      ],
      ['type_name', 'SHLP'],
    ]
  }
  const file = (entries: Entries): Uint8Array => writeTorchFile({ kind: 'orderedDict', entries })
  const without = (name: string): Entries => base().filter(([key]) => key !== name)
  const instead = (name: string, value: PickleValue): Entries => [...without(name), [name, value]]

  it('the unchanged one is read, with its count of batches', () =>
    expect(readModelFile(file(base())).facts).toMatchObject({ type: 'SHLP', batchesSeen: 2 ** 40 }))
  it.each([
    [
      'batch norm without its statistics',
      without('dense.0.running_var'),
      'model.foreign',
      /batch norm statistics.*dense\.0\.running_var is missing/,
    ],
    [
      'another type name',
      instead('type_name', 'ResNet'),
      'model.foreign',
      /type_name to be FKHL3, KHL3, KHModel, SHLP, SHLP_tanh, Linear, got ResNet/,
    ],
    ['no type name', without('type_name'), 'model.foreign', /got none/],
    [
      'the tensors of another type',
      instead('type_name', 'KHModel'),
      'model.foreign',
      /expected pSet\.FKHL3_pSet to be a dictionary, got nothing/,
    ],
    ['no parameters', without('pSet'), 'model.foreign', /expected pSet/],
    [
      'a tensor too many',
      [...base(), ['dense.2.weight', { kind: 'tensor', shape: [1], data: new Float32Array(1) }] as const],
      'model.foreign',
      /no entry named dense\.2\.weight/,
    ],
    ['a number for a tensor', instead('dense.1.bias', 3), 'model.foreign', /expected a tensor dense\.1\.bias/],
    [
      'a text for a number',
      instead('pSet', {
        kind: 'dict',
        entries: [
          ['in_size', 'four'],
          ['hidden_size', 3],
          ['n', 1],
          ['no_classes', 2],
          ['batch_norm', true],
        ],
      }),
      'model.foreign',
      /expected a number in_size/,
    ],
    [
      'weights the wrong way round',
      instead('W', { kind: 'tensor', shape: [3, 4], data: new Float32Array(12) }),
      'shape.mismatch',
      /expected W to be 4 x 3 according to pSet, got 3 x 4/,
    ],
    [
      'weights that are not finite',
      instead('W', { kind: 'tensor', shape: [4, 3], data: new Float32Array(12).fill(Infinity) }),
      'value.range',
      /weights, got Infinity/,
    ],
    [
      'sizes that are not whole',
      instead('pSet', {
        kind: 'dict',
        entries: [
          ['in_size', 4],
          ['hidden_size', 3],
          ['n', -1],
          ['no_classes', 2],
          ['batch_norm', true],
        ],
      }),
      'value.range',
      /activationExponent/,
    ],
  ])('%s is refused', (_, entries, code, words) =>
    expect(() => readModelFile(file([...entries] as Entries))).toThrow(refusal(code, words)),
  )

  it('files that hold no model are refused', () => {
    expect(() => readModelFile(latin('a letter to a friend'))).toThrow(
      refusal('model.foreign', /expected a PyTorch file written by torch\.save/),
    )
    expect(() => readModelFile(new Uint8Array(0))).toThrow(refusal('model.foreign', /./))
    expect(() => readModelFile(zipSync({ 'word/document.xml': latin('<w/>') }))).toThrow(
      refusal('model.foreign', /zip file without data\.pkl \(word\/document\.xml\)/),
    )
    expect(() => readModelFile(writeTorchFile('a text'))).toThrow(
      refusal('model.foreign', /expected a state dictionary/),
    )
    expect(() => readModelFile(writeSafetensors({ weights: { data: new Float32Array(1), shape: [1, 1] } }))).toThrow(
      refusal('model.foreign', /expected the type of the model/),
    )
    expect(() =>
      readModelFile(writeNpz({ weights: { data: new Float32Array(1), shape: [1, 1] }, type: 'SHLP' })),
    ).toThrow(refusal('model.foreign', /classes/))
  })
  it('.npz and safetensors files are refused when a shape does not fit or bytes are missing', () => {
    for (const format of ['npz', 'safetensors'] as const) {
      const bytes = writeModelFile(record, format)
      for (let length = 0; length < bytes.length; length += 11)
        expect(() => readModelFile(bytes.subarray(0, length))).toThrow(LabError)
    }
    const facts = { type: 'SHLP', classes: 2, activationExponent: 1, batchNorm: false, batchesSeen: 0 }
    const tensors = {
      weights: { data: new Float32Array(12), shape: [3, 4] },
      dense: { data: new Float32Array(6), shape: [3, 2] },
      bias: { data: new Float32Array(2), shape: [2] },
    }
    expect(() => readModelFile(writeNpz({ ...tensors, ...facts }))).toThrow(
      refusal('shape.mismatch', /expected dense of 2 x 3, got 3 x 2/),
    )
  })
  it('numbers of a pickle are whole or not as Python has them', () => {
    const value = readTorchFile(
      zipped(
        '\x80\x02}(X\x01\x00\x00\x00a\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01X\x01\x00\x00\x00b\x8a\x01\xffX\x01\x00\x00\x00cI01\nX\x01\x00\x00\x00dF-2.5\nX\x01\x00\x00\x00eL12L\nu.',
      ),
    ) as Map<string, unknown>
    expect(Object.fromEntries(value)).toEqual({ a: 2n ** 64n, b: -1, c: true, d: -2.5, e: 12 })
    expect(writePickle({ kind: 'dict', entries: [] }).pickle).toEqual(latin('\x80\x02}(u.'))
  })
})
