/** Counts of a confusion matrix with derived totals. */
export interface ConfusionSummary {
  classes: number
  images: number
  correct: number
  /** Images of each true class. */
  truths: number[]
  /** Images predicted as each class. */
  predictions: number[]
  /** Recall of each true class; NaN for a class without images. */
  recalls: number[]
  /** The most frequent confusion; null if there are no errors. */
  worst: { truth: number; prediction: number; count: number } | null
}

/**
 * Sums up a confusion matrix.
 *
 * @param counts - images by true class (row) and predicted class (column), C x C
 */
export function confusionSummary(counts: ArrayLike<number>, classes: number): ConfusionSummary {
  const at = (truth: number, prediction: number): number => counts[truth * classes + prediction] ?? 0
  const range = Array.from({ length: classes }, (_, index) => index)
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
  const truths = range.map((truth) => sum(range.map((prediction) => at(truth, prediction))))
  let worst: ConfusionSummary['worst'] = null
  for (const truth of range) {
    for (const prediction of range) {
      const count = at(truth, prediction)
      if (truth !== prediction && count > (worst?.count ?? 0)) worst = { truth, prediction, count }
    }
  }
  return {
    classes,
    truths,
    worst,
    images: sum(truths),
    correct: sum(range.map((index) => at(index, index))),
    predictions: range.map((prediction) => sum(range.map((truth) => at(truth, prediction)))),
    recalls: range.map((index) => at(index, index) / (truths[index] ?? 0)),
  }
}
