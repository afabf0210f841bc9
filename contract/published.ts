import type { PAPER_MODELS } from './paperNames.js'

type PaperModel = (typeof PAPER_MODELS)[number]
type OfModels = Readonly<Record<PaperModel, number>>

const ofModels = (KH: number, BP: number, L2: number, JReg: number, SpecReg: number): OfModels => ({
  KH,
  BP,
  L2,
  JReg,
  SpecReg,
})

/** What the paper shows of one attack: ε at relative accuracy 0.5, and median, quartiles and upper whisker of the critical norm. */
export interface PublishedRobustness {
  epsilonAtHalf: OfModels
  median: OfModels
  firstQuartile: OfModels
  thirdQuartile: OfModels
  upperWhisker: OfModels
}

/** Figures 1 and A2, measured in the pictures to 0.5 % of their axes. Source: docs/SOURCES.md 11. */
export const PUBLISHED_ROBUSTNESS = {
  random: {
    epsilonAtHalf: ofModels(0.175, 0.058, 0.132, 0.088, 0.033),
    median: ofModels(3.15, 1.14, 2.6, 1.77, 0.95),
    firstQuartile: ofModels(1.55, 0.53, 1.3, 0.86, 0.46),
    thirdQuartile: ofModels(5.53, 1.92, 4.47, 3.01, 1.52),
    upperWhisker: ofModels(11.44, 4, 9.2, 6.3, 3.1),
  },
  fgsm: {
    epsilonAtHalf: ofModels(2.1e-3, 7.2e-4, 1.8e-3, 1.16e-3, 6.5e-4),
    median: ofModels(0.123, 0.04, 0.104, 0.068, 0.037),
    firstQuartile: ofModels(0.058, 0.018, 0.049, 0.031, 0.017),
    thirdQuartile: ofModels(0.218, 0.071, 0.176, 0.118, 0.065),
    upperWhisker: ofModels(0.458, 0.145, 0.366, 0.247, 0.135),
  },
  pgd: {
    epsilonAtHalf: ofModels(2.1e-3, 6.9e-4, 1.8e-3, 1.16e-3, 6.5e-4),
    median: ofModels(0.12, 0.039, 0.101, 0.065, 0.036),
    firstQuartile: ofModels(0.058, 0.02, 0.051, 0.032, 0.018),
    thirdQuartile: ofModels(0.207, 0.068, 0.173, 0.111, 0.064),
    upperWhisker: ofModels(0.429, 0.139, 0.354, 0.231, 0.13),
  },
} as const satisfies Record<'random' | 'fgsm' | 'pgd', PublishedRobustness>

/** Final test accuracies of Figure A2, as fractions. Source: docs/SOURCES.md 11. */
export const PUBLISHED_ACCURACY: OfModels = ofModels(0.472, 0.562, 0.519, 0.559, 0.448)

/** Slopes as printed in Figures 2 and 3, rank windows 11 to 500 and 11 to 100, 2000 units; an error of 0 rounds to that. Source: docs/SOURCES.md 11. */
export const PUBLISHED_SLOPES = {
  Dataset: { dataset: -1.47, datasetError: 0, noise: -0.05, noiseError: 0 },
  Initialized: { dataset: -1.53, datasetError: 0.01, noise: -0.11, noiseError: 0 },
  KH: { dataset: -2.67, datasetError: 0.01, noise: -1.29, noiseError: 0 },
  BP: { dataset: -2.92, datasetError: 0.01, noise: -0.97, noiseError: 0.02 },
  L2: { dataset: -4.11, datasetError: 0.01, noise: -2.46, noiseError: 0.04 },
  JReg: { dataset: -3.54, datasetError: 0.02, noise: -1.42, noiseError: 0.03 },
  SpecReg: { dataset: -1.53, datasetError: 0.01, noise: -0.11, noiseError: 0 },
} as const satisfies Record<
  PaperModel | 'Dataset' | 'Initialized',
  Record<'dataset' | 'datasetError' | 'noise' | 'noiseError', number>
>
