import { symmetricEigen, symmetricEigenvaluesOn } from '../../engine/linalg/symmetricEigen.js'
import { modelSpectrum } from '../../engine/probes/spectra/modelSpectrum.js'
import type { MeasuredRequest } from '../../contract/index.js'
import { trainingImages } from './images.js'
import { firstParameters, NETWORK } from './network.js'
import type { Stage } from './stage.js'

const IMAGES = 10_000

/** Numbers of units whose spectra the paper measures (section 5.2). */
const PAPER_UNITS = [10, 50, 100, 500, 1000, 1500, 2000]

/** Spectra of a hidden layer over 10 000 images, images read and normalised included. */
const spectrumOf = (growing: boolean): Stage => ({
  operations: () => null,
  stretch: 1,
  prepare: async (sizes, executor) => {
    const { source, note } = await trainingImages(sizes.units < 2000 ? sizes.epochImages : IMAGES)
    const request: MeasuredRequest = {
      model: 'the perceptron',
      source: 'hidden',
      dataset: { kind: 'cifar10', imageLimit: null },
      split: 'train',
      imageNorm: 3,
      executor: 'auto',
      images: null,
      units: growing ? PAPER_UNITS.filter((units) => units <= sizes.units) : null,
      window: [11, Math.min(500, sizes.units)],
      mapSize: 0,
      resamples: 0,
      level: 0.95,
      shuffles: 0,
      crossValidation: null,
      seed: 0,
    }
    const tools = {
      executor,
      eigenvalues: (matrix: Float64Array, size: number) => symmetricEigenvaluesOn(executor, matrix, size),
      eigen: (matrix: Float64Array, size: number) => symmetricEigen(matrix, size, executor),
      step: () => undefined,
    }
    return {
      note,
      run: async () =>
        void (await modelSpectrum(
          request,
          { options: NETWORK, parameters: firstParameters(sizes), running: {} },
          source,
          3,
          tools,
        )),
    }
  },
})

/** The spectrum of all units. */
export const spectrum = spectrumOf(false)

/** Those of growing numbers of units, as the paper's figures need them. */
export const spectra = spectrumOf(true)
