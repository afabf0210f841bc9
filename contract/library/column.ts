/** What a cell of the library holds; `null` where a run has no such value. */
export type CellValue = number | string | boolean | readonly string[] | null

/** Kinds of columns: they decide which comparisons a query allows and how a cell is shown. */
export type ColumnType = 'number' | 'text' | 'boolean' | 'date' | 'set'

/** Ways to reduce a curve of measures to one number. */
export const REDUCERS = ['last', 'first', 'min', 'max', 'best', 'at'] as const
export type Reducer = (typeof REDUCERS)[number]

/**
 * A column of the library as it is written: `accuracy`, `layer.hiddenUnits`, `min(loss)`, `at(testAccuracy, 50)`.
 * A measure without a reducer is its last value.
 */
export interface ColumnReference {
  name: string
  reducer: Reducer | null
  /** Epoch of the reducer `at`; null for every other. */
  epoch: number | null
}

/** What is known of a column: for completion, the column picker and the table's head. */
export interface ColumnFacts {
  /** As queries and addresses write it, without a reducer. */
  name: string
  label: string
  type: ColumnType
  /** Section of the column tree. */
  section: 'run' | 'results' | 'probes' | 'specification' | 'measures' | 'imported'
  unit: string
  help: string
  /** Whether a reducer applies. */
  curve: boolean
  /** Runs that have a value. */
  runs: number
  /** Different values, up to a limit; the most frequent come first. Empty for curves. */
  values: readonly string[]
}

/** A column as text: the inverse of parsing. */
export const columnText = ({ name, reducer, epoch }: ColumnReference): string =>
  reducer === null ? name : reducer === 'at' ? `at(${name}, ${epoch ?? 0})` : `${reducer}(${name})`
