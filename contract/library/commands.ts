import type { Command } from '../command.js'
import type { RunId } from '../runId.js'
import type { ImportedRun } from './imported.js'
import type { EditState, EditSummary, LibraryEdit, SavedView } from './edits.js'
import type {
  ExportAnswer,
  ExportRequest,
  ImportedView,
  ImportOutcome,
  ImportRequest,
  NamedCurves,
} from './exchange.js'
import type { ColumnList, TableAnswer, TableCells, TableRequest } from './table.js'

/** What an edit of the library, or its undoing, did. */
export interface EditAnswer {
  /** Null where everything was as wanted already. */
  edit: EditSummary | null
  /** Values that a later edit holds and that were therefore kept. */
  kept: number
  state: EditState
}

/** Commands of the library. */
export interface LibraryCommands {
  /** `wait` answers when every curve that the request names is read; otherwise `reading` counts those that are missing. */
  'library.table': Command<TableRequest & { wait?: boolean | undefined }, TableAnswer>
  'library.cells': Command<{ lines: RunId[][]; columns: string[]; wait?: boolean | undefined }, TableCells>
  'library.columns': Command<{ search: string; count: number }, ColumnList>
  /**
   * A measure of each of these runs in the order it was measured, thinned to at most `points` values; the first and the last are kept.
   * Empty for a run without it.
   */
  'library.sparklines': Command<{ ids: RunId[]; name: string; points: number }, Float64Array[]>
  'library.edit': Command<LibraryEdit, EditAnswer>
  /** `sequence` null takes back the last edit that is not undone. */
  'library.undo': Command<{ sequence: number | null }, EditAnswer>
  'library.redo': Command<null, EditAnswer>
  /** Newest first. */
  'library.history': Command<{ count: number }, { edits: EditSummary[]; state: EditState }>
  'library.views': Command<null, Record<string, SavedView>>
  /** Deletes the runs of the trash and their files; this cannot be undone. Returns those that were deleted. */
  'library.emptyTrash': Command<{ ids: RunId[] | null }, RunId[]>
  /** Runs as tables, measures or event files. In `folder` no file is replaced without `overwrite`. */
  'library.export': Command<ExportRequest, ExportAnswer>
  /** Reads event files, W&B files and tables of measures as read-only runs; one outcome for each run that was found. */
  'library.import': Command<ImportRequest, ImportOutcome[]>
  /** Imported runs outside the trash, newest first. */
  'library.imports': Command<null, ImportedRun[]>
  /** What is known of an imported run. */
  'library.imported': Command<{ id: RunId }, ImportedView>
  /** Curves of any run of the library, whatever their names; all of them where `names` is missing. */
  'library.curves': Command<{ id: RunId; names?: string[] | undefined }, NamedCurves>
}

/** Events of the library. */
export interface LibraryEvents {
  /** Labels of these runs changed, or curves were read; a table should be requested again. */
  'library.changed': { ids: RunId[]; state: EditState }
}
