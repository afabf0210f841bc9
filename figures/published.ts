import { PAPER_MODELS } from '../contract/index.js'

/** What the paper's Figure 1 and A2 show of one attack against one model: ε at half accuracy, median and quartiles of the critical norm. */
export interface PublishedAttack {
  epsilonAtHalf: number
  firstQuartile: number
  median: number
  thirdQuartile: number
}

type Row = readonly [epsilonAtHalf: number, firstQuartile: number, median: number, thirdQuartile: number]

/** Measured in the published pictures, in the order of PAPER_MODELS; about half a per cent of an axis is uncertain. Source: docs/SOURCES.md 11. */
const ATTACKS: Readonly<Record<string, readonly Row[]>> = {
  'Random Perturbation': [[0.175, 1.55, 3.15, 5.53], [0.058, 0.53, 1.14, 1.92], [0.132, 1.3, 2.6, 4.47], [0.088, 0.86, 1.77, 3.01], [0.033, 0.46, 0.95, 1.52]],
  'FGSM': [[2.1e-3, 0.058, 0.123, 0.218], [7.2e-4, 0.018, 0.04, 0.071], [1.8e-3, 0.049, 0.104, 0.176], [1.16e-3, 0.031, 0.068, 0.118], [6.5e-4, 0.017, 0.037, 0.065]],
  'PGD': [[2.1e-3, 0.058, 0.12, 0.207], [6.9e-4, 0.02, 0.039, 0.068], [1.8e-3, 0.051, 0.101, 0.173], [1.16e-3, 0.032, 0.065, 0.111], [6.5e-4, 0.018, 0.036, 0.064]],
}
const ACCURACIES = [0.472, 0.562, 0.519, 0.559, 0.448]

const placeOf = (label: string): number => PAPER_MODELS.findIndex((name) => name === label)

/** Published numbers of an attack (by the name of its row) against a model (by its label); null for others. */
export function publishedAttack(attack: string, label: string): PublishedAttack | null {
  const row = ATTACKS[attack]?.[placeOf(label)]
  if (row === undefined) return null
  const [epsilonAtHalf, firstQuartile, median, thirdQuartile] = row
  return { epsilonAtHalf, firstQuartile, median, thirdQuartile }
}

/** Published test accuracy of a model, as a fraction; null for others. */
export const publishedAccuracy = (label: string): number | null => ACCURACIES[placeOf(label)] ?? null

/** Slope of a published spectrum with its standard error; the error is 0 where it rounds to that. */
export interface PublishedSlope {
  slope: number
  standardError: number
}

/** As printed in Figures 2 and 3, rank windows 11 to 500 and 11 to 100, 2000 units: CIFAR-10, then Gaussian noise. Source: docs/SOURCES.md 11. */
const SLOPES: Readonly<Record<string, readonly [dataset: number, error: number, noise: number, error: number]>> = {
  Dataset: [-1.47, 0, -0.05, 0], Initialized: [-1.53, 0.01, -0.11, 0],
  KH: [-2.67, 0.01, -1.29, 0], BP: [-2.92, 0.01, -0.97, 0.02], L2: [-4.11, 0.01, -2.46, 0.04], JReg: [-3.54, 0.02, -1.42, 0.03], SpecReg: [-1.53, 0.01, -0.11, 0],
}

/** Published slope of a spectrum (by the label of its row in Figures 2 and 3) for CIFAR-10 or for noise; null for others. */
export function publishedSlope(label: string, input: 'dataset' | 'noise'): PublishedSlope | null {
  const row = SLOPES[label]
  if (row === undefined) return null
  const [dataset, datasetError, noise, noiseError] = row
  return input === 'dataset' ? { slope: dataset, standardError: datasetError } : { slope: noise, standardError: noiseError }
}
