import { METRICS, type MetricColumns, type MetricName, type MetricRecord } from '../../contract/index.js'
import { numberOf, readLines } from './lines.js'

type Row = Omit<MetricRecord, 'name' | 'wall'>

/** Metrics of one run in memory, by name: the page of a live run asks for them often. */
export interface MetricTable {
  add(records: readonly MetricRecord[]): void
  columns(names: readonly MetricName[] | null): Partial<Record<MetricName, MetricColumns>>
  /** Every record after this step goes. */
  rewind(step: number): void
}

const isMetricName = (name: unknown): name is MetricName => typeof name === 'string' && Object.hasOwn(METRICS, name)

/** Reads a run's metrics into memory; lines of another form are passed over. */
export async function loadMetrics(path: string): Promise<MetricTable> {
  const rows = new Map<MetricName, Row[]>()
  const push = (name: MetricName, row: Row): void => {
    const known = rows.get(name)
    if (known === undefined) rows.set(name, [row])
    else known.push(row)
  }
  for (const line of (await readLines(path)).lines) {
    const { name, epoch, step, value } = line as Partial<Record<string, unknown>>
    if (isMetricName(name)) push(name, { epoch: numberOf(epoch), step: numberOf(step), value: numberOf(value) })
  }
  return {
    add: (records) => {
      for (const { name, epoch, step, value } of records) push(name, { epoch, step, value })
    },
    columns: (names) => Object.fromEntries([...rows].filter(([name]) => names === null || names.includes(name)).map(([name, list]) => [name, {
      epoch: Float64Array.from(list, (row) => row.epoch), step: Float64Array.from(list, (row) => row.step), value: Float64Array.from(list, (row) => row.value),
    }])),
    rewind: (step) => {
      for (const [name, list] of rows) rows.set(name, list.filter((row) => row.step <= step))
    },
  }
}
