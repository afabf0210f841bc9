import { createColumnHelper, type SortingFn } from '@tanstack/vue-table'
import { DATASETS, RUN_STATES, type RunColumns, type RunRecord } from '../../../contract/index.js'
import { stateLook } from '../../components/runStates.js'
import type { RunListItem, SeedGroup } from '../../groups/runGroups.js'
import { KIND_LABELS, runRemark, runSeconds } from '../runWords.js'

/** A row: the record, and the columns of its specification once known. A group's row represents its runs, which are rows under it. */
export interface RunRow {
  record: RunRecord
  columns: RunColumns | null
  group: SeedGroup | null
  members: RunRow[]
}

/** Rows of a list that groups the seeds of one experiment. */
export function rowsOf(items: readonly RunListItem[], columnsOf: (id: string) => RunColumns | null): RunRow[] {
  return items.map((item): RunRow => {
    const members =
      item.type === 'group'
        ? item.group.members.map((record): RunRow => ({
            record,
            columns: columnsOf(record.id),
            group: null,
            members: [],
          }))
        : []
    return {
      record: item.record,
      columns: columnsOf(item.record.id),
      group: item.type === 'group' ? item.group : null,
      members,
    }
  })
}

/** The id of a row: a run's own, or `group:` and the group's. */
export const rowId = ({ record, group }: RunRow): string => (group === null ? record.id : `group:${group.id}`)

/** Hidden units: of the specification, or of the layer that the run was given. */
export const rowUnits = ({ record, columns }: RunRow): number | null =>
  columns?.hiddenUnits ?? record.layer?.hiddenUnits ?? null

const helper = createColumnHelper<RunRow>()
// Runs without a value come last in both directions.
const number = { sortUndefined: 'last' as const, sortDescFirst: true, enableGlobalFilter: false }
const byState: SortingFn<RunRow> = (a, b) =>
  RUN_STATES.indexOf(a.original.record.state) - RUN_STATES.indexOf(b.original.record.state)

/** Columns of the table of runs; `size` is the width in pixels, the name takes the remaining space. */
export const RUN_COLUMNS = [
  helper.accessor(({ record }) => stateLook(record).label, {
    id: 'state',
    header: 'State',
    size: 124,
    sortingFn: byState,
  }),
  helper.accessor(({ record }) => record.name, { id: 'name', header: 'Name', size: 240, sortingFn: 'text' }),
  helper.accessor(({ columns }) => (columns === null ? undefined : DATASETS[columns.dataset].label), {
    id: 'dataset',
    header: 'Dataset',
    size: 112,
    sortUndefined: 'last',
  }),
  helper.accessor((row) => rowUnits(row) ?? undefined, { id: 'units', header: 'Units', size: 50, ...number }),
  helper.accessor(({ record }) => record.seed, { id: 'seed', header: 'Seed', size: 58, ...number }),
  helper.accessor(({ record }) => record.epochs, { id: 'epochs', header: 'Epochs', size: 104, ...number }),
  helper.accessor(({ record }) => record.testAccuracy ?? undefined, {
    id: 'accuracy',
    header: 'Accuracy',
    size: 98,
    ...number,
  }),
  helper.accessor(({ record }) => record.spectrumSlope ?? undefined, { id: 'slope', header: 'α', size: 54, ...number }),
  helper.accessor(({ record }) => (record.verdict === null ? undefined : 1 - record.verdict.unconvergedFraction), {
    id: 'converged',
    header: 'Converged',
    size: 106,
    ...number,
  }),
  helper.accessor(({ record }) => record.startedAt ?? undefined, {
    id: 'started',
    header: 'Started',
    size: 88,
    sortUndefined: 'last',
    sortDescFirst: true,
    enableGlobalFilter: false,
  }),
  helper.accessor(({ record }) => runSeconds(record) ?? undefined, { id: 'took', header: 'Took', size: 54, ...number }),
]

/** Right-aligned columns. */
export const NUMERIC_COLUMNS: ReadonlySet<string> = new Set([
  'units',
  'seed',
  'epochs',
  'accuracy',
  'slope',
  'converged',
  'took',
])

/** Whether a run contains every word of a filter: name, id, state, kind, dataset, tags, note. */
export function runMatches({ record, columns }: RunRow, filter: string): boolean {
  const text = [
    record.name,
    record.id,
    stateLook(record).label,
    record.state,
    KIND_LABELS[record.kind],
    columns === null ? '' : DATASETS[columns.dataset].label,
    ...record.tags,
    runRemark(record),
  ]
    .join(' ')
    .toLowerCase()
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
