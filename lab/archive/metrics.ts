import { METRICS, type MetricColumns, type MetricName, type MetricRecord } from '../../contract/index.js'
import { numberOf, readLines } from './lines.js'

interface Columns {
  epoch: number[]
  step: number[]
  value: number[]
}

/** Metrics of one run in memory, by name: the page of a live run asks for them often. */
export interface MetricTable {
  add(records: readonly MetricRecord[]): void
  columns(names: readonly MetricName[] | null): Partial<Record<MetricName, MetricColumns>>
  /** Number of measurements. */
  readonly rows: number
}

const isMetricName = (name: unknown): name is MetricName => typeof name === 'string' && Object.hasOwn(METRICS, name)

/** Reads a run's metrics into memory; lines of another form are passed over. */
export async function loadMetrics(path: string): Promise<MetricTable> {
  const columns = new Map<MetricName, Columns>()
  let rows = 0
  const push = (name: MetricName, epoch: number, step: number, value: number): void => {
    const known = columns.get(name) ?? { epoch: [], step: [], value: [] }
    if (known.epoch.length === 0) columns.set(name, known)
    known.epoch.push(epoch)
    known.step.push(step)
    known.value.push(value)
    rows += 1
  }
  for (const line of (await readLines(path)).lines) {
    const { name, epoch, step, value } = line as Partial<Record<string, unknown>>
    if (isMetricName(name)) push(name, numberOf(epoch), numberOf(step), numberOf(value))
  }
  return {
    get rows() {
      return rows
    },
    add: (records) => {
      for (const { name, epoch, step, value } of records) push(name, epoch, step, value)
    },
    columns: (names) =>
      Object.fromEntries(
        [...columns]
          .filter(([name]) => names === null || names.includes(name))
          .map(([name, { epoch, step, value }]) => [
            name,
            {
              epoch: Float64Array.from(epoch),
              step: Float64Array.from(step),
              value: Float64Array.from(value),
            },
          ]),
      ),
  }
}
