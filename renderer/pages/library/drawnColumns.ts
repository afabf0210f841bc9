/** A column that is drawn instead of written: the values of all seeds on one axis, or the course of a measure. */
export interface DrawnColumn {
  kind: 'strip' | 'curve'
  /** The column whose values it draws, as queries write it. */
  of: string
}

/** How many runs of a group are drawn; more cannot be distinguished. */
export const MOST_DRAWN = 12

/** `strip(accuracy)`, `curve(testAccuracy)`; null for every other column. */
export function drawnColumn(column: string): DrawnColumn | null {
  const found = /^(strip|curve)\((.+)\)$/.exec(column)
  return found === null ? null : { kind: found[1] === 'strip' ? 'strip' : 'curve', of: found[2] ?? '' }
}

export const drawnName = ({ kind, of }: DrawnColumn): string => `${kind}(${of})`

/** Columns whose cells are written. */
export const writtenColumns = (columns: readonly string[]): string[] =>
  columns.filter((column) => drawnColumn(column) === null)

/** The mean over runs at each place, of those that reach it; what is not finite is left out. */
export function meanCurve(curves: readonly Float64Array[]): number[] {
  const length = Math.max(0, ...curves.map((curve) => curve.length))
  return Array.from({ length }, (_, place) => {
    const values = curves.map((curve) => curve[place] ?? NaN).filter(Number.isFinite)
    return values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length
  })
}
