import { isImportedId } from '../../contract/index.js'
import type { LabContext, SomeHandlers } from '../context.js'
import { exportRuns } from '../exchange/exportRuns.js'
import { importRuns } from '../exchange/importRuns.js'
import { curvesOf } from '../exchange/runMeasures.js'
import { createEditing } from '../library/editing.js'
import { flattened } from '../library/flatten.js'

/** The library: its table, its edits, its trash. */
export function libraryHandlers(
  context: LabContext,
): SomeHandlers<
  | 'library.table'
  | 'library.cells'
  | 'library.columns'
  | 'library.sparklines'
  | 'library.edit'
  | 'library.undo'
  | 'library.redo'
  | 'library.history'
  | 'library.views'
  | 'library.emptyTrash'
  | 'library.export'
  | 'library.import'
  | 'library.imports'
  | 'library.imported'
  | 'library.curves'
> {
  const { analysis, bus, imported, labels, library, queue, source } = context
  const editing = createEditing(context)
  return {
    'library.table': ({ wait = false, ...request }) => library.table(request, wait),
    'library.cells': ({ lines, columns, wait = false }) => library.cells(lines, columns, wait),
    'library.columns': ({ search, count }) => library.columns(search, count),
    'library.sparklines': ({ ids, name, points }) => library.curves(ids, name, points),
    'library.edit': editing.edit,
    'library.undo': ({ sequence }) => editing.undo(sequence),
    'library.redo': editing.redo,
    'library.history': async ({ count }) => ({ edits: labels.history(count), state: labels.state() }),
    'library.views': async () => labels.views(),
    'library.export': ({ columns, folder, kind, lines, overwrite = false }, { signal }) =>
      exportRuns(context, { columns, folder, kind, lines, overwrite }, signal),
    'library.import': async (request, { signal }) => {
      const outcomes = await importRuns(context, request, signal)
      const ids = outcomes.flatMap(({ run, known }) => (run === null || known ? [] : [run.id]))
      library.touch(ids)
      // Names of their measures are columns of the library from now on.
      if (ids.length > 0) await library.warm()
      bus.emit('library.changed', { ids, state: labels.state() })
      return outcomes
    },
    'library.imports': async () =>
      imported
        .all()
        .filter((run) => labels.of(run).trashedAt === null)
        .map(labels.shown),
    'library.imported': async ({ id }) => ({
      id,
      run: labels.shown(imported.get(id)),
      settings: flattened(await imported.readSettings(id)),
    }),
    'library.curves': async ({ id, names }, { signal }) => {
      source.expectRun(id)
      const curves = curvesOf(await analysis.ask('measures', { path: source.metricsPath(id) }, { signal }))
      return names === undefined
        ? curves
        : Object.fromEntries(Object.entries(curves).filter(([name]) => names.includes(name)))
    },
    'library.emptyTrash': async ({ ids }) => {
      const trashed = (await source.list()).filter((record) => labels.of(record).trashedAt !== null)
      const wanted = trashed.map(({ id }) => id).filter((id) => ids === null || ids.includes(id))
      for (const id of wanted) await (isImportedId(id) ? imported : queue).remove(id)
      library.touch(wanted)
      bus.emit('library.changed', { ids: wanted, state: labels.state() })
      return wanted
    },
  }
}
