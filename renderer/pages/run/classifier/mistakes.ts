import type { NumericArray } from '../../../../contract/index.js'

/** One misclassified test image. */
export interface Mistake {
  image: number
  truth: number
  prediction: number
  /** Of the predicted class, in [0, 1]. */
  probability: number
}

/** The rows of the array `mistakes`, K x 4, the surest first. */
export function mistakesOf(data: NumericArray): Mistake[] {
  const rows = Array.from({ length: Math.floor(data.length / 4) }, (_, row): Mistake => ({
    image: data[4 * row] ?? 0,
    truth: data[4 * row + 1] ?? 0,
    prediction: data[4 * row + 2] ?? 0,
    probability: data[4 * row + 3] ?? 0,
  }))
  return rows.sort((a, b) => b.probability - a.probability)
}
