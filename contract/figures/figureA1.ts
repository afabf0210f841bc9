import { z } from 'zod'
import { defineFigure } from './definition.js'
import { eigenvalues, finite, float32, float64, label, positive } from './parts.js'

/** Most units in the mosaics of Figure A1. */
export const MOST_SHOWN_UNITS = 16

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

const data: z.ZodType<FigureA1Data> = z
  .strictObject({
    imageShape: z.tuple([z.int().min(1), z.int().min(1), z.union([z.literal(1), z.literal(3)])]),
    hiddenUnits: z.int().min(1),
    units: z.array(z.int().min(0)).nullable(),
    shownUnits: z.array(z.int().min(0)).min(1).max(MOST_SHOWN_UNITS).exactOptional(),
    rawWeights: float32(finite),
    prunedWeights: float32(finite),
    variances: float64(z.number().min(0)),
    cutoff: positive.nullable(),
    datasetLabel: label,
    spectra: z.strictObject({
      datasetRaw: eigenvalues,
      datasetPruned: eigenvalues,
      noiseRaw: eigenvalues,
      noisePruned: eigenvalues,
    }),
  })
  .superRefine(
    (
      { imageShape: [height, width, channels], hiddenUnits, units, shownUnits, rawWeights, prunedWeights, variances },
      context,
    ) => {
      const strange = shownUnits?.find((unit) => (units === null ? unit >= hiddenUnits : !units.includes(unit)))
      if (strange !== undefined)
        context.addIssue({
          code: 'custom',
          path: ['shownUnits'],
          message: `expected units whose weights are given, got ${strange}`,
        })
      const expected = (units?.length ?? hiddenUnits) * height * width * channels
      for (const [name, weights] of [
        ['rawWeights', rawWeights],
        ['prunedWeights', prunedWeights],
      ] as const) {
        if (weights.length !== expected)
          context.addIssue({
            code: 'custom',
            path: [name],
            message: `expected ${expected} weights, got ${weights.length}`,
          })
      }
      if (variances.length !== hiddenUnits)
        context.addIssue({
          code: 'custom',
          path: ['variances'],
          message: `expected ${hiddenUnits} variances, one per unit, got ${variances.length}`,
        })
    },
  )

/** Receptive fields and spectra of a layer before and after pruning. */
export const figureA1 = defineFigure('A1', {
  label: 'Figure A1, receptive fields and spectra',
  text: 'Receptive fields and covariance spectra before and after pruning',
  style: 'IJoCV',
  fileStem: 'FigureA1-FKHL3Spectra',
  inputs: { kind: 'run' },
  needs: 'This figure needs a trained layer.',
  data,
  published: false,
})
