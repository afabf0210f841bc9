import type { FigureSpectraData } from '../contract/index.js'
import type { FigureCode } from './drawn.js'
import { spectraRows, type SpectraLook } from './spectraRows.js'

const LOOK: SpectraLook = {
  heightInch: 5,
  publishedRows: 3,
  title: 'Figure 2: covariance spectra of data, untrained network and KH layer',
  limits: { Dataset: [1e-5, 1e1], Initialized: [1e-5, 1e1], KH: [1e-7, 1.5] },
}

/**
 * Figure 2: covariance spectra of the dataset itself, of an untrained network, and of the KH layer.
 *
 * @param data - rows `Dataset`, `Initialized` and `KH` have published names (see FigureSpectraData)
 * @param style - the sheet; the width is the sheet's, the height 5 inches for three rows
 * @param measure - widths of text in the real fonts
 *
 * Source: docs/SOURCES.md 8.3; Figure2-FKHL3ModelSpectra of the paper.
 */
export const figure2: FigureCode<FigureSpectraData> = {
  draw: (data, style, measure) => spectraRows(data, LOOK, style, measure),
}
