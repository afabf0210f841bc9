import { METRICS } from '../../../contract/index.js'
import type { ColumnType } from '../../../contract/library/column.js'
import { isRunColumn, RUN_COLUMNS } from '../../../contract/library/runColumns.js'
import { drawnColumn } from './drawnColumns.js'
import { bareName } from './cellWords.js'

/** Columns of the table before anybody chooses others. */
export const DEFAULT_COLUMNS = [
  'state',
  'dataset',
  'hiddenUnits',
  'seed',
  'epoch',
  'accuracy',
  'strip(accuracy)',
  'curve(testAccuracy)',
  'alpha',
  'started',
  'computeSeconds',
] as const
/** The number of runs of a group; no column of the lab. */
export const SEEDS = 'seeds'

const SHORT = {
  accuracy: 'Accuracy',
  trainAccuracy: 'Train accuracy',
  alpha: 'α',
  computeSeconds: 'Took',
  epoch: 'Epochs',
  hiddenUnits: 'Units',
  'layer.hiddenUnits': 'Units',
  tag: 'Tags',
} as const
const WIDTHS: Readonly<Record<string, number>> = {
  [SEEDS]: 52, state: 112, dataset: 124, seed: 56, epoch: 68, accuracy: 104, alpha: 104, started: 108, created: 108,
  finished: 108, computeSeconds: 72, hiddenUnits: 64, tag: 140, note: 200, name: 240, id: 92, folder: 160, star: 48,
} // prettier-ignore
const own = <Table extends object>(table: Table, key: string): key is string & keyof Table => Object.hasOwn(table, key)

/** Words at the head of a column: `Accuracy`, `α`, `min Loss`, `layer.rank`. */
export function headText(column: string): string {
  const drawn = drawnColumn(column)
  if (drawn !== null)
    return drawn.kind === 'strip'
      ? `Seeds of ${headText(drawn.of)}`
      : `Curve${drawn.of === 'testAccuracy' ? '' : ` of ${headText(drawn.of)}`}`
  const name = bareName(column)
  const label = own(SHORT, name)
    ? SHORT[name]
    : isRunColumn(name)
      ? RUN_COLUMNS[name].label
      : own(METRICS, name)
        ? METRICS[name].label
        : name
  const reducer = name === column ? '' : column.slice(0, column.indexOf('('))
  const epoch = /,\s*(\d+)\)$/.exec(column)?.[1]
  return reducer === '' ? label : `${reducer === 'at' ? `at ${epoch ?? ''}` : reducer} ${label}`
}

/** Width of a column in pixels. */
export function columnWidth(column: string, grouped: boolean): number {
  if (drawnColumn(column) !== null) return 104
  const known = WIDTHS[bareName(column)]
  if (known !== undefined) return known
  return Math.min(180, Math.max(grouped ? 112 : 84, 7 * headText(column).length + 24))
}

/** Right-aligned columns. */
export const isNumeric = (type: ColumnType | undefined, column: string): boolean =>
  type === 'number' || column === SEEDS
