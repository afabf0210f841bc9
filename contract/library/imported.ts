import type { RunId } from '../runId.js'

/** Kinds of files that runs are imported from. */
export const IMPORT_FORMATS = {
  tensorboard: { label: 'TensorBoard event files' },
  wandb: { label: 'W&B offline file' },
  csv: { label: 'CSV table of measures' },
} as const satisfies Record<string, { label: string }>
export type ImportFormat = keyof typeof IMPORT_FORMATS

/** Where an imported run comes from. */
export interface ImportOrigin {
  format: ImportFormat
  /** The file or folder as the user named it. */
  path: string
  /** The files that were read, without their folder. */
  files: string[]
  /** Program that wrote them, as far as they say: `wandb 0.31.1`, `tensorboard.summary.writer`. */
  tool: string
  /** Of the content of all files; the same content is imported once. */
  sha256: string
  bytes: number
  /** ISO 8601. */
  importedAt: string
}

/** A run of another program: `import.json`. Its curves are `metrics.jsonl`, its settings `settings.json`. Times are ISO 8601. */
export interface ImportedRun {
  id: RunId
  version: 1
  name: string
  tags: string[]
  /** What its program kept as notes. */
  note: string
  origin: ImportOrigin
  startedAt: string | null
  finishedAt: string | null
  /** Seconds of computing, as far as its program says. */
  computeSeconds: number | null
  seed: number | null
  step: number
  epoch: number
  /** Measures of all curves. */
  values: number
  /** Last values of the measures that columns of every run show; null where it has none. */
  results: Record<'testAccuracy' | 'trainAccuracy' | 'spectrumSlope' | 'spectrumStandardError', number | null>
  /** Sentences about what could not be read: a cut, damaged records. Empty for files that were read whole. */
  faults: string[]
}
