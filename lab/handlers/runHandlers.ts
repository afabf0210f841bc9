import { LabError, newestRunFirst, type ExperimentSpec } from '../../contract/index.js'
import type { LabContext, SomeHandlers } from '../context.js'
import { createEditing } from '../library/editing.js'
import { estimateRun } from '../estimate.js'
import { createRunColumns, readSpecs } from '../runColumns.js'
import { findLayer } from '../layerOfModel.js'

/** Runs and their queue: submitted, listed, paused, resumed, stopped, renamed, removed. */
export function runHandlers(
  context: LabContext,
): SomeHandlers<
  | 'run.estimate'
  | 'run.submit'
  | 'run.list'
  | 'run.get'
  | 'run.columns'
  | 'run.specs'
  | 'run.pause'
  | 'run.resume'
  | 'run.stop'
  | 'run.remove'
  | 'run.rename'
  | 'queue.get'
  | 'queue.hold'
  | 'queue.order'
> {
  const { archive, bus, labels, queue, datasetStore } = context
  const columns = createRunColumns(archive)
  const editing = createEditing(context)
  return {
    'run.estimate': ({ spec }) => estimateRun(context, spec),
    'run.submit': async ({ spec, next = false, seeds = 1 }) => {
      // Reported now, not when the run's turn comes at night.
      const status = await datasetStore.status(spec.dataset.kind)
      if (status.state !== 'here')
        throw new LabError('dataset.missing', `${status.facts.label}: ${status.note}`, { dataset: spec.dataset.kind })
      if (spec.kind !== 'classifier' || spec.model.kind !== 'hybrid') return queue.submit(spec, next, seeds, null)
      // Copied now: the run then uses this very layer, whatever becomes of the place that it came from.
      const { origin, file } = await findLayer(context, spec)
      return queue.submit({ ...spec, model: { ...spec.model, layer: origin.name } }, next, seeds, { origin, file })
    },
    'run.list': async (page) => {
      const listed = (await archive.list()).filter((record) => labels.of(record).trashedAt === null)
      if (page === null) return listed.map(queue.live)
      const { after, count } = page
      // The run before may have been deleted meanwhile, so that its place counts, not itself.
      const from = after === null ? 0 : listed.findIndex((record) => newestRunFirst(after, record) < 0)
      return from < 0 ? [] : listed.slice(from, from + count).map(queue.live)
    },
    'run.get': async ({ id }) => {
      const { record, spec } = await archive.read(id)
      return { record: queue.live(record), spec }
    },
    'run.columns': async ({ ids }) => columns(ids ?? (await archive.list()).map(({ id }) => id)),
    'run.specs': async ({ ids }) => {
      const specs: Record<string, ExperimentSpec> = {}
      await readSpecs(archive, ids, (id, spec) => (specs[id] = spec))
      return specs
    },
    'run.pause': ({ id }) => queue.pause(id),
    'run.resume': ({ id, executor }) => queue.resume(id, executor ?? null),
    'run.stop': ({ id }) => queue.stop(id),
    'run.remove': async ({ id }) => {
      await queue.remove(id)
      return null
    },
    'run.rename': async ({ id, name, tags }) => {
      archive.expectRun(id)
      await editing.edit({ kind: 'rename', ids: [id], name })
      if (tags !== undefined) {
        const own = (await archive.read(id)).record.tags
        const remove = own.filter((tag) => !tags.includes(tag))
        await editing.edit({ kind: 'tag', ids: [id], add: tags, remove })
      }
      return queue.live((await archive.read(id)).record)
    },
    'queue.get': async () => ({ ids: [...queue.ids], held: queue.held }),
    'queue.hold': async ({ held }) => {
      const settings = await archive.changeSettings({ queueHeld: held })
      await queue.hold(held)
      bus.emit('settings.changed', settings)
      return null
    },
    'queue.order': async ({ ids }) => {
      await queue.order(ids)
      return null
    },
  }
}
