import {
  LabError,
  type ExperimentSpec,
  type LocalLearningSpec,
  type RunId,
  type RunRecord,
} from '../../contract/index.js'
import type { LayerSetting, LayerWeights } from '../compute/jobTable.js'
import type { LabContext } from '../context.js'
import { readPruning } from '../pruningFile.js'

/** A layer as a run has it now. */
export interface RunLayer {
  record: RunRecord
  spec: ExperimentSpec
  layer: LayerWeights
  setting: LayerSetting
  epoch: number
}

function asLayer(data: ArrayLike<number>, shape: readonly number[], id: RunId): LayerWeights {
  const [hiddenUnits, inputSize] = shape
  if (
    !(data instanceof Float32Array) ||
    hiddenUnits === undefined ||
    inputSize === undefined ||
    data.length !== hiddenUnits * inputSize
  ) {
    throw new LabError(
      'file.damaged',
      `expected weights of ${id} as float32 units x inputs, got ${data.length} values in the shape ${shape.join(' x ')}`,
      { run: id },
    )
  }
  return { data, hiddenUnits, inputSize }
}

/** The newest weights: as the experiment reported them, as stored, or from the last checkpoint. */
async function newestWeights(
  { archive, queue }: LabContext,
  id: RunId,
): Promise<{ layer: LayerWeights; epoch: number }> {
  const latest = queue.latestArray(id, 'weights')
  if (latest !== null) return { layer: asLayer(latest.data, latest.shape, id), epoch: latest.epoch }
  const stored = await archive.readArray(id, 'weights', null).catch((error: unknown) => {
    if (error instanceof LabError && error.code === 'run.nothingToShow') return null
    throw error
  })
  const { record } = await archive.read(id)
  const lastCheckpoint = record.checkpoints.at(-1) ?? 0
  if (stored !== null && stored.epoch >= lastCheckpoint)
    return { layer: asLayer(stored.data, stored.shape, id), epoch: stored.epoch }
  const checkpoint = await archive.readLastCheckpoint(id)
  const weights =
    checkpoint?.tensors['weights'] ??
    checkpoint?.tensors['parameters.weights'] ??
    checkpoint?.tensors['parameters.dense']
  if (checkpoint !== null && weights !== undefined)
    return { layer: asLayer(weights.data, weights.shape, id), epoch: checkpoint.epoch }
  if (stored !== null) return { layer: asLayer(stored.data, stored.shape, id), epoch: stored.epoch }
  throw new LabError('run.nothingToShow', `${id} has not stored any weights yet`, { run: id })
}

/**
 * Reads the layer of a run.
 *
 * @param which - `pruned`: with the removed units set to zero
 * @throws LabError `run.missing`, `run.nothingToShow` before the first weights, or when nothing was pruned yet
 */
export async function readLayer(context: LabContext, id: RunId, which: 'raw' | 'pruned'): Promise<RunLayer> {
  const { record, spec } = await context.archive.read(id)
  const { layer, epoch } = await newestWeights(context, id)
  const live = context.queue.live(record)
  const setting = settingOf(spec, record)
  if (which === 'raw') return { record: live, spec, layer, setting, epoch }
  const pruning = await readPruning(context.archive, id)
  if (pruning === null) throw new LabError('run.nothingToShow', `${id} has not been pruned`, { run: id })
  const data = layer.data.slice()
  for (const unit of pruning.removedUnits) data.fill(0, unit * layer.inputSize, (unit + 1) * layer.inputSize)
  return { record: live, spec, layer: { ...layer, data }, setting, epoch }
}

/** What a layer's numbers mean. A perceptron's hidden layer is a plain product; a hybrid's is the overlap of its layer. */
function settingOf(spec: ExperimentSpec, { layer }: RunRecord): LayerSetting {
  const { dataset, executor } = spec
  if (spec.kind === 'localLearning')
    return { dataset, executor, lebesgueNorm: spec.layer.lebesgueNorm, imageNorm: spec.layer.lebesgueNorm }
  if (spec.model.kind === 'hybrid')
    return { dataset, executor, lebesgueNorm: layer?.lebesgueNorm ?? 3, imageNorm: layer?.lebesgueNorm ?? 3 }
  return { dataset, executor, lebesgueNorm: 2, imageNorm: spec.model.imageNorm }
}

/**
 * Reads the layer of a local-learning run.
 *
 * @throws LabError `run.kind` for a classifier, and whatever {@link readLayer} throws
 */
export async function readLearntLayer(
  context: LabContext,
  id: RunId,
  which: 'raw' | 'pruned',
): Promise<RunLayer & { spec: LocalLearningSpec }> {
  const layer = await readLayer(context, id, which)
  const { spec } = layer
  if (spec.kind !== 'localLearning')
    throw new LabError('run.kind', `expected a receptive-field run, got the classifier ${id}`, { run: id })
  return { ...layer, spec }
}
