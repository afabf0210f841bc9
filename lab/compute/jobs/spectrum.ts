import { noiseOfShape, numericalRank } from '../../../contract/index.js'
import { covarianceSpectrum } from '../../../engine/probes/covarianceSpectrum.js'
import { distinctUnits } from '../../../engine/probes/distinctUnits.js'
import { ofMeasured } from '../../../engine/probes/finiteMatrix.js'
import { participationRatio } from '../../../engine/probes/powerLawFit.js'
import { choiceOf } from '../jobTable.js'
import type { JobFunction } from './job.js'

/** Noise of section 1.1: mean 0, standard deviation 1; its seed is fixed, so that every spectrum sees the same noise. */
const NOISE = { kind: 'gaussianNoise', imageLimit: null, mean: 0, standardDeviation: 1, dataSeed: 0 } as const

/** Measures the covariance spectrum of a layer over the test images of its set, as the paper's figures do, or over noise (section 5.1). */
export const measureSpectrumOf: JobFunction<'spectrum'> = async (
  { setting, layer, source, images: asked, places },
  { resources, requested, report },
) => {
  const own = await resources.images(setting.dataset, 'test', places)
  const images = source === 'dataset' ? own : await resources.images(noiseOfShape(NOISE, own.shape), 'test', places)
  const { executor } = await resources.executor(choiceOf(setting.executor))
  const eigenvalues = await ofMeasured('the hidden layer', () =>
    covarianceSpectrum({
      weights: layer.data,
      hiddenUnits: layer.hiddenUnits,
      lebesgueNorm: setting.lebesgueNorm,
      imageNorm: setting.imageNorm,
      source: images,
      images: asked,
      executor,
      onProgress: (done, total) => report({ done, total }),
      cancelled: () => requested() !== 'run',
    }),
  )
  const taken = Math.min(asked, images.count)
  const inputs = layer.data.length / layer.hiddenUnits
  const columns = Math.min(inputs, distinctUnits(layer.data, layer.hiddenUnits, inputs))
  return {
    eigenvalues,
    rank: numericalRank(eigenvalues, { images: taken, columns }),
    participationRatio: participationRatio(eigenvalues),
    images: taken,
    executor: executor.name,
  }
}
