import { createColumnHelper, type SortingFn } from '@tanstack/vue-table'
import { DATASETS, RUN_STATES, type ExperimentSpec, type RunRecord } from '../../../contract/index.js'
import { stateLook } from '../../components/runStates.js'
import { hiddenUnitsOf } from '../specWords.js'
import { KIND_LABELS, runRemark, runSeconds } from '../runWords.js'

/** A row: the record, and the spec once it is known. */
export interface RunRow {
  record: RunRecord
  spec: ExperimentSpec | null
}

const helper = createColumnHelper<RunRow>()
// Runs without a value stand at the end in both directions.
const number = { sortUndefined: 'last' as const, sortDescFirst: true, enableGlobalFilter: false }
const byState: SortingFn<RunRow> = (a, b) => RUN_STATES.indexOf(a.original.record.state) - RUN_STATES.indexOf(b.original.record.state)

/** Columns of the table of runs; `size` is the width in pixels, the name takes the rest. */
export const RUN_COLUMNS = [
  helper.accessor(({ record }) => stateLook(record).label, { id: 'state', header: 'State', size: 122, sortingFn: byState }),
  helper.accessor(({ record }) => record.name, { id: 'name', header: 'Name', size: 240, sortingFn: 'text' }),
  helper.accessor(({ record }) => KIND_LABELS[record.kind], { id: 'kind', header: 'Kind', size: 56 }),
  helper.accessor(({ spec }) => (spec === null ? undefined : DATASETS[spec.dataset.kind].label), { id: 'dataset', header: 'Dataset', size: 118, sortUndefined: 'last' }),
  helper.accessor(({ spec, record }) => (spec === null ? undefined : hiddenUnitsOf(spec, record) ?? undefined), { id: 'units', header: 'Units', size: 58, ...number }),
  helper.accessor(({ record }) => record.seed, { id: 'seed', header: 'Seed', size: 52, ...number }),
  helper.accessor(({ record }) => record.epochs, { id: 'epochs', header: 'Epochs', size: 88, ...number }),
  helper.accessor(({ record }) => record.spectrumSlope ?? undefined, { id: 'slope', header: 'α', size: 58, ...number }),
  helper.accessor(({ record }) => (record.verdict === null ? undefined : 1 - record.verdict.unconvergedFraction), { id: 'converged', header: 'Converged', size: 78, ...number }),
  helper.accessor(({ record }) => record.startedAt ?? undefined, { id: 'started', header: 'Started', size: 112, sortUndefined: 'last', sortDescFirst: true, enableGlobalFilter: false }),
  helper.accessor(({ record }) => runSeconds(record) ?? undefined, { id: 'took', header: 'Took', size: 66, ...number }),
]

/** Columns whose values stand at the right. */
export const NUMERIC_COLUMNS: ReadonlySet<string> = new Set(['units', 'seed', 'epochs', 'slope', 'converged', 'took'])

/** Whether every word of a filter stands somewhere in a run: name, id, state, kind, dataset, tags, remark. */
export function runMatches({ record, spec }: RunRow, filter: string): boolean {
  const text = [record.name, record.id, stateLook(record).label, record.state, KIND_LABELS[record.kind], spec === null ? '' : DATASETS[spec.dataset.kind].label, ...record.tags, runRemark(record)].join(' ').toLowerCase()
  return filter.toLowerCase().split(/\s+/).every((word) => text.includes(word))
}
