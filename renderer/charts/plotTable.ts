import { csvOf } from '../../contract/library/csv.js'

/** What a chart plots, as a table. */
export interface PlotTable {
  /** Names the file. */
  name: string
  /** Of equal length; a title has the unit in brackets. */
  columns: readonly PlotColumn[]
}

export interface PlotColumn {
  title: string
  values: readonly (string | number | null)[]
}

/** One curve of several that need not share their places along x. */
export interface NamedCurve {
  name: string
  x: ArrayLike<number>
  /** One column each, in the order of the titles; null where a curve has no such numbers. */
  y: readonly (ArrayLike<number> | null)[]
}

/** Curves one below the other, each row with the name of its curve: what programs that group rows expect. */
export function curvesTable(
  name: string,
  xTitle: string,
  yTitles: readonly string[],
  curves: readonly NamedCurve[],
  curveTitle = 'Series',
): PlotTable {
  const column = (
    title: string,
    valuesOf: (curve: NamedCurve, place: number) => string | number | null,
  ): PlotColumn => ({
    title,
    values: curves.flatMap((curve) => Array.from(curve.x, (_, place) => valuesOf(curve, place))),
  })
  const given = yTitles
    .map((title, index) => ({ title, index }))
    .filter(({ index }) => curves.some(({ y }) => (y[index] ?? null) !== null))
  return {
    name,
    columns: [
      column(curveTitle, (curve) => curve.name),
      column(xTitle, ({ x }, place) => x[place] ?? null),
      ...given.map(({ title, index }) => column(title, ({ y }, place) => y[index]?.[place] ?? null)),
    ],
  }
}

/** A place along a curve without a number is an empty cell. */
const known = (value: string | number | null): string | number | null =>
  typeof value === 'number' && Number.isNaN(value) ? null : value

/** A table as CSV; what is not known is an empty cell. */
export function csvText({ columns }: PlotTable): string {
  const rows = Math.max(0, ...columns.map(({ values }) => values.length))
  return csvOf(
    columns.map(({ title }) => title),
    Array.from({ length: rows }, (_, row) => columns.map(({ values }) => known(values[row] ?? null))),
  )
}
