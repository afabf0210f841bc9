import { DATASETS, type FigureContent, type FigureSpectra, type ModelSpectrum, type PowerLawFit } from '../../../contract/index.js'
import type { ScopeName, SpectraRow, SpectraSetup } from './spectraSetup.js'

/** How the paper's figures call the row of the data. */
const DATA_LABEL = 'Dataset'

/**
 * The spectra on screen as data of Figure 3: one row for each model that is measured over data and over noise.
 *
 * @param fitOf - the lab's fit for the window of a scope; null where there is none
 * @returns null when no model is measured over both
 */
export function figureOf(
  setup: SpectraSetup, rows: readonly SpectraRow[], spectrumOf: (row: SpectraRow, scope: ScopeName) => ModelSpectrum | null, fitOf: (row: SpectraRow, scope: ScopeName) => PowerLawFit | null,
): FigureContent | null {
  const side = (row: SpectraRow, scope: ScopeName): FigureSpectra | null => {
    const spectrum = spectrumOf(row, scope)
    return spectrum === null ? null : { curves: spectrum.growing.map(({ units, eigenvalues }) => ({ units, eigenvalues })), fit: fitOf(row, scope) }
  }
  const complete = rows.flatMap((row) => {
    const [dataset, noise] = [side(row, 'dataset'), side(row, 'noise')]
    return dataset === null || noise === null ? [] : [{ label: row.paper ?? (row.model === null ? DATA_LABEL : row.label), dataset, noise }]
  })
  return complete.length === 0 ? null : { figure: '3', data: { datasetLabel: DATASETS[setup.kind].label, rows: complete } }
}
