/** A curve of measures reduced: what the library shows of it without reading the curve. */
export interface CurveSummary {
  /** Values, those that are no numbers included. */
  count: number
  first: number
  last: number
  /** Over the values that are numbers; NaN where there is none. */
  min: number
  max: number
}

/** Summaries of a run by name of the measure. */
export type RunSummary = Readonly<Record<string, CurveSummary>>

/** A summary before its first value. */
export const emptySummary = (): CurveSummary => ({ count: 0, first: NaN, last: NaN, min: NaN, max: NaN })

/** Adds the next value of a curve to its summary. */
export function addToSummary(summary: CurveSummary, value: number): void {
  if (summary.count === 0) summary.first = value
  summary.count += 1
  summary.last = value
  if (Number.isNaN(value)) return
  if (!(summary.min <= value)) summary.min = value
  if (!(summary.max >= value)) summary.max = value
}
