import type { RunId } from '../../contract/index.js'
import type { ColumnFacts, ColumnReference } from '../../contract/library/column.js'
import { parseColumn } from '../../contract/library/parseQuery.js'
import { columnsOfTable } from '../../contract/library/queryColumns.js'
import type { ColumnList, TableAnswer, TableCells, TableRequest } from '../../contract/library/table.js'
import { chosenRuns, type ChosenRuns } from './chosenRuns.js'
import { columnFacts } from './columnFacts.js'
import type { LibraryParts } from './parts.js'
import type { LibraryRow } from './row.js'
import { lineCell } from './tableCells.js'
import { tableColumns, type TableColumns } from './tableColumns.js'
import { tableLines } from './tableLines.js'
import { tableSchema, type TableSchema } from './tableSchema.js'

export type { LibraryParts }

/** The runs of an archive as a table. */
export interface Library {
  /** @param wait - answers when every curve that the request names is read, instead of at once */
  table(request: TableRequest, wait: boolean): Promise<TableAnswer>
  /** Cells of lines by the ids of their runs. @throws LabError `query.invalid` for unknown columns */
  cells(lines: readonly (readonly RunId[])[], columns: readonly string[], wait: boolean): Promise<TableCells>
  /** Some runs with everything that is known of them, and the epochs that these columns need. */
  chosen(ids: readonly RunId[], references: readonly ColumnReference[]): Promise<ChosenRuns>
  /** Columns whose name or label contains a text; the most used first. */
  columns(search: string, count: number): Promise<ColumnList>
  /** A measure of each run, thinned to at most `points` values; empty for a run without it. */
  curves(ids: readonly RunId[], name: string, points: number): Promise<Float64Array[]>
  /** Reads settings and curves that are not known yet, so that the first table does not wait for them. */
  warm(): Promise<void>
  /** Says that runs, or what users set of them, have changed. */
  touch(ids: readonly RunId[]): void
}

interface Snapshot {
  rows: LibraryRow[]
  places: Map<RunId, number>
  schema: TableSchema
  columns: TableColumns
  /** Counted when they are first wanted. */
  facts?: ColumnFacts[]
}

/** States in which the curves of a run grow. */
const isGrowing = (state: string): boolean => state === 'running'

export function createLibrary(parts: LibraryParts): Library {
  const { source, labels, settings, curves, probes } = parts
  let snapshot: Snapshot | null = null
  let known: { size: number; schema: TableSchema } | null = null
  /** Counts changes: a snapshot that was begun before one is not kept. */
  let revision = 0

  const forget = (): void => {
    revision += 1
    known = null
    snapshot = null
  }
  const read = async (): Promise<Snapshot> => {
    if (await probes.load()) forget()
    if (snapshot !== null) return snapshot
    const begun = revision
    const records = await source.list()
    const ids = records.map(({ id }) => id)
    const isNew = await settings.load(ids)
    const rows = records.map((record): LibraryRow => ({
      record: labels.shown(record),
      labels: labels.of(record),
      settings: settings.of(record.id),
      curves: curves.of(record.id),
      probes: probes.of(record.id),
    }))
    // Which columns there are depends on the runs alone, and is the slow part.
    if (known === null || isNew || known.size !== rows.length) known = { size: rows.length, schema: tableSchema(rows) }
    const places = new Map(ids.map((id, place) => [id, place]))
    const made = { rows, places, schema: known.schema, columns: tableColumns(rows, known.schema, curves.atEpoch) }
    if (begun === revision) snapshot = made
    return made
  }
  /** Reads the curves that columns need. */
  const load = async (references: readonly ColumnReference[], wait: boolean): Promise<void> => {
    const { rows, schema } = await read()
    const ids = rows.map(({ record }) => record.id)
    const isCurve = ({ name, reducer }: ColumnReference): boolean =>
      reducer !== null ||
      (schema.curve(name) !== null && schema.curves.includes(schema.curve(name) ?? '')) ||
      // Measures of other programs are known when they are read.
      !schema.names.has(name)
    const needed = references.filter(isCurve)
    if (needed.length === 0) return
    for (const { record } of rows) if (isGrowing(record.state)) curves.touch(record.id)
    const reading = curves.load(ids).then((isNew) => {
      if (isNew) forget()
    })
    // Without waiting the caller hears of progress by events.
    if (wait) await reading
    else reading.catch(() => undefined)
    for (const reference of needed)
      if (reference.reducer === 'at')
        await curves.loadEpoch({ ...reference, name: schema.curve(reference.name) ?? reference.name }, ids)
  }
  return {
    table: async (request, wait) => {
      await load(columnsOfTable(request), wait)
      const { rows, columns } = await read()
      const { lines, matching, total } = tableLines(rows, columns, request, Date.now())
      return {
        lines: lines.map((line) => ({ ids: line.rows.map((row) => rows[row]?.record.id ?? '') })),
        matching,
        total,
        reading: curves.waiting,
      }
    },
    cells: async (lines, names, wait) => {
      const references = names.map(parseColumn)
      await load(references, wait)
      const { places, columns } = await read()
      const readable = references.map((reference, index) =>
        columns.column(reference, { from: 0, to: names[index]?.length ?? 0 }),
      )
      return {
        columns: names.map((column, index) => ({ column, type: readable[index]?.type ?? 'text' })),
        cells: lines.map((ids) => {
          // A run that was deleted meanwhile has no cells.
          const own = ids.flatMap((id) => places.get(id) ?? [])
          return readable.map((column) => lineCell(column, own))
        }),
      }
    },
    chosen: async (ids, references) => {
      const { isNew, ...found } = await chosenRuns(parts, ids, references)
      if (isNew) forget()
      return found
    },
    columns: async (search, count) => {
      const known = await read()
      known.facts ??= columnFacts(known.rows, known.schema, known.columns)
      const wanted = search.toLowerCase()
      const found = known.facts.filter(
        ({ name, label }) => name.toLowerCase().includes(wanted) || label.toLowerCase().includes(wanted),
      )
      return { columns: found.slice(0, count), total: found.length }
    },
    curves: (ids, name, points) => curves.thinned(ids, name, points),
    warm: async () => {
      const { rows } = await read()
      await curves.load(rows.map(({ record }) => record.id))
      forget()
    },
    touch: (ids) => {
      revision += 1
      snapshot = null
      for (const id of ids) curves.touch(id)
    },
  }
}
