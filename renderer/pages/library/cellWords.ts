import { DATASETS } from '../../../contract/index.js'
import type { ColumnType } from '../../../contract/library/column.js'
import type { TableCell } from '../../../contract/library/table.js'
import { STATE_LOOKS } from '../../components/runStates.js'
import {
  formatDay,
  formatDuration,
  formatExact,
  formatFixed,
  formatPercent,
  formatSignificant,
} from '../../format/index.js'
import { numberInterval, percentInterval } from '../../groups/intervalText.js'
import { KIND_LABELS } from '../runWords.js'

/** Columns that are fractions of images or units. */
const FRACTIONS = /(accuracy|fraction|overlap)$/i
const own = <Table extends object>(table: Table, key: string): key is string & keyof Table => Object.hasOwn(table, key)

/** The name of a column without its reducer. */
export const bareName = (column: string): string => /^[a-z]+\((.*?)(?:,[^)]*)?\)$/i.exec(column)?.[1] ?? column

function numberText(column: string, value: number, halfWidth: number | null): string {
  const name = bareName(column)
  if (!Number.isFinite(value)) return formatExact(value)
  if (name === 'computeSeconds') return formatDuration(value)
  if (FRACTIONS.test(name))
    return halfWidth === null ? formatPercent(value) : percentInterval({ mean: value, halfWidth })
  if (halfWidth !== null && halfWidth > 0) return numberInterval({ mean: value, halfWidth })
  if (name === 'alpha') return formatFixed(value, 2)
  return Number.isInteger(value) || String(value).length < 7 ? formatExact(value) : formatSignificant(value, 4)
}

function wordText(column: string, value: string): string {
  if (column === 'state' && own(STATE_LOOKS, value)) return STATE_LOOKS[value].label
  if (/^dataset(\.kind)?$/.test(column) && own(DATASETS, value)) return DATASETS[value].label
  return column === 'kind' && own(KIND_LABELS, value) ? KIND_LABELS[value] : value
}

/** What a cell shows: `54.2 ± 0.6 %`, `3 h 55`, `several` where the runs of a group differ; empty without a value. */
export function cellWords(column: string, type: ColumnType, cell: TableCell | undefined, now: Date): string {
  if (cell === undefined) return ''
  const { value, halfWidth, differs } = cell
  if (value === null) return differs ? 'several' : ''
  if (type === 'date') return typeof value === 'number' ? formatDay(new Date(value), now) : ''
  if (typeof value === 'number') return numberText(column, value, halfWidth)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' ? wordText(column, value) : value.join(', ')
}
