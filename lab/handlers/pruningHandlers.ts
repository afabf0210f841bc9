import { LabError, type PruningMode, type PruningRecord, type RunId } from '../../contract/index.js'
import type { LabContext, SomeHandlers } from '../context.js'
import { writePruning } from '../pruningFile.js'
import { readLearntLayer } from './layer.js'

const MODEL = 'model_pruned.pty'

/** Removal of the units that did not converge (section 5.4). */
export function pruningHandlers(context: LabContext): SomeHandlers<'prune.plan' | 'prune.apply'> {
  const { analysis, archive, bus, queue } = context
  const plan = async (id: RunId, mode: PruningMode, cutoff: number | null, signal: AbortSignal) => {
    const run = await readLearntLayer(context, id, 'raw')
    return { ...run, plan: await analysis.ask('prune', { layer: run.layer, mode, cutoff }, { signal }) }
  }
  return {
    'prune.plan': async ({ id, mode, cutoff }, { signal }) => (await plan(id, mode, cutoff, signal)).plan,
    'prune.apply': async ({ id, mode, cutoff }, { signal }) => {
      if (queue.runningId === id) throw new LabError('run.state', `${id} still learns; its units can be removed when it is finished, paused or stopped`, { run: id, state: 'running' })
      const { layer, spec, record, plan: decided } = await plan(id, mode, cutoff, signal)
      const { files } = await analysis.ask('pruneModel', { spec, layer, removed: decided.removed, epoch: record.epoch }, { signal })
      await archive.writeFile(id, MODEL, files.pty)
      await archive.writeFile(id, MODEL.replace('.pty', '.safetensors'), files.safetensors)
      const pruning: PruningRecord = {
        mode, cutoff: decided.cutoff, manual: decided.manual, components: decided.mixtures.filter(({ accepted }) => accepted).at(-1)?.components ?? null,
        removedCount: decided.removedCount, prunedAt: new Date().toISOString(), model: MODEL,
      }
      // The record last: it tells that everything else is there.
      await writePruning(archive, id, pruning, decided)
      const changed = await archive.update(id, { pruning })
      bus.emit('run.changed', { record: changed })
      return pruning
    },
  }
}
