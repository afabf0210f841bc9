import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { asLabError, DATASETS, LabError, type ClassifierSpec, type LayerOrigin, type ModelRecord, type RunRecord } from '../contract/index.js'
import type { LabContext } from './context.js'
import { readModelFile, writeModelFile } from './formats/index.js'

/** The layer under a hybrid model, with the file that its run keeps. */
export interface FoundLayer {
  origin: LayerOrigin
  model: ModelRecord
  file: Uint8Array
}

/** The layer alone: of a hybrid model, what it stands on. */
export function layerAlone({ facts, tensors }: ModelRecord): ModelRecord {
  if (facts.type === 'FKHL3' || facts.type === 'KHL3') return { facts, tensors: { weights: tensors.weights } }
  if (facts.type !== 'KHModel') throw new LabError('model.foreign', `expected a model of type FKHL3, KHL3 or KHModel, got ${facts.type}`, { type: facts.type })
  const { type: _type, classes: _classes, ...layer } = facts
  return { facts: { type: 'FKHL3', ...layer }, tensors: { weights: tensors.weights } }
}

/** The newest finished layer that was learnt on a set of images; pruned ones only, where that is asked. */
function newestLayer(records: readonly RunRecord[], datasets: ReadonlyMap<string, string>, kind: string, form: 'pruned' | 'raw'): RunRecord | undefined {
  return records.find(({ id, kind: experiment, state, pruning }) => experiment === 'localLearning' && state === 'finished' && datasets.get(id) === kind && (form === 'raw' || pruning !== null))
}

/** The bytes of the layer that a spec names, and its name in full. */
async function layerFile({ archive }: LabContext, spec: ClassifierSpec & { model: { kind: 'hybrid' } }): Promise<{ bytes: Uint8Array; name: string }> {
  const { layer, layerForm } = spec.model as Extract<ClassifierSpec['model'], { kind: 'hybrid' }>
  const records = await archive.list()
  let run = records.find(({ id, name }) => layer !== null && (id === layer || name === layer))
  if (layer === null) {
    const datasets = new Map(await Promise.all(records.filter(({ kind }) => kind === 'localLearning').map(async ({ id }) => [id, (await archive.read(id).catch(() => null))?.spec.dataset.kind ?? ''] as const)))
    run = newestLayer(records, datasets, spec.dataset.kind, layerForm)
    if (run === undefined) {
      const what = layerForm === 'pruned' ? 'has been finished and pruned' : 'has been finished'
      throw new LabError('run.missing', `no layer of ${DATASETS[spec.dataset.kind].label} ${what} yet; learn one first${layerForm === 'pruned' ? ', prune it, or take a raw layer' : ''}`)
    }
  }
  if (run !== undefined) {
    if (layerForm === 'pruned' && run.pruning === null && run.kind === 'localLearning') throw new LabError('run.nothingToShow', `${run.id} has not been pruned; prune it with \`lab prune ${run.id}\`, or take its raw layer (model.layerForm=raw)`, { run: run.id })
    const path = layerForm === 'pruned' && run.pruning !== null ? run.pruning.model : 'model.pty'
    const bytes = await archive.readFile(run.id, path).catch((error: unknown) => {
      throw new LabError('run.nothingToShow', `${run.id} has no finished layer yet`, { run: run.id }, error)
    })
    return { bytes, name: run.id }
  }
  const path = layer ?? ''
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new LabError('file.unreadable', `expected a run or a model file as the layer, got ${path}: ${asLabError(error).message}`, { path }, error)
  })
  return { bytes, name: path }
}

/**
 * Finds the layer that a hybrid model is to stand on.
 *
 * @param spec - of a hybrid; `layer` null takes the newest finished layer of the same dataset
 * @throws LabError `run.missing`, `run.nothingToShow`, `file.unreadable`, `model.foreign`, `shape.mismatch` for a layer of other images
 */
export async function findLayer(context: LabContext, spec: ClassifierSpec): Promise<FoundLayer> {
  const { bytes, name } = await layerFile(context, spec as ClassifierSpec & { model: { kind: 'hybrid' } })
  const model = layerAlone(readModelFile(bytes))
  const { facts } = model
  const inputSize = DATASETS[spec.dataset.kind].shape.reduce<number>((product, size) => product * size, 1)
  if (facts.inputSize !== inputSize) throw new LabError('shape.mismatch', `expected a layer for ${DATASETS[spec.dataset.kind].label} with ${inputSize} inputs, got ${name} with ${facts.inputSize}`, { layer: name })
  const file = writeModelFile(model, 'pty')
  const form = spec.model.kind === 'hybrid' ? spec.model.layerForm : 'raw'
  const origin: LayerOrigin = { name, form, sha256: createHash('sha256').update(file).digest('hex'), hiddenUnits: facts.hiddenUnits, lebesgueNorm: 'lebesgueNorm' in facts ? facts.lebesgueNorm : 2 }
  return { origin, model, file }
}
