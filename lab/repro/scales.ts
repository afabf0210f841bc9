import {
  defaultWindow,
  type ClassifierSpec,
  type LocalLearningSpec,
  type ReproScale,
  type SizeGrid,
} from '../../contract/index.js'
import type { ProbesPlan } from './probesPlan.js'

/** Presets of the layer. */
export const PRESETS_OF_SCALE = {
  smoke: 'cifar10-demo',
  demo: 'cifar10-demo',
  full: 'cifar10-paper',
} as const satisfies Record<ReproScale, string>

/** Training images of `smoke`. */
export const SMOKE_IMAGES = 4000

/** A layer for a minute on two slow cores. */
export function smallLayer(spec: LocalLearningSpec): LocalLearningSpec {
  return {
    ...spec,
    layer: { ...spec.layer, hiddenUnits: 100 },
    schedule: { ...spec.schedule, epochs: 40, batchSize: 50 },
    probes: { ...spec.probes, spectrumEvery: 20, spectrumImages: 1000, windowEnd: 60 },
    checkpoints: { ...spec.checkpoints, every: 20 },
  }
}

/** Sizes of classifiers: epochs on the learnt layer, which are cheap, and of the perceptrons. */
const CLASSIFIER_SIZES = {
  smoke: { hiddenUnits: 100, hybridEpochs: 40, epochs: 12, batchSize: 200, checkpointEvery: 2 },
  demo: { hiddenUnits: 400, hybridEpochs: 200, epochs: 30, batchSize: 1000, checkpointEvery: 10 },
} as const

/** A smaller and shorter training of the same model with the same penalties and rates. */
export function smallClassifier(scale: keyof typeof CLASSIFIER_SIZES, spec: ClassifierSpec): ClassifierSpec {
  const { hiddenUnits, hybridEpochs, epochs, batchSize, checkpointEvery } = CLASSIFIER_SIZES[scale]
  const model = 'hiddenUnits' in spec.model ? { ...spec.model, hiddenUnits } : spec.model
  return {
    ...spec,
    model,
    schedule: { ...spec.schedule, epochs: model.kind === 'hybrid' ? hybridEpochs : epochs, batchSize },
    // The spectra have a stage of their own.
    probes: {
      ...spec.probes,
      spectrumEvery: 0,
      windowEnd: Math.min(spec.probes.windowEnd, defaultWindow('dataset', hiddenUnits)[1]),
    },
    checkpoints: { ...spec.checkpoints, every: checkpointEvery },
  }
}

/** Exponent of the end of the grid of random perturbations: the original takes a natural logarithm for a decimal one (section 6). */
const RANDOM_END = 10 ** Math.log(2.5)
const GRADIENT_END = 10 ** -1.5
const PGD = { steps: 20, stepSize: 0.01, stepSizeRatio: 0.1 } as const
const grid = (from: number, to: number, count: number): SizeGrid => ({ from, to, count, spacing: 'log' })

/** What the probes measure at each scale. Shorter grids leave out sizes at which nothing falls. */
export const PROBES_OF_SCALE: Readonly<Record<ReproScale, ProbesPlan>> = {
  smoke: {
    robustness: {
      images: 100,
      batchSize: 100,
      grids: {
        random: grid(1e-3, RANDOM_END, 12),
        fgsm: grid(1e-5, GRADIENT_END, 12),
        pgd: grid(1e-5, GRADIENT_END, 12),
      },
      ...PGD,
      resamples: 0,
    },
    spectra: {
      images: 1000,
      units: [10, 50, 100],
      entries: [10, 50, 100, 500],
      window: [11, 60],
      noiseWindow: [11, 60],
    },
    plane: { image: null, extent: 20, size: 20 },
    figures: { formats: ['eps', 'pdf', 'png'], dpi: 150 },
  },
  demo: {
    robustness: {
      images: 500,
      batchSize: 500,
      grids: {
        random: grid(1e-3, RANDOM_END, 60),
        fgsm: grid(1e-5, GRADIENT_END, 60),
        pgd: grid(1e-5, GRADIENT_END, 60),
      },
      ...PGD,
      resamples: 200,
    },
    spectra: {
      images: 10_000,
      units: [10, 50, 100, 200, 400],
      entries: [10, 50, 100, 500, 1000, 1500, 2000, 3072],
      window: [...defaultWindow('dataset', 400)],
      noiseWindow: [...defaultWindow('noise', 400)],
    },
    plane: { image: null, extent: 20, size: 60 },
    figures: { formats: ['eps', 'pdf', 'png'], dpi: 300 },
  },
  full: {
    robustness: {
      images: null,
      batchSize: 1000,
      grids: {
        random: grid(1e-6, RANDOM_END, 400),
        fgsm: grid(1e-6, GRADIENT_END, 400),
        pgd: grid(1e-6, GRADIENT_END, 400),
      },
      ...PGD,
      resamples: 1000,
    },
    spectra: {
      images: 10_000,
      units: [10, 50, 100, 500, 1000, 1500, 2000],
      entries: [10, 50, 100, 500, 1000, 1500, 2000, 3072],
      window: [11, 500],
      noiseWindow: [11, 100],
    },
    plane: { image: null, extent: 20, size: 100 },
    figures: { formats: ['eps', 'pdf', 'png'], dpi: 300 },
  },
}
