import { defineFigure } from './definition.js'
import { INITIAL_ROWS, spectraData } from './spectra.js'

/** Covariance spectra of the dataset itself, of an untrained network, and of the KH layer. */
export const figure2 = defineFigure('2', {
  label: 'Figure 2, spectra of the KH layer',
  text: 'Covariance spectra of data, untrained network and KH layer',
  style: 'ICLRFullTextwidth',
  fileStem: 'Figure2-FKHL3ModelSpectra',
  inputs: { kind: 'spectrum', shows: (label) => INITIAL_ROWS.includes(label) || label === 'KH' },
  needs: 'This figure needs spectra of the data, the untrained network and the KH layer, on data and on noise.',
  data: spectraData,
  published: true,
})
