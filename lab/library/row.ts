import type { RunRecord } from '../../contract/index.js'
import type { CellValue } from '../../contract/library/column.js'
import type { RunLabels } from '../../contract/library/edits.js'
import type { RunColumnName } from '../../contract/library/runColumns.js'
import type { RunSummary } from '../../contract/library/summary.js'

/** What the library knows of one run. */
export interface LibraryRow {
  /** With the name and tags that users gave. */
  record: RunRecord
  labels: RunLabels
  /** Settings as columns; null where the specification cannot be read, or there is none. */
  settings: Readonly<Record<string, CellValue>> | null
  /** Curves, reduced; null before they are read. */
  curves: RunSummary | null
  /** Numbers of stored probe results by column; null where there are none. */
  probes: Readonly<Record<string, number>> | null
}

const time = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso))
const text = (value: string | null): string | null => (value === '' ? null : value)

/** The value of each column of a run that is neither a setting nor a curve. */
export const RUN_CELLS = {
  name: ({ record }) => record.name,
  id: ({ record }) => record.id,
  state: ({ record }) => record.state,
  kind: ({ record }) => record.kind,
  dataset: ({ settings }) => settings?.['dataset.kind'] ?? null,
  seed: ({ record }) => record.seed,
  group: ({ record }) => record.group?.id ?? null,
  tag: ({ labels }) => labels.tags,
  folder: ({ labels }) => text(labels.folder),
  star: ({ labels }) => labels.star,
  note: ({ labels }) => text(labels.note),
  created: ({ record }) => time(record.createdAt),
  started: ({ record }) => time(record.startedAt),
  finished: ({ record }) => time(record.finishedAt),
  computeSeconds: ({ record }) => record.computeSeconds,
  epoch: ({ record }) => record.epoch,
  epochs: ({ record }) => record.epochs,
  executor: ({ record }) => record.executor,
  error: ({ record }) => record.error?.code ?? null,
  accuracy: ({ record }) => record.testAccuracy,
  trainAccuracy: ({ record }) => record.trainAccuracy,
  alpha: ({ record }) => record.spectrumSlope,
  alphaError: ({ record }) => record.spectrumStandardError,
  converged: ({ record }) => record.verdict?.passed ?? null,
  removedUnits: ({ record }) => record.pruning?.removedCount ?? null,
} satisfies Record<RunColumnName, (row: LibraryRow) => CellValue>
