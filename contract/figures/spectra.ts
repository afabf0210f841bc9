import { z } from 'zod'
import type { PowerLawFit } from '../spectrum.js'
import { eigenvalues, finite, label, MOST_CURVES, MOST_MODELS } from './parts.js'

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

const fit = z.strictObject({
  slope: finite,
  intercept: finite,
  standardError: finite,
  rValue: finite,
  rSquared: finite,
  pValue: finite,
  window: z
    .tuple([z.int().min(1), z.int().min(1)])
    .refine(([first, last]) => last > first, { error: 'expected a window whose last rank is above its first' }),
})
const spectra: z.ZodType<FigureSpectra> = z.strictObject({
  curves: z
    .array(
      z
        .strictObject({ units: z.int().min(1), eigenvalues })
        .refine((curve) => (curve.eigenvalues[0] ?? 0) > 0, { error: 'expected the first eigenvalue to be above 0' }),
    )
    .min(1)
    .max(MOST_CURVES),
  fit: fit.nullable(),
  warnings: z.array(z.string().max(1000)).exactOptional(),
})

/** Form of the data of Figures 2 and 3. */
export const spectraData: z.ZodType<FigureSpectraData> = z.strictObject({
  datasetLabel: label,
  withPublished: z.boolean().exactOptional(),
  rows: z
    .array(z.strictObject({ label, dataset: spectra, noise: spectra }))
    .min(1)
    .max(MOST_MODELS),
})

/** Rows that no trained model has. */
export const INITIAL_ROWS: readonly string[] = ['Dataset', 'Initialized']
