import type { RunId } from '../../contract/index.js'
import type { ColumnReference } from '../../contract/library/column.js'
import type { LibraryParts } from './parts.js'
import type { LibraryRow } from './row.js'
import { tableColumns, type TableColumns } from './tableColumns.js'
import { tableSchema, type TableSchema } from './tableSchema.js'

/** Some runs with their settings and curves. */
export interface ChosenRuns {
  /** In the order of the ids; those that the archive does not have are left out. */
  rows: LibraryRow[]
  schema: TableSchema
  columns: TableColumns
}

/**
 * Reads everything of some runs, whatever else the archive has.
 *
 * @param references - columns whose values at an epoch are to be read
 * @returns with `isNew`, whether anything was read that the library did not know
 */
export async function chosenRuns(
  { source, labels, settings, curves, probes }: LibraryParts,
  ids: readonly RunId[],
  references: readonly ColumnReference[],
): Promise<ChosenRuns & { isNew: boolean }> {
  const records = new Map((await source.list()).map((record) => [record.id, record]))
  const known = ids.flatMap((id) => records.get(id) ?? [])
  const knownIds = known.map(({ id }) => id)
  const areSettingsNew = await settings.load(knownIds)
  for (const { id, state } of known) if (state === 'running') curves.touch(id)
  const areProbesNew = await probes.load()
  const areCurvesNew = await curves.load(knownIds)
  const rows = known.map((record): LibraryRow => ({
    record: labels.shown(record),
    labels: labels.of(record),
    settings: settings.of(record.id),
    curves: curves.of(record.id),
    probes: probes.of(record.id),
  }))
  const schema = tableSchema(rows)
  for (const reference of references)
    if (reference.reducer === 'at')
      await curves.loadEpoch({ ...reference, name: schema.curve(reference.name) ?? reference.name }, knownIds)
  return {
    rows,
    schema,
    columns: tableColumns(rows, schema, curves.atEpoch),
    isNew: areSettingsNew || areCurvesNew || areProbesNew,
  }
}
