import { LabError, noiseOfShape } from '../../../contract/index.js'
import { covarianceSpectrum } from '../../../engine/probes/covarianceSpectrum.js'
import { fitPowerLaw, participationRatio } from '../../../engine/probes/powerLawFit.js'
import { choiceOf } from '../jobTable.js'
import type { JobFunction } from './index.js'

/** Noise of section 1.1: mean 0, standard deviation 1; its seed is fixed, so that every spectrum sees the same noise. */
const NOISE = { kind: 'gaussianNoise', imageLimit: null, mean: 0, standardDeviation: 1, dataSeed: 0 } as const

/** Measures the covariance spectrum of a layer over the test images of its set, as the paper's figures do, or over noise (section 5.1). */
export const measureSpectrumOf: JobFunction<'spectrum'> = async ({ setting, layer, source, images: asked, places }, { bench, wish, tell }) => {
  const own = await bench.images(setting.dataset, 'test', places)
  const images = source === 'dataset' ? own : await bench.images(noiseOfShape(NOISE, own.shape), 'test', places)
  const { executor } = await bench.executor(choiceOf(setting.executor))
  const eigenvalues = await covarianceSpectrum({
    weights: layer.data, hiddenUnits: layer.hiddenUnits, lebesgueNorm: setting.lebesgueNorm, imageNorm: setting.imageNorm, source: images, images: asked, executor,
    onProgress: (done, total) => tell({ done, total }), cancelled: () => wish() !== 'run',
  })
  return { eigenvalues, participationRatio: participationRatio(eigenvalues), images: Math.min(asked, images.count) }
}

/** Fits a power law; a window that does not fit the spectrum gives no fit and the reason. */
export const fitSpectrum: JobFunction<'fit'> = async ({ eigenvalues, window }) => {
  try {
    return { fit: fitPowerLaw(eigenvalues, window), note: null }
  } catch (error) {
    if (error instanceof LabError && (error.code === 'probe.window' || error.code === 'probe.nothingToFit')) return { fit: null, note: error.message }
    throw error
  }
}
