import type { LabContext, SomeHandlers } from '../context.js'
import { createEditing } from '../library/editing.js'

/** The library: its table, its edits, its trash. */
export function libraryHandlers(
  context: LabContext,
): SomeHandlers<
  | 'library.table'
  | 'library.cells'
  | 'library.columns'
  | 'library.curves'
  | 'library.edit'
  | 'library.undo'
  | 'library.redo'
  | 'library.history'
  | 'library.views'
  | 'library.emptyTrash'
> {
  const { archive, bus, labels, library, queue } = context
  const editing = createEditing(context)
  return {
    'library.table': ({ wait = false, ...request }) => library.table(request, wait),
    'library.cells': ({ lines, columns, wait = false }) => library.cells(lines, columns, wait),
    'library.columns': ({ search, count }) => library.columns(search, count),
    'library.curves': ({ ids, name, points }) => library.curves(ids, name, points),
    'library.edit': editing.edit,
    'library.undo': ({ sequence }) => editing.undo(sequence),
    'library.redo': editing.redo,
    'library.history': async ({ count }) => ({ edits: labels.history(count), state: labels.state() }),
    'library.views': async () => labels.views(),
    'library.emptyTrash': async ({ ids }) => {
      const trashed = (await archive.list()).filter((record) => labels.of(record).trashedAt !== null)
      const wanted = trashed.map(({ id }) => id).filter((id) => ids === null || ids.includes(id))
      for (const id of wanted) await queue.remove(id)
      library.touch(wanted)
      bus.emit('library.changed', { ids: wanted, state: labels.state() })
      return wanted
    },
  }
}
