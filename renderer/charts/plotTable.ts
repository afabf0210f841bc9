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

const cell = (value: string | number | null): string => {
  if (value === null || (typeof value === 'number' && Number.isNaN(value))) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A table as CSV (RFC 4180), lines ending in a line feed; what is not known is an empty cell, numbers have all their digits. */
export function csvText({ columns }: PlotTable): string {
  const rows = Math.max(0, ...columns.map(({ values }) => values.length))
  const lines = Array.from({ length: rows }, (_, row) =>
    columns.map(({ values }) => cell(values[row] ?? null)).join(','),
  )
  return `${[columns.map(({ title }) => cell(title)).join(','), ...lines].join('\n')}\n`
}
