import type { HostTree } from '../../executor/tree.js'
import { covarianceSpectrum } from '../../probes/covarianceSpectrum.js'
import type { TrainState } from '../../training/trainStep.js'
import type { RunEvent } from '../events.js'
import { fittedSpectrum } from '../fittedSpectrum.js'
import { imageNormOf } from './firstState.js'
import type { ClassifierOptions } from './options.js'

/** Covariance spectrum of the hidden layer as it is, with its fit. */
export async function* spectrumEvents(
  { spec, train, layer, executor }: ClassifierOptions,
  state: HostTree<TrainState>,
  step: number,
  epoch: number,
): AsyncGenerator<RunEvent> {
  const weights = state.parameters['weights'] as { data: Float32Array; shape: readonly number[] }
  const eigenvalues = await covarianceSpectrum({
    weights: weights.data,
    hiddenUnits: weights.shape[0] ?? 0,
    lebesgueNorm: layer?.lebesgueNorm ?? 2,
    imageNorm: imageNormOf(spec, layer),
    source: train,
    images: spec.probes.spectrumImages,
    executor,
  })
  const [, inputSize = 0] = weights.shape
  yield* fittedSpectrum(
    { eigenvalues, images: Math.min(spec.probes.spectrumImages, train.count), weights: weights.data, inputSize },
    spec.probes,
    { epoch, epochs: spec.schedule.epochs, step },
  )
}
