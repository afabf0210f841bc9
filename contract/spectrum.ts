import { z } from 'zod'
import { field } from './field.js'
import { modelName, probeImages, probeSeed, type Interval, type ProbedModel, type ProbeOrigin } from './probe.js'

/** Ordinary least squares of ln(λ_n/λ_1) on ln n over ranks `window[0]..window[1]`, both ends included (section 5.2). */
export interface PowerLawFit {
  /** Slope; the exponent is its negative, figures print the slope as α. */
  slope: number
  intercept: number
  standardError: number
  rValue: number
  rSquared: number
  pValue: number
  /** First and last rank that took part, counted from 1. */
  window: readonly [first: number, last: number]
}

/** Which inputs a spectrum is measured with. */
export type SpectrumSource = 'dataset' | 'noise'

/** A covariance spectrum as measured: eigenvalues descending, float64. */
export interface SpectrumResult {
  source: SpectrumSource
  eigenvalues: Float64Array
  /** Null with a reason when the window does not fit the spectrum. */
  fit: PowerLawFit | null
  fitNote: string | null
  /** Numerical rank: eigenvalues after it are rounding errors, and no fit takes them. */
  rank: number
  /** What to know before the exponent is read: where the fit stopped short of its window, and whether the points bend. */
  warnings: string[]
  /** (Σλ)²/Σλ²; ours, not the paper's. */
  participationRatio: number
  images: number
}

/** What of a model a spectrum is taken of: pre-activation, activation, class scores, or the images themselves. */
export const SPECTRUM_LAYERS = ['hidden', 'latent', 'logits', 'data'] as const
export type SpectrumLayer = (typeof SPECTRUM_LAYERS)[number]

const rank = z.int().min(1).max(100_000)

/** First and last rank, counted from 1, both ends included. */
export const rankWindow = z
  .tuple([rank, rank])
  .refine(([first, last]) => last >= first + 2, { error: 'expected a window of at least three ranks' })

/** A covariance spectrum with everything that the page shows. */
export const spectrumRequest = z
  .strictObject({
    /** Null for the data themselves. */
    model: modelName.nullable(),
    source: field(z.enum(SPECTRUM_LAYERS), {
      label: 'Spectrum of',
      help: 'Measure pre-activations, activations, logits or the raw images.',
      source: '5.1',
      choices: { hidden: 'hidden layer', latent: 'latent', logits: 'logits', data: 'raw data' },
    }),
    ...probeImages,
    images: field(z.int().min(2).max(60_000).nullable(), {
      label: 'Images',
      unit: 'images',
      help: 'Use only the first N images; leave empty for all.',
      source: '5.1',
    }),
    /** Increasing numbers of units, counted from the first; the last one is the result. Null takes all units alone. */
    units: z.array(z.int().min(1).max(100_000)).min(1).max(64).nullable(),
    /** Null: the window that the model's run fits with, else `defaultWindow` for its ranks; the stored request names it. */
    window: rankWindow.nullable(),
    /** Number of starts and of ends of the window in the map of exponents; 0 omits the map. */
    mapSize: z.int().min(0).max(200),
    /** Resamples of the images for the band; 0 leaves it out. */
    resamples: z.int().min(0).max(1000),
    level: z.number().min(0.5).max(0.999),
    /** Shufflings of every column on its own; 0 leaves the null out. */
    shuffles: z.int().min(0).max(1000),
    /** Cross-validated spectrum over two augmented repeats: shifts in pixels, mirror images, noise in pixel values; null leaves it out. */
    crossValidation: z
      .strictObject({ shift: z.int().min(0).max(16), mirror: z.boolean(), noise: z.number().min(0).max(255) })
      .nullable(),
    seed: probeSeed,
  })
  .superRefine(({ model, source, units }, context) => {
    if (model === null && source !== 'data')
      context.addIssue({
        code: 'custom',
        path: ['model'],
        message: `The spectrum of ${source} needs a model. Choose one, or measure the raw data.`,
      })
    units?.forEach((count, index) => {
      if (index > 0 && count <= (units[index - 1] ?? 0))
        context.addIssue({
          code: 'custom',
          path: ['units', index],
          message: `expected increasing numbers of units, got ${units.join(', ')}`,
        })
    })
  })
export type SpectrumRequest = z.infer<typeof spectrumRequest>

/** Exponents over starts and ends of the window: `slopes` is starts x ends, NaN where fewer than three points are left. */
export interface WindowMap {
  starts: Int32Array
  ends: Int32Array
  slopes: Float64Array
}

/** Everything about a fit that depends on the window; recomputed while it is dragged. */
export interface SpectrumFits {
  /** Unweighted; null with a reason when the window does not fit. */
  fit: PowerLawFit | null
  fitNote: string | null
  /** Rank n with weight 1/n, so that every octave counts alike. */
  weighted: PowerLawFit | null
  /** Coefficient of (ln n)² when it is fitted too: 0 for a straight line. */
  curvature: number | null
  /** μ = 1 + 1/α, the exponent of the density of eigenvalues, ρ(λ) ∝ λ^-μ; null when α <= 0. */
  densityExponent: number | null
  /** What to know before the exponent is read: where the fit stopped short of its window, and whether the points bend. */
  warnings: string[]
}

/** `s-` and hexadecimal digits: `s-3c08b7e2`. */
export type SpectrumId = string

/** A request whose window is known. */
export type MeasuredRequest = SpectrumRequest & { window: readonly [number, number] }

export interface ModelSpectrum extends SpectrumFits {
  id: SpectrumId
  origin: ProbeOrigin
  request: MeasuredRequest
  /** Null for the data themselves. */
  model: ProbedModel | null
  images: number
  /** Columns of the covariance: units, classes or entries of an image. */
  width: number
  /** One spectrum for each number of units, descending. */
  growing: { units: number; eigenvalues: Float64Array }[]
  /** The largest of them: fits, map, band and null are of this one. */
  eigenvalues: Float64Array
  /** (Σλ)²/Σλ²; ours, not the paper's. */
  participationRatio: number
  /** Numerical rank of that spectrum: eigenvalues after it are rounding errors, and no fit takes them. */
  rank: number
  map: WindowMap | null
  /** Why a map that was asked for is left out; null where there is one, or where none was asked for. */
  mapNote: string | null
  /** Over images drawn with replacement: per rank the band that holds the resamples, which is no interval of the true eigenvalue; intervals of slope and participation ratio. */
  bootstrap: { lower: Float64Array; upper: Float64Array; slope: Interval | null; participationRatio: Interval } | null
  /** Spectra of shuffled columns, per rank: mean and upper end; `above`: leading eigenvalues above that upper end. */
  shuffled: { mean: Float64Array; upper: Float64Array; above: number } | null
  /** Edges σ²(1 ± √(W/N))² for independent columns of the mean variance σ²; `above`: eigenvalues beyond the upper one. */
  marchenkoPastur: { lower: number; upper: number; above: number }
  /** Covariance between two augmented repeats along the principal directions of the first; falls through 0 where only noise is left. */
  crossValidated: {
    covariances: Float64Array
    reliable: number
    fit: PowerLawFit | null
    fitNote: string | null
  } | null
}

/** A spectrum in a list. */
export type SpectrumSummary = Pick<
  ModelSpectrum,
  'id' | 'origin' | 'request' | 'model' | 'images' | 'width' | 'fit' | 'participationRatio'
>
