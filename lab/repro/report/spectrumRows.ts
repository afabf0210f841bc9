import { PUBLISHED_SLOPES, type Band, type PowerLawFit } from '../../../contract/index.js'
import type { SpectrumInput, SpectrumRow } from '../keys.js'
import { rangeBand, slopeBand, type RawRow } from './rows.js'

/** Bands of the slopes where section 11 gives one, and where each row is printed. */
const ROWS = {
  Dataset: { band: slopeBand(PUBLISHED_SLOPES.Dataset.dataset, 0.02), source: 'Figure 2' },
  Initialized: { band: slopeBand(PUBLISHED_SLOPES.Initialized.dataset, 0.03), source: 'Figure 2' },
  KH: { band: rangeBand(-2.9, -2.4, '-2.9 to -2.4'), source: 'Figures 2, 3' },
  BP: { band: null, source: 'Figure 3' },
  L2: { band: null, source: 'Figure 3' },
  JReg: { band: null, source: 'Figure 3' },
  SpecReg: { band: null, source: 'Figure 3' },
} as const satisfies Record<SpectrumRow, { band: Band | null; source: string }>

/** Earlier fits over ranks 2 to 500 (the poster): where the target exponent 2.62 comes from. */
export const EARLIER_WINDOW = [2, 500] as const
const EARLIER = {
  KH: { dataset: -2.62, noise: -1.46 },
  BP: { dataset: -2.8, noise: -1.41 },
  Initialized: { dataset: -1.47, noise: -0.25 },
  Dataset: { dataset: -1.42, noise: -0.1 },
} as const satisfies Partial<Record<SpectrumRow, Record<SpectrumInput, number>>>
export const EARLIER_ROWS = ['KH', 'BP', 'Initialized', 'Dataset'] as const satisfies readonly (keyof typeof EARLIER)[]

const INPUT_NAMES = { dataset: 'CIFAR-10', noise: 'Gaussian noise' } as const satisfies Record<SpectrumInput, string>

/** Slopes of the covariance spectra. */
export function slopeRows(fitOf: (row: SpectrumRow, input: SpectrumInput) => PowerLawFit | null): RawRow[] {
  return (['dataset', 'noise'] as const).flatMap((input) =>
    (Object.keys(ROWS) as SpectrumRow[]).map((row): RawRow => ({
      quantity: `slope, ${INPUT_NAMES[input]}`,
      model: row,
      published: PUBLISHED_SLOPES[row][input],
      ours: fitOf(row, input)?.slope ?? null,
      band: input === 'dataset' ? ROWS[row].band : null,
      source: ROWS[row].source,
    })),
  )
}

/** Slopes over ranks 2 to 500, and r of the first. */
export function earlierRows(fitOf: (row: SpectrumRow, input: SpectrumInput) => PowerLawFit | null): RawRow[] {
  const slopes = EARLIER_ROWS.flatMap((row) =>
    (['dataset', 'noise'] as const).map((input): RawRow => ({
      quantity: `slope over ranks 2 to 500, ${INPUT_NAMES[input]}`,
      model: row,
      published: EARLIER[row][input],
      ours: fitOf(row, input)?.slope ?? null,
      band: null,
      source: 'poster notebook',
    })),
  )
  return [
    ...slopes,
    {
      quantity: 'r over ranks 2 to 500, CIFAR-10',
      model: 'KH',
      published: -0.9977,
      ours: fitOf('KH', 'dataset')?.rValue ?? null,
      band: null,
      source: 'poster notebook',
    },
  ]
}
