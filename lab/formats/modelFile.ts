import { checkModel, LabError, modelFacts, tensorShapes, MODEL_TENSORS, MODEL_TYPES, type ModelFacts, type ModelFormat, type ModelRecord, type ModelTensorName, type ModelTensors } from '../../contract/index.js'
import { float32Numbers, float64Numbers } from './elements.js'
import { modelOfState, stateOf } from './models/index.js'
import { readNpz, writeNpz, type NpzValue } from './npz.js'
import { isTorchFile, readTorchFile } from './readTorchFile.js'
import { readSafetensors, writeSafetensors, type FloatTensors } from './safetensors.js'
import { writeTorchFile } from './torchFile.js'
import { isZip, zipNames } from './zip.js'

/** How our own files say in which order weights lie. */
const LAYOUT = 'units x inputs'

type Plain = string | number | boolean

/** Tensors with their shapes, in the order of the files. */
function shapedTensors(record: ModelRecord): Record<string, { data: Float32Array; shape: readonly number[] }> {
  return Object.fromEntries([...tensorShapes(record.facts)].map(([name, shape]) => [name, { data: record.tensors[name] as Float32Array, shape }]))
}

/** A model from named facts and tensors, as `.safetensors` and `.npz` files of ours hold them; sizes follow from the tensors where they are not named. */
function plainModel(facts: Readonly<Record<string, Plain>>, tensors: FloatTensors): ModelRecord {
  const { layout = LAYOUT, lastRate, ...given } = facts
  if (!MODEL_TYPES.some((type) => type === given['type'])) throw new LabError('model.foreign', `expected a model that names its type, ${MODEL_TYPES.join(', ')}, got ${String(given['type'] ?? 'none').slice(0, 60)}`)
  if (layout !== LAYOUT) throw new LabError('model.foreign', `expected weights as ${LAYOUT}, got ${String(layout).slice(0, 60)}`)
  const [hiddenUnits = 0, inputSize = 0] = tensors['weights']?.shape ?? []
  // Layers of the first versions hold the rate instead of its inverse.
  const rate = typeof lastRate === 'number' ? { inverseLearningRate: 1 / lastRate } : {}
  const parsed = modelFacts.safeParse({ inputSize, hiddenUnits, ...rate, ...given })
  if (!parsed.success) throw new LabError('model.foreign', parsed.error.issues.map((issue) => `${issue.path.join('.') || 'model'}: ${issue.message}`).join('; '))
  for (const [name, shape] of tensorShapes(parsed.data)) {
    const found = tensors[name]
    if (found !== undefined && found.shape.join() !== shape.join()) throw new LabError('shape.mismatch', `expected ${name} of ${shape.join(' x ')}, got ${found.shape.join(' x ') || 'a single number'}`, { tensor: name })
  }
  const record = { facts: parsed.data, tensors: Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data])) as unknown as ModelTensors }
  return checkModel(record)
}

/** A fact as a text of a safetensors header, and back. */
const plainOf = (text: string): Plain => (text === 'true' ? true : text === 'false' ? false : text !== '' && Number.isFinite(Number(text)) ? Number(text) : text)

function readSafetensorsModel(bytes: Uint8Array): ModelRecord {
  const { tensors, metadata } = readSafetensors(bytes)
  return plainModel(Object.fromEntries(Object.entries(metadata).map(([name, text]) => [name, plainOf(String(text))])), tensors)
}

function readNpzModel(bytes: Uint8Array): ModelRecord {
  const facts: Record<string, Plain> = {}
  const tensors: FloatTensors = {}
  for (const [name, entry] of readNpz(bytes)) {
    if (typeof entry === 'string') facts[name] = entry
    else if (entry.shape.length > 0 || MODEL_TENSORS.includes(name as ModelTensorName)) tensors[name] = { data: float32Numbers(entry), shape: entry.shape }
    else facts[name] = entry.type === 'bool' ? float64Numbers(entry)[0] === 1 : (float64Numbers(entry)[0] ?? NaN)
  }
  return plainModel(facts, tensors)
}

const isNpz = (bytes: Uint8Array): boolean => isZip(bytes) && zipNames(bytes).every((name) => name.endsWith('.npy'))

/**
 * Reads a model file of any kind; its bytes say which: `.pty` of either generation of PyTorch, plain or in a wrapper with `model_state_dict`, safetensors or `.npz`.
 *
 * @returns the model in our layout, weights units x inputs
 * @throws LabError `model.unsafePickle`, `model.foreign`, `shape.mismatch`, `value.range`, `file.damaged`
 *
 * Source: docs/FILES.md.
 */
export function readModelFile(bytes: Uint8Array): ModelRecord {
  if (isNpz(bytes)) return readNpzModel(bytes)
  if (isTorchFile(bytes)) return modelOfState(readTorchFile(bytes))
  // A safetensors file begins with the length of its header, and the header with a brace.
  if (bytes[8] === 0x7b) return readSafetensorsModel(bytes)
  throw new LabError('model.foreign', 'expected a file of torch.save (.pty), a safetensors file or an .npz file')
}

const WRITERS = {
  pty: (record) => writeTorchFile(stateOf(record)),
  safetensors: (record) => writeSafetensors(shapedTensors(record), { layout: LAYOUT, ...Object.fromEntries(Object.entries(record.facts satisfies ModelFacts).map(([name, fact]) => [name, String(fact)])) }),
  npz: (record) => writeNpz({ ...shapedTensors(record), layout: LAYOUT, ...(record.facts as unknown as Record<string, NpzValue>) }),
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
export const writeModelFiles = (record: ModelRecord): { pty: Uint8Array; safetensors: Uint8Array } => ({ pty: writeModelFile(record, 'pty'), safetensors: writeModelFile(record, 'safetensors') })
