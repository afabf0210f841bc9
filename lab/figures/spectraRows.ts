import type { FigureSpectra, FigureSpectraData } from '../../contract/index.js'
import type { SpectrumResultOf } from './results.js'

const spectra = ({ growing, fit, warnings = [] }: SpectrumResultOf): FigureSpectra => ({
  curves: growing.map(({ units, eigenvalues }) => ({ units, eigenvalues })),
  fit,
  ...(warnings.length === 0 ? {} : { warnings }),
})

/**
 * Data of Figures 2 and 3 from spectra: one row for each model.
 *
 * @param paired - label (`Dataset`, `Initialized`, `KH`, …) with the spectra for the dataset and for Gaussian noise
 */
export function spectraRows({
  datasetLabel,
  rows,
}: {
  datasetLabel: string
  rows: readonly { label: string; dataset: SpectrumResultOf; noise: SpectrumResultOf }[]
}): FigureSpectraData {
  return {
    datasetLabel,
    rows: rows.map(({ label, dataset, noise }) => ({ label, dataset: spectra(dataset), noise: spectra(noise) })),
  }
}
