import type { FigureSpectraData } from '../contract/index.js'
import type { FigureCode } from './drawn.js'
import { spectraRows, type SpectraLook } from './spectraRows.js'

const LOOK: SpectraLook = {
  heightInch: 8,
  publishedRows: 5,
  title: 'Figure 3: covariance spectra of the models',
  limits: { KH: [1e-7, 1.5], BP: [1e-5, 1e1], L2: [1e-9, 1e1], JReg: [1e-9, 1e1], SpecReg: [1e-5, 1e1] },
}

/**
 * Figure 3: covariance spectra of the hidden layers of all models.
 *
 * @param data - rows of the paper's models have their published names (see FigureSpectraData)
 * @param style - the sheet; the width is the sheet's, the height 8 inches for five rows
 * @param measure - widths of text in the real fonts
 *
 * Source: docs/SOURCES.md 8.4; Figure3-ModelSpectra of the paper.
 */
export const figure3: FigureCode<FigureSpectraData> = {
  draw: (data, style, measure) => spectraRows(data, LOOK, style, measure),
}
