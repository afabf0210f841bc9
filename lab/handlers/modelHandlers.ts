import { basename, resolve } from 'node:path'
import { classesFault, DATASETS, EXPERIMENT_KINDS, LabError, tensorShapes, withoutModelEnding, type ModelEntry, type ModelFormat, type ModelRecord, type ModelTensorSummary } from '../../contract/index.js'
import type { LabContext, SomeHandlers } from '../context.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import { readModelFile, writeModelFile } from '../formats/index.js'
import { findLayer } from '../layerOfModel.js'
import { listModels, readBytes, resolveModel } from '../models/resolve.js'

function summaries(record: ModelRecord): ModelTensorSummary[] {
  return [...tensorShapes(record.facts)].map(([name, shape]) => {
    const data = record.tensors[name] ?? new Float32Array(0)
    let [smallest, largest, sum] = [Infinity, -Infinity, 0]
    for (const value of data) {
      if (value < smallest) smallest = value
      if (value > largest) largest = value
      sum += value
    }
    return { name, shape, smallest, largest, mean: sum / data.length }
  })
}

/** A file name for a model: what it is called, without what paths cannot hold. */
const fileNameOf = ({ label }: ModelEntry, format: ModelFormat): string => `${withoutModelEnding(label).replace(/[^\p{L}\p{N}._-]+/gu, '-')}.${format}`

/** p of the original's images where a model does not know its own (section 1.2). */
const USUAL_NORM = 3

function normOf({ facts }: ModelRecord, asked: number | null): number {
  const own = 'lebesgueNorm' in facts ? facts.lebesgueNorm : null
  if (own !== null && asked !== null && asked !== own) throw new LabError('value.range', `expected the model's own Lebesgue norm of ${own}, got ${asked}`, { lebesgueNorm: asked })
  return own ?? asked ?? USUAL_NORM
}

/** Models: imported ones, those of runs, and what they answer. */
export function modelHandlers(context: LabContext): SomeHandlers<'model.list' | 'model.get' | 'model.import' | 'model.remove' | 'model.export' | 'model.untrained' | 'model.evaluate'> {
  const { analysis, bus, compute, models, places } = context
  return {
    'model.list': () => listModels(context),
    'model.get': async ({ model }) => {
      const { entry, record } = await resolveModel(context, model)
      return { entry, facts: record.facts, tensors: summaries(record), weights: record.tensors.weights }
    },
    'model.import': async ({ source, name }) => {
      const entry = 'path' in source ? await models.add(basename(source.path), await readBytes(resolve(source.path)), name) : await models.add(source.fileName, source.bytes, name)
      bus.emit('model.changed', { name: entry.name })
      return entry
    },
    'model.remove': async ({ model }) => {
      if ((await models.find(model)) === null) {
        const { entry } = await resolveModel(context, model)
        throw new LabError('model.missing', entry.run === null ? `${model} is a file and no imported model` : `${model} belongs to the run ${entry.run} and goes with it`, { model })
      }
      await models.remove(model)
      bus.emit('model.changed', { name: model })
      return null
    },
    'model.export': async ({ model, format, path }) => {
      const { entry, record } = await resolveModel(context, model)
      const bytes = writeModelFile(record, format)
      const written = path === null ? null : resolve(path)
      if (written !== null) await writeFileAtomically(written, bytes)
      return { fileName: written === null ? fileNameOf(entry, format) : basename(written), format, size: bytes.length, path: written, bytes: written === null ? bytes : null }
    },
    'model.untrained': async ({ spec, format }, { signal }) => {
      if (spec.kind !== 'classifier') throw new LabError('run.kind', `expected an experiment with a classifier, got ${EXPERIMENT_KINDS[spec.kind].toLowerCase()}`)
      const layer = spec.model.kind === 'hybrid' ? (await findLayer(context, spec)).model : null
      const { files } = await analysis.ask('untrainedModel', { spec, layer }, { signal })
      return format === 'npz' ? writeModelFile(readModelFile(files.safetensors), format) : files[format]
    },
    'model.evaluate': async ({ model, dataset, split, images, lebesgueNorm, executor, logits }, { signal }) => {
      const unlabelled = classesFault(dataset, 'accuracy')
      if (unlabelled !== null) throw new LabError('value.range', `${unlabelled}; got ${DATASETS[dataset.kind].label}`, { dataset: dataset.kind })
      const { entry, record } = await resolveModel(context, model)
      // A run may hold the compute thread for hours; the other thread answers meanwhile, on WebAssembly.
      const thread = compute.load > 0 ? analysis : compute
      const norm = normOf(record, lebesgueNorm)
      return thread.ask('evaluate', { record, dataset, split, images, lebesgueNorm: norm, executor, logits, places }, {
        signal,
        onEvent: ({ done, total }) => bus.emit('lab.progress', { topic: 'model.evaluate', subject: entry.name, done, total, unit: 'images', text: `${entry.label} on ${dataset.kind}` }),
      })
    },
  }
}
