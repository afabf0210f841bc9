import type { FigureContent, FigureName, ResultKind, StyleName } from './figures/index.js'
import type { RunId } from './runId.js'

export * from './figures/index.js'

export const FIGURE_FORMATS = ['eps', 'pdf', 'svg', 'png'] as const
export type FigureFormat = (typeof FIGURE_FORMATS)[number]

/** What decides the colours of models in a figure: `workbench`, those that they have in the window; `paper`, those of the paper. */
export const FIGURE_COLOURS = ['workbench', 'paper'] as const
export type FigureColours = (typeof FIGURE_COLOURS)[number]

/** A result of the archive as a user names it. */
export interface ResultName {
  /** An id (`a-19d0e26c`), the unique beginning of one, or a name: a sweep's own; of a spectrum or plane that of its only model, `Dataset` for a spectrum of the data. */
  name: string
  /** Takes the place of the label of its only model; null keeps what it was measured with. */
  label: string | null
}

/** Results of the archive that a figure is put together from; which kind is the figure's (`FIGURE_FACTS`). */
export interface FigureResults {
  kind: 'results'
  names: ResultName[]
  /** Ranks of the fits of Figures 2 and 3, counted from 1, both ends included; null keeps the fit that every spectrum was measured with. */
  windows: { dataset: [first: number, last: number]; noise: [first: number, last: number] } | null
  /** Whether the paper's values are drawn too (Figures 1 and A2). */
  withPublished: boolean
  /** Colours of the models (Figures 1 and A2); absent: `paper`. */
  colours?: FigureColours
}

/** A run that Figure A1 shows. */
export interface FigureRun {
  kind: 'run'
  run: RunId
  /** Numbers of the units in its mosaics, counted from 0, 1 to 16; absent: chosen by the figure. */
  units?: readonly number[]
}

/** What a figure is to be drawn from: a run of the archive, results of several models, or data as `parseFigureFile` reads them, with a name for the provenance. */
export type FigureSource = FigureRun | FigureResults | { kind: 'data'; name: string; content: FigureContent }

/** A result that a figure shows, so that its numbers can be found again. */
export interface ResultOrigin {
  id: string
  kind: ResultKind
  /** ISO 8601. */
  createdAt: string
  /** sha256 of the numbers that the figure takes from it. */
  sha256: string
  /** With the sha256 of their facts and tensors; none for a spectrum of the data. */
  models: { label: string; model: string; sha256: string }[]
  /** Of its random numbers. */
  seeds: number[]
  datasetHashes: Record<string, string>
}

/** Where a figure's numbers come from; stored beside every export and inside it where the format allows. */
export interface FigureProvenance {
  figure: FigureName
  runs: string[]
  seeds: number[]
  style: StyleName
  program: string
  drawnAt: string
  /** Files of data that the figure was drawn from. */
  sources: string[]
  /** Archived results that it was drawn from. */
  results: ResultOrigin[]
}

/** One exported file. */
export interface ExportedFigure {
  /** What a reader of the figure should know: everything that did not simply pass. */
  findings: PreflightFinding[]
  format: FigureFormat
  fileName: string
  path: string
  bytes: number
}

/** One finding of the check before export. */
export interface PreflightFinding {
  level: 'pass' | 'advice' | 'fail'
  text: string
  detail: string
  value: string
}
