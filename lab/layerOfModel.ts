import { createHash } from 'node:crypto'
import {
  DATASETS,
  LabError,
  type ClassifierSpec,
  type LayerOrigin,
  type ModelEntry,
  type ModelRecord,
} from '../contract/index.js'
import type { LabContext } from './context.js'
import { writeModelFile } from './formats/index.js'
import { resolveModel } from './models/resolve.js'

/** The layer under a hybrid model, with the file that its run keeps. */
export interface FoundLayer {
  origin: LayerOrigin
  model: ModelRecord
  file: Uint8Array
}

type HybridModel = Extract<ClassifierSpec['model'], { kind: 'hybrid' }>

/** The layer alone: of a hybrid model, its frozen layer. */
export function extractLayer({ facts, tensors }: ModelRecord): ModelRecord {
  if (facts.type === 'FKHL3' || facts.type === 'KHL3') return { facts, tensors: { weights: tensors.weights } }
  if (facts.type !== 'KHModel')
    throw new LabError('model.foreign', `expected a model of type FKHL3, KHL3 or KHModel, got ${facts.type}`, {
      type: facts.type,
    })
  const { type: _type, classes: _classes, ...layer } = facts
  return { facts: { type: 'FKHL3', ...layer }, tensors: { weights: tensors.weights } }
}

/** The newest finished layer that was learnt on a set of images; a pruned one, where that is asked. */
async function newestLayer(
  { archive, labels }: LabContext,
  dataset: ClassifierSpec['dataset'],
  form: HybridModel['layerForm'],
): Promise<string> {
  for (const record of await archive.list()) {
    const { id, kind, state, pruning } = record
    if (labels.of(record).trashedAt !== null) continue
    if (kind !== 'localLearning' || state !== 'finished' || (form === 'pruned' && pruning === null)) continue
    const learnt = await archive.read(id).catch(() => null)
    if (learnt?.spec.dataset.kind === dataset.kind) return id
  }
  const what = form === 'pruned' ? 'has been finished and pruned' : 'has been finished'
  throw new LabError(
    'run.missing',
    `no layer of ${DATASETS[dataset.kind].label} ${what} yet; train a layer first${form === 'pruned' ? ' and prune it, or use a raw layer (model.layerForm=raw)' : ''}`,
  )
}

/** The model that a spec names, in the form that it asks for. */
async function namedModel(
  context: LabContext,
  name: string,
  form: HybridModel['layerForm'],
): Promise<{ entry: ModelEntry; record: ModelRecord }> {
  const found = await resolveModel(context, name)
  const { run, name: full } = found.entry
  const learnt = run !== null && (found.record.facts.type === 'FKHL3' || found.record.facts.type === 'KHL3')
  if (!learnt || form === 'raw' || full.endsWith('/pruned')) return found
  return resolveModel(context, `${run}/pruned`).catch((error: unknown) => {
    throw new LabError(
      'run.nothingToShow',
      `${run} has not been pruned; prune it with \`lab prune ${run}\`, or use its raw layer (model.layerForm=raw)`,
      { run },
      error,
    )
  })
}

/**
 * Finds the frozen layer for a hybrid model.
 *
 * @param spec - of a hybrid; `layer` null takes the newest finished layer of the same dataset
 * @throws LabError `run.missing`, `model.missing`, `run.nothingToShow`, `model.foreign`, `shape.mismatch` for a layer of other images
 */
export async function findLayer(context: LabContext, spec: ClassifierSpec): Promise<FoundLayer> {
  if (spec.model.kind !== 'hybrid') throw new LabError('internal', `a ${spec.model.kind} model has no underlying layer`)
  const { layer, layerForm } = spec.model
  const { entry, record } = await namedModel(
    context,
    layer ?? (await newestLayer(context, spec.dataset, layerForm)),
    layerForm,
  )
  const model = extractLayer(record)
  const { facts } = model
  const inputSize = DATASETS[spec.dataset.kind].shape.reduce<number>((product, size) => product * size, 1)
  if (facts.inputSize !== inputSize)
    throw new LabError(
      'shape.mismatch',
      `expected a layer for ${DATASETS[spec.dataset.kind].label} with ${inputSize} inputs, got ${entry.name} with ${facts.inputSize}`,
      { layer: entry.name },
    )
  const file = writeModelFile(model, 'pty')
  const origin: LayerOrigin = {
    name: entry.name,
    form: entry.name.endsWith('/pruned') ? 'pruned' : 'raw',
    sha256: createHash('sha256').update(file).digest('hex'),
    hiddenUnits: facts.hiddenUnits,
    lebesgueNorm: 'lebesgueNorm' in facts ? facts.lebesgueNorm : 2,
  }
  return { origin, model, file }
}
