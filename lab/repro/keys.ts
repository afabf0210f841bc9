import { SHOWN_MODELS } from './plan.js'

/** Whose spectra are measured: the data themselves, the untrained perceptron, and the models. */
export const SPECTRUM_ROWS = ['Dataset', 'Initialized', ...SHOWN_MODELS] as const
export type SpectrumRow = (typeof SPECTRUM_ROWS)[number]
export const SPECTRUM_INPUTS = ['dataset', 'noise'] as const
export type SpectrumInput = (typeof SPECTRUM_INPUTS)[number]

/** Place of a spectrum in the memory. */
export const spectrumKey = (row: SpectrumRow, input: SpectrumInput): string => `spectra/${row}/${input}`

/** Place of a model's map in the memory. */
export const planeKey = (model: string): string => `plane/${model}`
