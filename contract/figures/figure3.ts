import { defineFigure } from './definition.js'
import { INITIAL_ROWS, spectraData } from './spectra.js'

/** Covariance spectra of the hidden layers of all models. */
export const figure3 = defineFigure('3', {
  label: 'Figure 3, spectra of the models',
  text: 'Covariance spectra of the models',
  style: 'ICLRFullTextwidth',
  fileStem: 'Figure3-ModelSpectra',
  inputs: { kind: 'spectrum', shows: (label) => !INITIAL_ROWS.includes(label) },
  needs: 'This figure needs a spectrum on data and one on noise for every model.',
  data: spectraData,
  published: true,
})
