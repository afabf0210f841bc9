import type { LibraryEdit } from '../../contract/library/edits.js'
import { VIEWS_ID, type CellChange, type LabelCells, type LabelValue } from './cells.js'

type RunEdit = Exclude<LibraryEdit, { kind: 'view' }>

const runsText = (count: number): string => (count === 1 ? '1 run' : `${count} runs`)
/** A text shown inside a sentence. */
const shortened = (text: string, most = 40): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

/** One change for each value that the cells hold now, so that undoing restores every one. */
function changesTo(cells: LabelCells, ids: readonly string[], key: string, after: LabelValue): CellChange[] {
  const byBefore = new Map<LabelValue, string[]>()
  for (const id of ids) {
    const before = cells.get(id, key)
    if (before === after) continue
    const group = byBefore.get(before) ?? []
    if (group.length === 0) byBefore.set(before, group)
    group.push(id)
  }
  return [...byBefore].map(([before, group]) => ({ key, ids: group, before, after }))
}

function editText(edit: RunEdit, count: number): string {
  const what = runsText(count)
  if (edit.kind === 'rename') return `Renamed ${what} to ${shortened(edit.name)}`
  if (edit.kind === 'note') return edit.note === '' ? `Removed the note of ${what}` : `Changed the note of ${what}`
  if (edit.kind === 'star') return edit.star ? `Starred ${what}` : `Removed the star of ${what}`
  if (edit.kind === 'move')
    return edit.folder === '' ? `Moved ${what} out of folders` : `Moved ${what} to ${shortened(edit.folder)}`
  if (edit.kind === 'trash') return edit.trashed ? `Moved ${what} to the trash` : `Restored ${what} from the trash`
  const parts = [
    ...(edit.add.length > 0 ? [`tagged ${what} ${shortened(edit.add.join(', '))}`] : []),
    ...(edit.remove.length > 0 ? [`removed the tag ${shortened(edit.remove.join(', '))} of ${what}`] : []),
  ].join(' and ')
  return parts.charAt(0).toUpperCase() + parts.slice(1)
}

function runChanges(edit: RunEdit, cells: LabelCells, at: string): CellChange[] {
  const ids = [...new Set(edit.ids)]
  if (edit.kind === 'rename') return changesTo(cells, ids, 'name', edit.name)
  if (edit.kind === 'note') return changesTo(cells, ids, 'note', edit.note)
  if (edit.kind === 'star') return changesTo(cells, ids, 'star', edit.star)
  if (edit.kind === 'move') return changesTo(cells, ids, 'folder', edit.folder)
  if (edit.kind === 'trash') {
    // A run that is in the trash already keeps the moment at which it came there.
    const moved = edit.trashed ? ids.filter((id) => cells.get(id, 'trashed') === null) : ids
    return changesTo(cells, moved, 'trashed', edit.trashed ? at : null)
  }
  return [
    ...[...new Set(edit.add)].flatMap((tag) => changesTo(cells, ids, `tag:${tag}`, true)),
    ...[...new Set(edit.remove)]
      .filter((tag) => !edit.add.includes(tag))
      .flatMap((tag) => changesTo(cells, ids, `tag:${tag}`, false)),
  ]
}

/**
 * The changes of cells that an edit means, with the values that they replace.
 *
 * @param at - the time of the edit, ISO 8601
 * @returns its sentence for the history, and the changes; none where everything is as wanted already
 */
export function changesOf(
  edit: LibraryEdit,
  cells: LabelCells,
  at: string,
): { text: string; changes: readonly CellChange[] } {
  if (edit.kind === 'view') {
    const after = edit.view === null ? null : JSON.stringify(edit.view)
    return {
      text: `${edit.view === null ? 'Deleted' : 'Saved'} the view ${shortened(edit.name)}`,
      changes: changesTo(cells, [VIEWS_ID], `view:${edit.name}`, after),
    }
  }
  const changes = runChanges(edit, cells, at)
  return { text: editText(edit, new Set(changes.flatMap(({ ids }) => ids)).size), changes }
}
