import { METRICS } from '../../contract/index.js'
import type { ColumnFacts } from '../../contract/library/column.js'
import { hasValue, type ReadableColumn } from '../../contract/library/matchQuery.js'
import { probeColumnFacts } from '../../contract/library/probeColumns.js'
import { isRunColumn, RUN_COLUMNS } from '../../contract/library/runColumns.js'
import type { LibraryRow } from './row.js'
import type { TableColumns } from './tableColumns.js'
import type { TableSchema } from './tableSchema.js'

/** Values of a column that are listed, for completion. */
const MOST_VALUES = 100

const isMetric = (name: string): name is keyof typeof METRICS => Object.hasOwn(METRICS, name)

/** In how many rows a column has a value, and which values come most often. */
function counted({ cell }: ReadableColumn, rows: number): { runs: number; values: string[] } {
  const counts = new Map<string, number>()
  let runs = 0
  for (let row = 0; row < rows; row++) {
    const value = cell(row)
    if (!hasValue(value)) continue
    runs += 1
    for (const part of Array.isArray(value) ? (value as readonly string[]) : [String(value)])
      counts.set(part, (counts.get(part) ?? 0) + 1)
  }
  const values = [...counts].sort((a, b) => b[1] - a[1]).slice(0, MOST_VALUES)
  return { runs, values: values.map(([value]) => value) }
}

/** Every column of a set of runs, with its counts. */
export function columnFacts(rows: readonly LibraryRow[], schema: TableSchema, columns: TableColumns): ColumnFacts[] {
  const plain = [...Object.keys(RUN_COLUMNS), ...schema.settings].map((name): ColumnFacts => {
    const known = isRunColumn(name) ? RUN_COLUMNS[name] : null
    return {
      name,
      label: known?.label ?? name,
      type: known?.type ?? schema.types.get(name) ?? 'text',
      section: known?.section ?? 'specification',
      unit: known?.unit ?? '',
      help: known?.help ?? '',
      curve: false,
      ...counted(columns.named(name), rows.length),
    }
  })
  const curves = schema.curves.map((name): ColumnFacts => {
    const known = isMetric(name) ? METRICS[name] : null
    return {
      name,
      label: known?.label ?? name,
      type: 'number',
      section: known === null ? 'imported' : 'measures',
      unit: known?.unit ?? '',
      help: known?.help ?? '',
      curve: true,
      runs: rows.filter(({ curves: own }) => own !== null && Object.hasOwn(own, name)).length,
      values: [],
    }
  })
  const probes = schema.probes.map((name): ColumnFacts => ({
    name,
    label: probeColumnFacts(name)?.label ?? name,
    type: 'number',
    section: 'probes',
    unit: '',
    help: probeColumnFacts(name)?.help ?? '',
    curve: false,
    runs: rows.filter(({ probes: own }) => own !== null && Object.hasOwn(own, name)).length,
    values: [],
  }))
  return [...plain, ...curves, ...probes]
}
