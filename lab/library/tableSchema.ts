import { METRICS } from '../../contract/index.js'
import type { CellValue, ColumnType } from '../../contract/library/column.js'
import { columnNames, type ColumnNames } from '../../contract/library/resolveColumn.js'
import { isRunColumn, RUN_COLUMNS } from '../../contract/library/runColumns.js'
import type { LibraryRow } from './row.js'

/** Which columns a set of runs has. */
export interface TableSchema {
  /** Types of the settings; one that is a number in one run and a text in another is a text. */
  types: ReadonlyMap<string, ColumnType>
  /** Settings and curves in the order of their lists, without those whose name a column of every run has. */
  settings: readonly string[]
  curves: readonly string[]
  /** Numbers of probe results. */
  probes: readonly string[]
  names: ColumnNames
  /** The curve of a name, whatever its capitals; null where there is none. */
  curve(name: string): string | null
}

const typeOf = (value: CellValue): ColumnType =>
  typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'text'

function settingTypes(rows: readonly LibraryRow[]): Map<string, ColumnType> {
  const types = new Map<string, ColumnType>()
  for (const { settings } of rows) {
    if (settings === null) continue
    for (const name in settings) {
      const known = types.get(name)
      if (known === 'text') continue
      const own = typeOf(settings[name] ?? null)
      if (known !== own) types.set(name, known === undefined ? own : 'text')
    }
  }
  return types
}

export function tableSchema(rows: readonly LibraryRow[]): TableSchema {
  const types = settingTypes(rows)
  const all = new Set<string>(Object.keys(METRICS))
  for (const { curves } of rows) for (const name in curves) all.add(name)
  const settings = [...types.keys()].filter((name) => !isRunColumn(name))
  const probes = new Set<string>()
  for (const { probes: own } of rows) for (const name in own) probes.add(name)
  // A column of every run hides a curve of its name, which `last(…)` still reaches.
  const curves = [...all].filter((name) => !isRunColumn(name) && !types.has(name))
  const byFolded = new Map([...all].map((name) => [name.toLowerCase(), name]))
  return {
    types,
    settings,
    curves,
    probes: [...probes].sort(),
    names: columnNames([...Object.keys(RUN_COLUMNS), ...settings, ...curves, ...[...probes].sort()]),
    curve: (name) => byFolded.get(name.toLowerCase()) ?? null,
  }
}
