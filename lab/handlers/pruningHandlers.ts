import { LabError, type CommandInput, type PruningRecord } from '../../contract/index.js'
import { dropNext, nextName, takeNext } from '../archive/replacement.js'
import type { LabContext, SomeHandlers } from '../context.js'
import { writePruning } from '../pruningFile.js'
import { writeError } from '../files/atomicWrite.js'
import { readLearntLayer } from '../models/runLayer.js'

const MODEL = 'model_pruned.pty'

/** Removal of the units that did not converge (section 5.4). */
export function pruningHandlers(context: LabContext): SomeHandlers<'prune.plan' | 'prune.apply'> {
  const { analysis, archive, bus, queue } = context
  const plan = async ({ id, mode, cutoff, offNorm = null }: CommandInput<'prune.plan'>, signal: AbortSignal) => {
    const run = await readLearntLayer(context, id, 'raw')
    const { spec, layer } = run
    return { ...run, plan: await analysis.ask('prune', { spec, layer, mode, cutoff, offNorm }, { signal }) }
  }
  return {
    'prune.plan': async (input, { signal }) => (await plan(input, signal)).plan,
    'prune.apply': async (input, { signal }) => {
      const { id, mode } = input
      if (queue.runningIds.includes(id))
        throw new LabError(
          'run.state',
          `${id} is still running; wait until it has finished, or pause or stop it before pruning`,
          { run: id, state: 'running' },
        )
      const { layer, spec, record, plan: decided } = await plan(input, signal)
      const { files, verdict } = await analysis.ask(
        'pruneModel',
        { spec, layer, removed: decided.removed, epoch: record.epoch },
        { signal },
      )
      const pruning: PruningRecord = {
        mode,
        cutoff: decided.cutoff,
        manual: decided.manual,
        offNorm: decided.offNorm,
        components:
          (mode === 'faithful' ? decided.mixtures.at(-1) : decided.mixtures.find(({ accepted }) => accepted))
            ?.components ?? null,
        verdict,
        removedCount: decided.removedCount,
        prunedAt: new Date().toISOString(),
        model: MODEL,
      }
      const folder = archive.pathOf(id, '')
      try {
        await archive.writeFile(id, nextName(MODEL), files.pty)
        await archive.writeFile(id, nextName(MODEL.replace('.pty', '.safetensors')), files.safetensors)
        await writePruning(archive, id, pruning, decided)
      } catch (error) {
        await dropNext(folder).catch(() => undefined)
        throw error
      }
      // The record decides: an earlier pruning counts until it is written.
      const changed = await archive.update(id, { pruning }).catch(async (error: unknown): Promise<never> => {
        await dropNext(folder).catch(() => undefined)
        throw error
      })
      await takeNext(folder).catch(async (error: unknown): Promise<never> => {
        // Nothing counted before. Where something did, the next opening of the archive finishes this one.
        if (record.pruning === null)
          await archive.update(id, { pruning: null }).then(
            () => dropNext(folder),
            () => undefined,
          )
        throw writeError(folder, error)
      })
      bus.emit('run.changed', { record: changed })
      return pruning
    },
  }
}
