import { basename, resolve } from 'node:path'
import {
  classesFault,
  composed,
  cutName,
  DATASETS,
  EXPERIMENT_KINDS,
  LabError,
  withoutModelEnding,
  type ModelEntry,
  type ModelFormat,
  type ModelRecord,
} from '../../contract/index.js'
import { threadFor } from '../compute/interactiveThread.js'
import type { LabContext, SomeHandlers } from '../context.js'
import { expectExportable, writeExport } from '../files/exports.js'
import { readModelFile, writeModelFile } from '../formats/index.js'
import { findLayer } from '../layerOfModel.js'
import { findModel, listModels, readModel, resolveModel } from '../models/resolve.js'

/** A file name for a model: what it is called, without what paths cannot hold. */
const fileNameOf = ({ label }: ModelEntry, format: ModelFormat): string =>
  `${cutName(withoutModelEnding(composed(label)).replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-'))}.${format}`

/** p of the original's images where a model does not know its own (section 1.2). */
const USUAL_NORM = 3

function normOf({ facts }: ModelRecord, asked: number | null): number {
  const own = 'lebesgueNorm' in facts ? facts.lebesgueNorm : null
  if (own !== null && asked !== null && asked !== own)
    throw new LabError('value.range', `expected the model's own Lebesgue norm of ${own}, got ${asked}`, {
      lebesgueNorm: asked,
    })
  return own ?? asked ?? USUAL_NORM
}

/** Models: imported ones, those of runs, and what they answer. */
export function modelHandlers(
  context: LabContext,
): SomeHandlers<
  | 'model.list'
  | 'model.get'
  | 'model.upload'
  | 'model.import'
  | 'model.remove'
  | 'model.export'
  | 'model.untrained'
  | 'model.evaluate'
> {
  const { analysis, bus, cache, models, places, uploads } = context
  return {
    'model.list': () => listModels(context, (record) => context.labels.of(record).trashedAt === null),
    'model.get': async ({ model }, { signal }) => {
      const {
        entry,
        read: { facts, summaries, tensors },
      } = await readModel(context, model, { tensors: true, summaries: true }, signal)
      return { entry, facts, tensors: summaries ?? [], weights: tensors?.weights ?? new Float32Array(0) }
    },
    'model.upload': ({ upload, bytes }) => uploads.append(upload, bytes),
    'model.import': async ({ source, name }, { signal }) => {
      const entry = await models.add(
        'upload' in source ? { fileName: source.fileName, sentTo: uploads.pathOf(source.upload) } : source,
        name,
        signal,
      )
      if ('upload' in source) await uploads.remove(source.upload)
      bus.emit('model.changed', { name: entry.name })
      return entry
    },
    'model.remove': async ({ model }) => {
      if ((await models.find(model)) === null) {
        const { entry } = await findModel(context, model)
        throw new LabError(
          'model.missing',
          entry === null || entry.run === null
            ? `${model} is a file, not an imported model`
            : `${model} belongs to the run ${entry.run} and is deleted together with it`,
          { model },
        )
      }
      await models.remove(model)
      bus.emit('model.changed', { name: model })
      return null
    },
    'model.export': async ({ model, format, path, overwrite = false }, { signal }) => {
      const {
        entry,
        read: { file },
      } = await readModel(context, model, { file: format }, signal)
      if (file === null) throw new LabError('internal', 'a model was loaded without its file')
      const bytes = file
      const written = path === null ? null : resolve(path)
      if (written !== null) {
        await expectExportable([written], { overwrite, archive: context.archive.folder })
        await writeExport(written, bytes, { overwrite })
      }
      return {
        fileName: written === null ? fileNameOf(entry, format) : basename(written),
        format,
        size: bytes.length,
        path: written,
        bytes: written === null ? bytes : null,
      }
    },
    'model.untrained': async ({ spec, format }, { signal }) => {
      if (spec.kind !== 'classifier')
        throw new LabError(
          'run.kind',
          `expected an experiment with a classifier, got ${EXPERIMENT_KINDS[spec.kind].toLowerCase()}`,
        )
      const layer = spec.model.kind === 'hybrid' ? (await findLayer(context, spec)).model : null
      const { files } = await analysis.ask('untrainedModel', { spec, layer }, { signal })
      return format === 'npz' ? writeModelFile(readModelFile(files.safetensors), format) : files[format]
    },
    'model.evaluate': async ({ model, dataset, split, images, lebesgueNorm, executor, logits }, { signal }) => {
      const unlabelled = classesFault(dataset, 'accuracy')
      if (unlabelled !== null)
        throw new LabError('value.range', `${unlabelled}; got ${DATASETS[dataset.kind].label}`, {
          dataset: dataset.kind,
        })
      const { entry, record } = await resolveModel(context, model, signal)
      const thread = threadFor(context, executor)
      const norm = normOf(record, lebesgueNorm)
      return thread.ask(
        'evaluate',
        { record, dataset, split, images, lebesgueNorm: norm, executor, logits, places, cache },
        {
          signal,
          onEvent: ({ done, total, note }) =>
            bus.emit('lab.progress', {
              topic: 'model.evaluate',
              subject: entry.name,
              done,
              total,
              unit: 'images',
              text: `${entry.label} on ${dataset.kind}${note === null ? '' : `; ${note}`}`,
            }),
        },
      )
    },
  }
}
