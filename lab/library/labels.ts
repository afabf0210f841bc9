import { join } from 'node:path'
import type { RunId, RunRecord } from '../../contract/index.js'
import {
  savedView,
  type EditState,
  type EditSummary,
  type LibraryEdit,
  type RunLabels,
  type SavedView,
} from '../../contract/library/edits.js'
import type { ArchiveProblems } from '../archive/problems.js'
import { createCells, initialValue, labelsOf, VIEWS_ID } from './cells.js'
import { changesOf } from './changesOf.js'
import { openEditLog } from './editLog.js'

/** What an edit, or its undoing, changed. */
export interface EditOutcome {
  edit: EditSummary
  ids: RunId[]
  /** Values that a later edit holds and that were therefore kept. */
  kept: number
}

/** Names, tags, notes, stars, folders, trash and views, as users have set them. */
export interface Labels {
  of(record: Pick<RunRecord, 'id' | 'tags'>): RunLabels
  /** The record as lists show it: with the name and tags that users gave. */
  shown<Shown extends Pick<RunRecord, 'id' | 'name' | 'tags'>>(record: Shown): Shown
  views(): Record<string, SavedView>
  /** @returns null where everything is as wanted already */
  edit(edit: LibraryEdit): Promise<EditOutcome | null>
  undo(sequence: number | null): Promise<EditOutcome>
  redo(): Promise<EditOutcome>
  state(): EditState
  history(count: number): EditSummary[]
}

const isRun = (id: string): boolean => id !== VIEWS_ID

/**
 * Opens what users have set, `library/edits.jsonl` in the archive.
 *
 * @param tagsOf - tags of a run's record, from before there was a library
 * @throws LabError `archive.newerVersion`, `file.unreadable`
 */
export async function openLabels(
  folder: string,
  {
    readOnly,
    problems,
    tagsOf,
  }: { readOnly: boolean; problems: ArchiveProblems; tagsOf: (id: RunId) => readonly string[] },
): Promise<Labels> {
  const cells = createCells((id, key) =>
    key.startsWith('tag:') ? tagsOf(id).includes(key.slice(4)) : initialValue(key),
  )
  const path = join(folder, 'library', 'edits.jsonl')
  const log = await openEditLog(path, cells, { readOnly })
  if (log.damaged > 0)
    problems.add(`${log.damaged} ${log.damaged === 1 ? 'edit' : 'edits'} in ${path} cannot be read and were skipped.`)
  const labels = (record: Pick<RunRecord, 'id' | 'tags'>): RunLabels => labelsOf(cells, record.id, record.tags)
  const outcome = ({ edit, ids, kept }: { edit: EditSummary; ids: string[]; kept: number }): EditOutcome => ({
    edit,
    ids: ids.filter(isRun),
    kept,
  })
  return {
    of: labels,
    shown: (record) => {
      const { name, tags } = labels(record)
      return { ...record, name: name ?? record.name, tags: [...tags] }
    },
    views: () =>
      Object.fromEntries(
        [...cells.of(VIEWS_ID)].flatMap(([key, value]) => {
          const view = typeof value === 'string' ? savedView.safeParse(JSON.parse(value)) : null
          return view?.success === true ? [[key.slice('view:'.length), view.data]] : []
        }),
      ),
    edit: async (edit) => {
      const { text, changes } = changesOf(edit, cells, new Date().toISOString())
      const stored = await log.add(text, changes)
      const ids = [...new Set(changes.flatMap((change) => change.ids))]
      return stored === null ? null : outcome({ edit: stored, ids, kept: 0 })
    },
    undo: async (sequence) => outcome(await log.undo(sequence)),
    redo: async () => outcome(await log.redo()),
    state: log.state,
    history: log.history,
  }
}
