import { DATASET_KINDS, DATASETS, type DatasetKind, type ModelFacts } from '../../../contract/index.js'

/** Names of a model's parameters, with their symbols in the paper. */
const FACTS: Readonly<Record<string, { label: string; symbol: string }>> = {
  inputSize: { label: 'Inputs', symbol: 'd' },
  hiddenUnits: { label: 'Hidden units', symbol: 'H' },
  classes: { label: 'Classes', symbol: 'C' },
  activationExponent: { label: 'Activation exponent', symbol: 'n' },
  lebesgueNorm: { label: 'Lebesgue norm', symbol: 'p' },
  inverseLearningRate: { label: 'Inverse of the last rate', symbol: 'τ' },
  rank: { label: 'Anti-Hebbian rank', symbol: 'k' },
  antiHebbianStrength: { label: 'Anti-Hebbian strength', symbol: 'Δ' },
  radius: { label: 'Radius of the sphere', symbol: 'R' },
  batchNorm: { label: 'Batch norm', symbol: '' },
  batchesSeen: { label: 'Batches used for its statistics', symbol: '' },
}

/** The parameters to show, in order; the number of batches only with batch norm. */
export function factRows(facts: ModelFacts): { label: string; symbol: string; value: number | boolean }[] {
  return Object.entries(facts).flatMap(([name, value]) => {
    const words = FACTS[name]
    if (
      words === undefined ||
      typeof value === 'string' ||
      (name === 'batchesSeen' && 'batchNorm' in facts && !facts.batchNorm)
    )
      return []
    return [{ ...words, value }]
  })
}

/** What kind of model a type is. */
export const TYPE_WORDS: Readonly<Record<ModelFacts['type'], string>> = {
  FKHL3: 'local learning layer',
  KHL3: 'local learning layer, sequential rule',
  KHModel: 'classifier on a local learning layer',
  SHLP: 'perceptron',
  SHLP_tanh: 'perceptron with tanh',
  Linear: 'linear classifier on the images',
}

/** Sets whose images have this many entries. */
export const datasetsOfSize = (inputSize: number): DatasetKind[] =>
  DATASET_KINDS.filter(
    (kind) => DATASETS[kind].shape.reduce<number>((product, size) => product * size, 1) === inputSize,
  )

/**
 * How the inputs of a model look as an image: as those of a known set, else as a square of one or three channels; null when they are neither.
 */
export function imageShapeOf(inputSize: number): readonly [number, number, number] | null {
  const [known] = datasetsOfSize(inputSize)
  if (known !== undefined) return DATASETS[known].shape
  for (const channels of [1, 3]) {
    const side = Math.sqrt(inputSize / channels)
    if (Number.isInteger(side)) return [side, side, channels]
  }
  return null
}
