import type { RunId } from '../../contract/index.js'
import type { EditAnswer } from '../../contract/library/commands.js'
import type { LibraryEdit } from '../../contract/library/edits.js'
import type { LabContext } from '../context.js'
import type { EditOutcome } from './labels.js'
import { figureUses } from './figureUses.js'
import { expectUnneeded } from './needed.js'

/** Edits of the library, checked, stored, and sent to every page. */
export interface Editing {
  /** @throws LabError `run.missing`, `library.needed` */
  edit(edit: LibraryEdit): Promise<EditAnswer>
  /** @throws LabError `library.nothingToUndo` */
  undo(sequence: number | null): Promise<EditAnswer>
  redo(): Promise<EditAnswer>
}

export function createEditing({
  archive,
  bus,
  labels,
  library,
  queue,
  sweeps,
}: Pick<LabContext, 'archive' | 'bus' | 'labels' | 'library' | 'queue' | 'sweeps'>): Editing {
  const answered = async (outcome: EditOutcome | null): Promise<EditAnswer> => {
    const state = labels.state()
    if (outcome !== null) {
      library.touch(outcome.ids)
      const changed = new Set<RunId>(outcome.ids)
      for (const record of await archive.list())
        if (changed.has(record.id)) {
          // Lists of other pages leave out what is in the trash.
          if (labels.of(record).trashedAt !== null) bus.emit('run.removed', { id: record.id })
          else bus.emit('run.changed', { record: queue.live(record) })
        }
      bus.emit('library.changed', { ids: outcome.ids, state })
    }
    return { edit: outcome?.edit ?? null, kept: outcome?.kept ?? 0, state }
  }
  return {
    edit: async (edit) => {
      if (edit.kind !== 'view') edit.ids.forEach(archive.expectRun)
      if (edit.kind === 'trash' && edit.trashed) {
        const records = new Map((await archive.list()).map((record) => [record.id, queue.live(record)]))
        expectUnneeded(edit.ids, records, { sweeps: sweeps.list(), figures: await figureUses(archive.folder) })
      }
      return answered(await labels.edit(edit))
    },
    undo: async (sequence) => answered(await labels.undo(sequence)),
    redo: async () => answered(await labels.redo()),
  }
}
