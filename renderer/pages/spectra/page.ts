import { definePage } from '../page.js'

/** Covariance spectra. */
export const spectra = definePage('spectra', {
  title: 'Spectra',
  label: 'Spectra',
  path: '/spectra',
  component: 'spectra/SpectraPage.vue',
  group: 'look',
  letter: 'S',
  icon: '<path d="M4 4v16h16"/><path d="M6.5 6.5l4 3 7 8"/><path d="M10 20v-2.5M15.5 20v-2.5" opacity=".5"/>',
  keywords: ['eigenvalues', 'covariance'],
  command: 'lab spectrum',
})
