import { z } from 'zod'
import { LIBRARY_ID, type RunId } from '../runId.js'
import { MOST_EDITED_RUNS } from './edits.js'
import type { ImportedRun } from './imported.js'
import { MOST_COLUMNS } from './table.js'

/** Everything that runs are exported as: the name of the file, what it holds, and the format that commands call it by. */
export const EXPORTS = {
  runsCsv: { label: 'Table of runs', format: 'csv', fileName: 'runs.csv', help: 'The columns that are shown.' },
  runsParquet: {
    label: 'Table of runs',
    format: 'parquet',
    fileName: 'runs.parquet',
    help: 'The columns that are shown.',
  },
  measuresCsv: { label: 'Measures, long', format: 'csv', fileName: 'measures.csv', help: 'One measure a line.' },
  measuresWideCsv: {
    label: 'Measures, wide',
    format: 'csv',
    fileName: 'measures-wide.csv',
    help: 'One step a line, one measure a column.',
  },
  measuresParquet: {
    label: 'Measures, long',
    format: 'parquet',
    fileName: 'measures.parquet',
    help: 'One measure a line.',
  },
  tensorboard: {
    label: 'TensorBoard events',
    format: 'tensorboard',
    fileName: 'tensorboard.zip',
    help: 'A folder with one event file for each run, and its settings for the HParams page.',
  },
} as const satisfies Record<
  string,
  { label: string; format: 'csv' | 'parquet' | 'tensorboard'; fileName: string; help: string }
>
export type ExportKind = keyof typeof EXPORTS
export const EXPORT_KINDS = Object.keys(EXPORTS) as [ExportKind, ...ExportKind[]]
export const EXPORT_FORMATS = ['tensorboard', 'csv', 'parquet'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** Bytes of an export that is downloaded; larger ones are written to a folder. */
export const LARGEST_DOWNLOAD = 256 * 2 ** 20

const ids = z.array(z.string().regex(LIBRARY_ID)).max(MOST_EDITED_RUNS)

/** What is exported, and where to. */
export const exportRequest = z.strictObject({
  kind: z.enum(EXPORT_KINDS),
  /** Lines of the table: runs, or groups of runs, of which a table has the means. */
  lines: z.array(ids.min(1)).min(1).max(MOST_EDITED_RUNS),
  /** Columns of the table of runs; the measures have their own. */
  columns: z.array(z.string().min(1).max(200)).max(MOST_COLUMNS),
  /** Null answers with the bytes. */
  folder: z.string().min(1).max(4096).nullable(),
  overwrite: z.boolean().default(false),
})
export type ExportRequest = z.input<typeof exportRequest>

/** What was exported. */
export interface ExportAnswer {
  /** Files that were written; empty for a download. */
  files: { path: string; bytes: number }[]
  download: { fileName: string; bytes: Uint8Array } | null
}

/** Where runs are imported from: files and folders of the host, or files that were uploaded. */
export const importRequest = z.strictObject({
  sources: z
    .array(
      z.union([
        z.strictObject({ path: z.string().min(1).max(4096) }),
        z.strictObject({ fileName: z.string().min(1).max(255), upload: z.string().regex(/^[0-9a-f]{24}$/) }),
      ]),
    )
    .min(1)
    .max(1000),
})
export type ImportRequest = z.infer<typeof importRequest>

/** What became of one run that was found. */
export interface ImportOutcome {
  /** As the user named it, with the place inside a folder. */
  source: string
  /** Null where the file was refused. */
  run: ImportedRun | null
  /** Whether the same content was imported before: `run` is the earlier one. */
  known: boolean
  /** Whether that run is in the trash. */
  trashed: boolean
  /** Why the file was refused; null otherwise. */
  refused: string | null
}

/** Curves of a run by name; entry i of each column belongs together. */
export type NamedCurves = Record<string, { epoch: Float64Array; step: Float64Array; value: Float64Array }>

/** An imported run with its settings. */
export interface ImportedView {
  id: RunId
  run: ImportedRun
  settings: Record<string, unknown>
}
