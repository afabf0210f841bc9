import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import {
  checkModel,
  LabError,
  MODEL_FORMATS,
  tensorShapes,
  type ModelRecord,
  type ModelTensors,
} from '../../../contract/index.js'
import { modelOfNetwork, networkOfModel } from '../../../lab/compute/networkOfModel.js'
import { readModelFile, writeModelFile, writeModelFiles, writeSafetensors } from '../../../lab/formats/index.js'
import { expectClose } from '../../goldenFiles.js'
import { pythonWith } from '../../python.js'
import { goldenModels } from './goldenModels.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const goldenFolder = join(here, '../../golden')
const folder = mkdtempSync(join(tmpdir(), 'workbench-models-'))
afterAll(() => rmSync(folder, { recursive: true }))
const torch = pythonWith('torch')
const numpy = pythonWith('numpy')

const models = goldenModels()
const named = models.map((model) => [`${model.record.facts.type}, ${model.source.join(' ')}`, model] as const)
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(name))
const modelFrom = (type: string, source: string, index = 0): ModelRecord => {
  const found = models.find(
    ({ record, source: [name, at] }) => record.facts.type === type && name === source && at === index,
  )
  if (found === undefined) throw new Error(`no ${type} in ${source}`)
  return found.record
}
/** What each file of `makeModels.py` holds. */
const CONTENTS: Record<string, ModelRecord> = {
  khmodel: modelFrom('KHModel', 'khmodel_forward'),
  shlp: modelFrom('SHLP', 'shlp_forward'),
  shlp_norm: modelFrom('SHLP', 'shlp_forward', 2),
  shlp_tanh: modelFrom('SHLP_tanh', 'shlp_forward', 3),
  fkhl3: modelFrom('FKHL3', 'fkhl3_step'),
  khl3: modelFrom('KHL3', 'fkhl3_step'),
}
for (const name of ['pruned', 'early', 'parameter']) CONTENTS[name] = CONTENTS['fkhl3'] as ModelRecord
for (const name of ['turned', 'shared', 'float64']) CONTENTS[name] = CONTENTS['shlp'] as ModelRecord

describe('model files', () => {
  it.each(named)('%s comes back bit by bit from every format, in the same bytes each time', (_, { record }) => {
    for (const format of MODEL_FORMATS) {
      const bytes = writeModelFile(record, format)
      expect(readModelFile(bytes)).toEqual(record)
      expect(writeModelFile(readModelFile(bytes), format)).toEqual(bytes)
    }
    expect(writeModelFiles(record)).toEqual({
      pty: writeModelFile(record, 'pty'),
      safetensors: writeModelFile(record, 'safetensors'),
    })
  })

  it.each(readdirSync(join(here, 'files')).filter((name) => name.endsWith('.pty')))(
    '%s, written by PyTorch, opens',
    (name) => {
      const record = readModelFile(bytesOf(join(here, 'files', name)))
      const content = CONTENTS[name.split('.')[0] ?? '']
      if (content !== undefined) return expect(record).toEqual(content)
      // bfloat16 keeps eight bits of every number.
      const { weights } = modelFrom('SHLP', 'shlp_forward').tensors
      record.tensors.weights.forEach((weight, index) =>
        expect(Math.abs(weight - (weights[index] ?? NaN))).toBeLessThanOrEqual(
          2 ** -8 * Math.abs(weights[index] ?? NaN),
        ),
      )
    },
  )

  it.skipIf(torch === null)(
    'every form that PyTorch writes opens: both generations, wrappers, views, other element types',
    () => {
      const reported = JSON.parse(
        execFileSync(torch ?? '', [join(here, 'makeModels.py'), goldenFolder, folder], { encoding: 'utf8' }),
      ) as { rounded: Record<string, number[]> }
      const names = readdirSync(folder).filter((name) => name.endsWith('.pty'))
      expect(names.length).toBe(2 * (Object.keys(CONTENTS).length + 2))
      for (const name of names) {
        const record = readModelFile(bytesOf(join(folder, name)))
        const stem = name.split('.')[0] ?? ''
        if (stem in CONTENTS) expect(record, name).toEqual(CONTENTS[stem])
        else expect([...record.tensors.weights], name).toEqual(reported.rounded[stem])
      }
    },
  )

  it.skipIf(torch === null)(
    'what is saved here opens in PyTorch as the original opens it, and answers as the original',
    () => {
      const files = models.map(({ record, source }, index) => {
        const path = join(folder, `ours${index}.pty`)
        writeFileSync(path, writeModelFile(record, 'pty'))
        return `${path}:${source.join(':')}`
      })
      const { results } = JSON.parse(
        execFileSync(torch ?? '', [join(here, 'openModels.py'), goldenFolder, ...files], { encoding: 'utf8' }),
      ) as {
        results: { type: string; keys: string[]; kinds: Record<string, string>; dtypes: string[]; output: number[] }[]
      }
      expect(results.map(({ type }) => type)).toEqual(models.map(({ record }) => record.facts.type))
      results.forEach(({ output, kinds }, index) => {
        const model = models[index]
        expectClose(output, model?.logits ?? [], model?.tolerance ?? 0)
        for (const key of ['in_size', 'hidden_size', 'k', 'no_classes'])
          if (key in kinds) expect(kinds[key]).toBe('int')
        for (const key of ['n', 'p', 'tau_l', 'Delta', 'R']) if (key in kinds) expect(kinds[key]).toBe('float')
      })
      // The orders of state_keys in the golden files.
      expect(results[2]?.keys).toEqual(['local_learning.W', 'pSet', 'type_name', 'dense.weight', 'dense.bias'])
      expect(results[7]?.keys).toEqual([
        'W',
        'dense.0.weight',
        'dense.0.bias',
        'dense.0.running_mean',
        'dense.0.running_var',
        'dense.0.num_batches_tracked',
        'dense.1.weight',
        'dense.1.bias',
        'pSet',
        'type_name',
      ])
      expect(results[7]?.dtypes).toEqual([
        ...Array<string>(5).fill('torch.float32'),
        'torch.int64',
        'torch.float32',
        'torch.float32',
      ])
    },
  )

  it.skipIf(numpy === null)(
    '.npz files open in NumPy without pickles, and those of NumPy here, packed and in Fortran order',
    () => {
      const record = modelFrom('SHLP', 'shlp_forward', 2)
      const [ours, theirs] = [join(folder, 'ours.npz'), join(folder, 'theirs.npz')]
      writeFileSync(ours, writeModelFile(record, 'npz'))
      const script = [
        'import json, sys, numpy as np',
        'held = dict(np.load(sys.argv[1]))',
        'weights = held.pop("weights")',
        'held["type"] = np.array("SHLP", dtype=">U9"); held["batchesSeen"] = np.array(1, dtype=">i4")',
        'np.savez_compressed(sys.argv[2], weights=np.asfortranarray(weights.astype(">f8")), **held)',
        'print(json.dumps({"shape": weights.shape, "sum": float(weights.sum()), "type": str(np.load(sys.argv[1])["type"]), "names": sorted(held)}))',
      ].join('\n')
      const reported = JSON.parse(execFileSync(numpy ?? '', ['-c', script, ours, theirs], { encoding: 'utf8' })) as {
        shape: number[]
        type: string
        sum: number
      }
      expect(reported).toMatchObject({ shape: [12, 27], type: 'SHLP' })
      expect(reported.sum).toBeCloseTo(
        record.tensors.weights.reduce((sum, weight) => sum + weight, 0),
        4,
      )
      expect(readModelFile(bytesOf(theirs))).toEqual(record)
    },
  )

  it.each(['pty', 'safetensors', 'npz'] as const)('open from a Buffer that begins anywhere (%s)', (format) => {
    for (const { record } of models) {
      const bytes = writeModelFile(record, format)
      const room = Buffer.alloc(bytes.length + 7)
      room.set(bytes, 3)
      expect(readModelFile(room.subarray(3, 3 + bytes.length))).toEqual(record)
    }
  })
  it('a layer of the first versions, which names its rate, opens', () => {
    const metadata = {
      type: 'FKHL3',
      layout: 'units x inputs',
      activationExponent: '4.5',
      lebesgueNorm: '3',
      lastRate: '0.02',
      rank: '2',
      antiHebbianStrength: '0.4',
      radius: '1',
    }
    const { facts } = readModelFile(
      writeSafetensors({ weights: { data: new Float32Array(6), shape: [2, 3] } }, metadata),
    )
    expect(facts).toEqual({
      type: 'FKHL3',
      inputSize: 3,
      hiddenUnits: 2,
      activationExponent: 4.5,
      lebesgueNorm: 3,
      inverseLearningRate: 50,
      rank: 2,
      antiHebbianStrength: 0.4,
      radius: 1,
    })
  })
})

describe('networks of models', () => {
  it.each(named.filter(([, { record }]) => 'classes' in record.facts))(
    '%s goes to the engine and back',
    (_, { record }) => {
      const model = networkOfModel(record)
      expect(modelOfNetwork(record.facts, model)).toEqual(record)
      expect([model.inputSize, model.classes, Object.keys(model.running)]).toEqual([
        27,
        10,
        model.network.batchNorm ? ['mean', 'variance'] : [],
      ])
    },
  )
  it('a layer has none, and tanh takes whole powers only', () => {
    expect(() => networkOfModel(modelFrom('FKHL3', 'fkhl3_step'))).toThrow(
      expect.objectContaining({ code: 'model.foreign' }),
    )
    const tanh = modelFrom('SHLP_tanh', 'shlp_forward', 3)
    expect(() => networkOfModel({ ...tanh, facts: { ...tanh.facts, activationExponent: 4.5 } } as ModelRecord)).toThrow(
      /whole activation exponent for tanh/,
    )
  })
})

describe('models that do not fit together', () => {
  const norm = modelFrom('SHLP', 'shlp_forward', 2)
  const refuse = (record: ModelRecord, code: string, words: RegExp): void => {
    expect(() => checkModel(record)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(words) as string }),
    )
    for (const format of MODEL_FORMATS) expect(() => writeModelFile(record, format)).toThrow(LabError)
  }
  it('are refused by what is wrong', () => {
    const { mean: _, ...without } = norm.tensors
    refuse(
      { ...norm, tensors: without as ModelTensors },
      'shape.mismatch',
      /expected mean in a model of type SHLP, got none/,
    )
    refuse(
      { ...norm, facts: { ...norm.facts, hiddenUnits: 13 } },
      'shape.mismatch',
      /expected 13 x 27 entries in weights, got 324/,
    )
    refuse(
      { ...norm, facts: { ...norm.facts, batchNorm: false } as ModelRecord['facts'] },
      'shape.mismatch',
      /also got scale/,
    )
    refuse(
      { ...norm, tensors: { ...norm.tensors, bias: norm.tensors.weights.slice(0, 10).fill(NaN, 3) } },
      'value.range',
      /bias, got NaN at entry 3/,
    )
    refuse(
      { ...norm, tensors: { ...norm.tensors, variance: new Float32Array(12).fill(-1) } },
      'value.range',
      /running variances of at least 0, got -1/,
    )
    refuse(
      { ...norm, facts: { ...norm.facts, activationExponent: 0 } as ModelRecord['facts'] },
      'value.range',
      /activationExponent/,
    )
  })
  it('every type has the tensors that its facts promise', () => {
    for (const { record } of models)
      expect([...tensorShapes(record.facts).keys()].sort()).toEqual(Object.keys(record.tensors).sort())
  })
})
