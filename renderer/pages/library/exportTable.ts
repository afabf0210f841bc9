import type { LabLink } from '../../../contract/index.js'
import type { CellValue } from '../../../contract/library/column.js'
import { csvOf } from '../../../contract/library/csv.js'
import type { TableLine } from '../../../contract/library/table.js'

/** Lines of one request. */
const LINES_AT_ONCE = 500

/** All lines with some columns as CSV; of groups the means with half of their intervals and the number of runs. */
export async function tableCsv(
  link: LabLink,
  lines: readonly TableLine[],
  columns: readonly string[],
  grouped: boolean,
): Promise<string> {
  const names = ['name', ...columns.filter((column) => column !== 'name')]
  const rows: CellValue[][] = []
  const dates = new Set<number>()
  for (let from = 0; from < lines.length; from += LINES_AT_ONCE) {
    const page = lines.slice(from, from + LINES_AT_ONCE)
    const answer = await link.call('library.cells', {
      lines: page.map(({ ids }) => [...ids]),
      columns: names,
      wait: true,
    })
    for (const [place, { type }] of answer.columns.entries()) if (type === 'date') dates.add(place)
    for (const [place, cells] of answer.cells.entries())
      rows.push([
        ...cells.map(({ value }) => value),
        ...(grouped ? [page[place]?.ids.length ?? 0, ...cells.map(({ halfWidth }) => halfWidth)] : []),
      ])
  }
  const head = grouped ? [...names, 'runs', ...names.map((name) => `${name} half width`)] : names
  return csvOf(head, rows, dates)
}
