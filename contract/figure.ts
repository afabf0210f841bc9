import type { AttackKind } from './attacks/index.js'
import type { RunId } from './runId.js'
import type { PowerLawFit } from './spectrum.js'

/** Kinds of archived results that figures are put together from: robustness sweeps, covariance spectra, decision planes. */
export const RESULT_KINDS = ['sweep', 'spectrum', 'plane'] as const
export type ResultKind = (typeof RESULT_KINDS)[number]

/** Style sheets of section 8.1. */
export const STYLE_NAMES = [
  'IJoCV',
  'ICLRFullTextwidth',
  'PRLDoubleCol',
  'PRLSingleCol',
  'PRLPresentations',
  'A1PosterPortrait',
] as const
export type StyleName = (typeof STYLE_NAMES)[number]

/** Every figure of the paper: what it shows, the sheet that it was published with, the name of its file (section 9), and what its numbers come from. */
export const FIGURE_FACTS = {
  '1': {
    label: 'Figure 1, robustness',
    text: 'Robustness against random perturbations, FGSM and PGD',
    style: 'IJoCV',
    fileStem: 'Figure1-AdversarialResults',
    source: 'sweep',
  },
  '2': {
    label: 'Figure 2, spectra of the KH layer',
    text: 'Covariance spectra of data, untrained network and KH layer',
    style: 'ICLRFullTextwidth',
    fileStem: 'Figure2-FKHL3ModelSpectra',
    source: 'spectrum',
  },
  '3': {
    label: 'Figure 3, spectra of the models',
    text: 'Covariance spectra of the models',
    style: 'ICLRFullTextwidth',
    fileStem: 'Figure3-ModelSpectra',
    source: 'spectrum',
  },
  '4': {
    label: 'Figure 4, decision planes',
    text: 'Jacobian norm and decision regions on a plane',
    style: 'ICLRFullTextwidth',
    fileStem: 'Figure4-JacobianLandscapesAndDecisionBoundaries',
    source: 'plane',
  },
  A1: {
    label: 'Figure A1, receptive fields and spectra',
    text: 'Receptive fields and covariance spectra before and after pruning',
    style: 'IJoCV',
    fileStem: 'FigureA1-FKHL3Spectra',
    source: 'run',
  },
  A2: {
    label: 'Figure A2, accuracy and robustness',
    text: 'Test accuracy against median critical norm',
    style: 'IJoCV',
    fileStem: 'FigureA2-AccVsRobustness',
    source: 'sweep',
  },
} as const satisfies Record<
  string,
  { label: string; text: string; style: StyleName; fileStem: string; source: 'run' | ResultKind }
>
export type FigureName = keyof typeof FIGURE_FACTS
export const FIGURE_NAMES = ['1', '2', '3', '4', 'A1', 'A2'] as const satisfies readonly FigureName[]

export const FIGURE_FORMATS = ['eps', 'pdf', 'svg', 'png'] as const
export type FigureFormat = (typeof FIGURE_FORMATS)[number]

/** The models of the paper in its order, by the names of its legends; figures know their colours and other names. */
export const PAPER_MODELS = ['KH', 'BP', 'L2', 'JReg', 'SpecReg'] as const

/** A model in a figure. `colour` is `#rrggbb`; null takes the paper's colour of that label, or the next free one. */
export interface FigureModel {
  label: string
  colour: string | null
  /** Dash of its lines and shape of its dots, 0 to 3, as in the window; absent: solid and round. */
  dash?: number
}

/** What decides the colours of models in a figure: `workbench`, those that they have in the window; `paper`, those of the paper. */
export const FIGURE_COLOURS = ['workbench', 'paper'] as const
export type FigureColours = (typeof FIGURE_COLOURS)[number]

/** One attack against one model. E sizes, K images that the model classifies correctly without attack. */
export interface FigureSweep {
  /** Sizes, rising, > 0, E. */
  epsilons: Float64Array
  /** Share of the images still classified correctly at each size, 0 to 1, E. */
  relativeAccuracy: Float64Array
  /** ‖Δx‖₂ of the first perturbation that fooled each image, K; NaN where none did. */
  criticalNorms: Float64Array
}

/** Data of Figure 1 (section 8.2): one row for each attack, its sweeps in the order of the models. */
export interface Figure1Data {
  models: readonly FigureModel[]
  /** Also draws the paper's values of its own models, as rings and bands in grey; absent: no. */
  withPublished?: boolean
  attacks: readonly { label: string; sweeps: readonly FigureSweep[] }[]
}

/** Spectra of one model or dataset for one kind of input: eigenvalues descending, for growing numbers of units; the fit is of the largest. */
export interface FigureSpectra {
  curves: readonly { units: number; eigenvalues: Float64Array }[]
  /** Null when the window does not fit; the line and its text are then left out. */
  fit: PowerLawFit | null
  /** What to know before the exponent is read, as full sentences; absent: nothing. */
  warnings?: readonly string[]
}

/** Data of Figures 2 and 3 (sections 8.3, 8.4): one row for each model, data at the left, noise at the right. */
export interface FigureSpectraData {
  datasetLabel: string
  /** Rows of the paper's models have its axis limits, whatever lies outside; absent: axes that show all eigenvalues. */
  withPublished?: boolean
  /** A row whose label the paper has (`Dataset`, `Initialized`, `KH`, `BP`, …) is named as in the paper. */
  rows: readonly { label: string; dataset: FigureSpectra; noise: FigureSpectra }[]
}

/** Maps of one model over a plane; row i is the i-th ξ, column j the j-th ε. */
export interface FigurePlane {
  model: FigureModel
  /** Class of every point, 0 to 9. */
  classes: Uint8Array
  /** Largest softmax value, 0 to 1. */
  confidence: Float32Array
  /** ‖J‖_F. */
  jacobianNorm: Float32Array
}

/** Data of Figure 4 (section 8.5). */
export interface Figure4Data {
  /** ε of the columns, and ξ of the rows. */
  epsilonAxis: Float64Array
  xiAxis: Float64Array
  /** How many classes the colour bar shows, 2 to 10. */
  classCount: number
  /** Names beside the bands of the colour bar, one for each class; absent: their numbers. */
  classNames?: readonly string[]
  planes: readonly FigurePlane[]
}

/** Data of Figure A1 (section 8.6). Weights are units x inputs, row by row; images height x width x channel. */
export interface FigureA1Data {
  imageShape: readonly [height: number, width: number, channels: number]
  hiddenUnits: number
  /** Numbers of the units that the weights hold; null: all of them. */
  units: readonly number[] | null
  /** Numbers of the units that the mosaics show, 1 to 16; absent: those of the paper, or some spread over a smaller layer. */
  shownUnits?: readonly number[]
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

/** Data of Figure A2 (section 8.7): one dot for each model in each panel. */
export interface FigureA2Data {
  /** Also draws the paper's values of its own models, as rings; absent: no. */
  withPublished?: boolean
  models: readonly {
    model: FigureModel
    /** Of the last epoch, as a fraction. */
    testAccuracy: number
    /** Median ‖Δx‖₂ over the images that were fooled; null where none was. */
    medianCriticalNorm: { random: number | null; pgd: number | null }
  }[]
}

/** What each figure is drawn from. */
export interface FigureDataOf {
  '1': Figure1Data
  '2': FigureSpectraData
  '3': FigureSpectraData
  '4': Figure4Data
  A1: FigureA1Data
  A2: FigureA2Data
}

/** A figure with its data. */
export type FigureContent = { [Name in FigureName]: { figure: Name; data: FigureDataOf[Name] } }[FigureName]

/** Attacks that Figures 1 and A2 need of the same models, in the order of the rows. */
export const FIGURE_ATTACKS = { '1': ['random', 'fgsm', 'pgd'], A2: ['random', 'pgd'] } as const satisfies Partial<
  Record<FigureName, readonly AttackKind[]>
>

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

/** Most units in the mosaics of Figure A1. */
export const MOST_SHOWN_UNITS = 16

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
