import type { CommandOutput, MetricName, MetricRecord } from '../../contract/index.js'
import type { NamedCurves } from '../../contract/library/exchange.js'

/** A growing curve in plain columns. */
export interface MetricColumn {
  epoch: number[]
  value: number[]
}

export const NO_COLUMN: MetricColumn = { epoch: [], value: [] }

/** Curves as the lab stores them, as columns that can grow. */
export function columnsOf(stored: CommandOutput<'run.metrics'>): Map<MetricName, MetricColumn> {
  return new Map(Object.entries(stored).map(([name, curve]) => [name as MetricName, columnOf(curve)]))
}

/** One of them. */
export const columnOf = ({ epoch, value }: NamedCurves[string]): MetricColumn => ({
  epoch: Array.from(epoch),
  value: Array.from(value),
})

/** Appends new values. A resumed run repeats the values after its checkpoint, which replace the old ones. */
export function addRecords(columns: Map<string, MetricColumn>, records: readonly MetricRecord[]): void {
  for (const { name, epoch, value } of records) {
    const column = columns.get(name) ?? { epoch: [], value: [] }
    columns.set(name, column)
    while (column.epoch.length > 0 && (column.epoch[column.epoch.length - 1] ?? 0) >= epoch) {
      column.epoch.pop()
      column.value.pop()
    }
    column.epoch.push(epoch)
    column.value.push(value)
  }
}
