import {
  attackOf,
  PAPER_MODELS,
  PUBLISHED_ACCURACY,
  PUBLISHED_ROBUSTNESS,
  PUBLISHED_SLOPES,
} from '../contract/index.js'

/** What the paper's Figure 1 and A2 show of one attack against one model: ε at half accuracy, median and quartiles of the critical norm. */
export interface PublishedAttack {
  epsilonAtHalf: number
  firstQuartile: number
  median: number
  thirdQuartile: number
}

const KINDS = Object.keys(PUBLISHED_ROBUSTNESS) as (keyof typeof PUBLISHED_ROBUSTNESS)[]

const modelOf = (label: string): (typeof PAPER_MODELS)[number] | undefined =>
  PAPER_MODELS.find((name) => name === label)

/** Published numbers of an attack (by the name of its row) against a model (by its label); null for others. */
export function publishedAttack(attack: string, label: string): PublishedAttack | null {
  const [row, model] = [KINDS.find((kind) => attackOf(kind).figureRow === attack), modelOf(label)]
  if (row === undefined || model === undefined) return null
  const { epsilonAtHalf, firstQuartile, median, thirdQuartile } = PUBLISHED_ROBUSTNESS[row]
  return {
    epsilonAtHalf: epsilonAtHalf[model],
    firstQuartile: firstQuartile[model],
    median: median[model],
    thirdQuartile: thirdQuartile[model],
  }
}

/** Published test accuracy of a model, as a fraction; null for others. */
export function publishedAccuracy(label: string): number | null {
  const model = modelOf(label)
  return model === undefined ? null : PUBLISHED_ACCURACY[model]
}

/** Slope of a published spectrum with its standard error; the error is 0 where it rounds to that. */
export interface PublishedSlope {
  slope: number
  standardError: number
}

const isRow = (label: string): label is keyof typeof PUBLISHED_SLOPES => Object.hasOwn(PUBLISHED_SLOPES, label)

/** Published slope of a spectrum (by the label of its row in Figures 2 and 3) for CIFAR-10 or for noise; null for others. */
export function publishedSlope(label: string, input: 'dataset' | 'noise'): PublishedSlope | null {
  if (!isRow(label)) return null
  const { dataset, datasetError, noise, noiseError } = PUBLISHED_SLOPES[label]
  return input === 'dataset'
    ? { slope: dataset, standardError: datasetError }
    : { slope: noise, standardError: noiseError }
}
