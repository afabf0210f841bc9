import {
  checkModel,
  LabError,
  MODEL_TENSORS,
  type ModelFacts,
  type ModelFormat,
  type ModelRecord,
  type ModelTensorName,
} from '../../contract/index.js'
import { float32Numbers, float64Numbers } from './elements.js'
import { modelOfState, stateOf } from './models/index.js'
import { isNpz, readNpz, writeNpz, type NpzValue } from './npz.js'
import { factsOfPlain, LAYOUT, plainModel, plainOf, shapedTensors, type Plain } from './plainModel.js'
import { isTorchFile, readTorchFile } from './readTorchFile.js'
import { metadataOf, parseHeader, readSafetensors, writeSafetensors, type FloatTensors } from './safetensors.js'
import { writeTorchFile } from './torchFile.js'

const namedFacts = (metadata: Readonly<Record<string, string>>): Record<string, Plain> =>
  Object.fromEntries(Object.entries(metadata).map(([name, text]) => [name, plainOf(text)]))

function readSafetensorsModel(bytes: Uint8Array): ModelRecord {
  const { tensors, metadata } = readSafetensors(bytes)
  return plainModel(namedFacts(metadata), tensors)
}

/**
 * The facts of a model from the head of its safetensors file: its length (8 bytes), and that many bytes of JSON.
 *
 * @throws LabError `file.damaged`, `model.foreign`
 */
export function readModelFacts(head: Uint8Array): ModelFacts {
  const { header } = parseHeader(head)
  const { __metadata__: _metadata, ...tensors } = header
  const shapes = Object.fromEntries(
    Object.entries(tensors).map(([name, entry]) => {
      const shape: unknown = typeof entry === 'object' && entry !== null && 'shape' in entry ? entry.shape : []
      return [name, { shape: Array.isArray(shape) ? shape.map(Number) : [] }]
    }),
  )
  return factsOfPlain(namedFacts(metadataOf(header)), shapes)
}

function readNpzModel(bytes: Uint8Array): ModelRecord {
  const facts: [string, Plain][] = []
  const tensors: [string, FloatTensors[string]][] = []
  for (const [name, entry] of readNpz(bytes)) {
    if (typeof entry === 'string') facts.push([name, entry])
    else if (entry.shape.length > 0 || MODEL_TENSORS.includes(name as ModelTensorName))
      tensors.push([name, { data: float32Numbers(entry), shape: entry.shape }])
    else facts.push([name, entry.type === 'bool' ? float64Numbers(entry)[0] === 1 : (float64Numbers(entry)[0] ?? NaN)])
  }
  return plainModel(Object.fromEntries(facts), Object.fromEntries(tensors))
}

/**
 * Reads a model file of any kind; its bytes say which: `.pty` of either generation of PyTorch, plain or in a wrapper with `model_state_dict`, safetensors or `.npz`.
 *
 * @returns the model in our layout, weights units x inputs
 * @throws LabError `model.unsafePickle`, `model.foreign`, `shape.mismatch`, `value.range`, `file.damaged`
 *
 * Source: docs/FILES.md.
 */
export function readModelFile(given: Uint8Array): ModelRecord {
  // A slice of Node's Buffer is no copy, as readers expect of one.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
  if (isNpz(bytes)) return readNpzModel(bytes)
  if (isTorchFile(bytes)) return modelOfState(readTorchFile(bytes))
  // A safetensors file begins with the length of its header, and the header with a brace.
  if (bytes[8] === 0x7b) return readSafetensorsModel(bytes)
  throw new LabError(
    'model.foreign',
    'expected a PyTorch file written by torch.save (.pty), a safetensors file or an .npz file',
  )
}

const WRITERS = {
  pty: (record) => writeTorchFile(stateOf(record)),
  safetensors: (record) =>
    writeSafetensors(shapedTensors(record), {
      layout: LAYOUT,
      ...Object.fromEntries(
        Object.entries(record.facts satisfies ModelFacts).map(([name, fact]) => [name, String(fact)]),
      ),
    }),
  npz: (record) =>
    writeNpz({ ...shapedTensors(record), layout: LAYOUT, ...(record.facts as unknown as Record<string, NpzValue>) }),
} as const satisfies Record<ModelFormat, (record: ModelRecord) => Uint8Array>

/**
 * Writes a model; equal models give equal bytes.
 *
 * @param format - `pty` opens with `torch.load` and the original's `ModelFactory.build_from_state`; the others hold our layout and every fact by name
 * @throws LabError `shape.mismatch`, `value.range`
 */
export function writeModelFile(record: ModelRecord, format: ModelFormat): Uint8Array {
  return WRITERS[format](checkModel(record))
}

/** The two files that a run keeps of its model. */
export const writeModelFiles = (record: ModelRecord): { pty: Uint8Array; safetensors: Uint8Array } => ({
  pty: writeModelFile(record, 'pty'),
  safetensors: writeModelFile(record, 'safetensors'),
})
