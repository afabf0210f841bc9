/** Figures of the paper that this release can draw; every name has a file under figures/. */
export const FIGURE_NAMES = ['A1'] as const
export type FigureName = (typeof FIGURE_NAMES)[number]

export const FIGURE_FORMATS = ['eps', 'png', 'svg'] as const
export type FigureFormat = (typeof FIGURE_FORMATS)[number]

/** Style sheets of section 8.1. */
export const STYLE_NAMES = ['IJoCV', 'ICLRFullTextwidth', 'PRLDoubleCol', 'PRLSingleCol', 'PRLPresentations', 'A1PosterPortrait'] as const
export type StyleName = (typeof STYLE_NAMES)[number]

/** Data of Figure A1 (section 8.6). Weights are units x inputs, row by row; images height x width x channel. */
export interface FigureA1Data {
  imageShape: readonly [height: number, width: number, channels: number]
  hiddenUnits: number
  rawWeights: Float32Array
  prunedWeights: Float32Array
  /** Unbiased variance of every raw unit, H. */
  variances: Float64Array
  /** Null when nothing was pruned; the line is then not drawn and the figure says so. */
  cutoff: number | null
  /** Eigenvalues, descending. */
  spectra: { datasetRaw: Float64Array; datasetPruned: Float64Array; noiseRaw: Float64Array; noisePruned: Float64Array }
  datasetLabel: string
}

/** Where a figure's numbers come from; stored beside every export and inside it where the format allows. */
export interface FigureProvenance {
  figure: FigureName
  runs: string[]
  seeds: number[]
  style: StyleName
  program: string
  drawnAt: string
}

/** One exported file. */
export interface ExportedFigure {
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
