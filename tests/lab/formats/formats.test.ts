import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readNpy, readSafetensors, writeLayerFile, writeNpy, writeSafetensors, type LayerFile } from '../../../lab/formats/index.js'

const folder = mkdtempSync(join(tmpdir(), 'workbench-formats-'))
afterAll(() => rmSync(folder, { recursive: true }))

function pythonWith(module: string): string | null {
  for (const python of [process.env['LOCALLEARNING_PYTHON'], '/usr/bin/python3', 'python3']) {
    if (python !== undefined && spawnSync(python, ['-c', `import ${module}`]).status === 0) return python
  }
  return null
}
const torch = pythonWith('torch')
if (torch === null) console.warn('No python3 with torch was found: files are not opened with PyTorch here (apt-get install python3-torch).') // eslint-disable-line no-console

describe('NumPy files', () => {
  const arrays = [Float32Array.of(1.5, -2, NaN, 4, 5, Infinity), Float64Array.of(1 / 3, 2, 3, 4, 5, 6), Int32Array.of(-1, 2, 3, 4, 5, 2 ** 31 - 1), Uint8Array.of(0, 255, 1, 2, 3, 4)]
  it.each(arrays.map((data) => [data.constructor.name, data] as const))('%s comes back bit by bit', (_, data) => {
    expect(readNpy(writeNpy({ data, shape: [2, 3] }))).toEqual({ data, shape: [2, 3] })
    expect(readNpy(writeNpy({ data, shape: [6] }))).toEqual({ data, shape: [6] })
  })
  it('are refused when cut anywhere, or of another kind', () => {
    const bytes = writeNpy({ data: Float32Array.of(1, 2, 3), shape: [3] })
    for (let length = 0; length < bytes.length; length++) expect(() => readNpy(bytes.subarray(0, length))).toThrow(expect.objectContaining({ code: 'file.damaged' }))
    expect(() => readNpy(new TextEncoder().encode('not an array at all'))).toThrow(/NumPy/)
    expect(() => writeNpy({ data: Float32Array.of(1), shape: [2] })).toThrow(/expected 2 entries/)
  })
})

describe('safetensors files', () => {
  const tensors = { weights: { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] }, bias: { data: Float32Array.of(-1), shape: [1] } }
  it('come back bit by bit, with their texts', () => {
    expect(readSafetensors(writeSafetensors(tensors, { type: 'FKHL3' }))).toEqual({ tensors, metadata: { type: 'FKHL3' } })
  })
  it('are refused when cut anywhere', () => {
    const bytes = writeSafetensors(tensors)
    for (let length = 0; length < bytes.length; length++) expect(() => readSafetensors(bytes.subarray(0, length))).toThrow(expect.objectContaining({ code: 'file.damaged' }))
  })
  it.each([
    ['overlap', { a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] }, b: { dtype: 'F32', shape: [2], data_offsets: [4, 12] } }],
    ['a hole', { a: { dtype: 'F32', shape: [1], data_offsets: [4, 8] }, b: { dtype: 'F32', shape: [1], data_offsets: [8, 12] } }],
    ['another type', { a: { dtype: 'F16', shape: [6], data_offsets: [0, 12] } }],
    ['a range that is not its shape', { a: { dtype: 'F32', shape: [4], data_offsets: [0, 12] } }],
  ])('are refused for %s', (_, header) => {
    const text = JSON.stringify(header).padEnd(160)
    const bytes = new Uint8Array(8 + text.length + 12)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
    bytes.set(new TextEncoder().encode(text), 8)
    expect(() => readSafetensors(bytes)).toThrow(expect.objectContaining({ code: 'file.damaged' }))
  })
})

describe('.pty files', () => {
  const layer: LayerFile = {
    typeName: 'FKHL3', weights: Float32Array.from({ length: 15 }, (_, index) => index - 7.25), hiddenUnits: 3, inputSize: 5,
    activationExponent: 4.5, lebesgueNorm: 3, lastRate: 0.00002, rank: 2, antiHebbianStrength: 0.4, radius: 1,
  }
  it('are the same bytes for the same layer', () => expect(writeLayerFile(layer)).toEqual(writeLayerFile(layer)))
  it('refuse weights of another size', () => expect(() => writeLayerFile({ ...layer, hiddenUnits: 4 })).toThrow(/4 x 5 weights, got 15/))

  it.skipIf(torch === null)('open with torch.load as the original expects them', () => {
    const path = join(folder, 'layer.pty')
    writeFileSync(path, writeLayerFile(layer))
    const script = [
      'import sys, json, torch', 'from collections import OrderedDict', `state = torch.load(${JSON.stringify(path)})`,
      'assert type(state) is OrderedDict and type(state["pSet"]) is dict, (type(state), type(state["pSet"]))',
      'copy = state.copy()', 'del copy["type_name"]; del copy["pSet"]',
      'class Layer(torch.nn.Module):',
      '    def __init__(self, p):',
      '        super().__init__()',
      '        self.W = torch.nn.Parameter(torch.empty((p["in_size"], p["hidden_size"])), requires_grad=False)',
      'layer = Layer(state["pSet"]); layer.load_state_dict(copy)',
      'print(json.dumps({"type": state["type_name"], "pSet": state["pSet"], "kinds": {k: type(v).__name__ for k, v in state["pSet"].items()}, "W": layer.W.tolist(), "dtype": str(layer.W.dtype)}))',
    ].join('\n')
    const told: unknown = JSON.parse(execFileSync(torch ?? '', ['-c', script], { encoding: 'utf8' }))
    expect(told).toEqual({
      type: 'FKHL3', dtype: 'torch.float32', W: Array.from({ length: 5 }, (_, input) => Array.from({ length: 3 }, (_unit, unit) => layer.weights[unit * 5 + input])),
      pSet: { in_size: 5, hidden_size: 3, n: 4.5, p: 3, tau_l: 1 / 0.00002, k: 2, Delta: 0.4, R: 1 },
      kinds: { in_size: 'int', hidden_size: 'int', n: 'float', p: 'float', tau_l: 'float', k: 'int', Delta: 'float', R: 'float' },
    })
  })
})
