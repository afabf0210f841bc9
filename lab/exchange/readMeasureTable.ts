import { LabError, listText } from '../../contract/index.js'
import { plainText } from '../../contract/library/csv.js'
import type { ByteStream } from './byteStream.js'
import { csvRows } from './csvRows.js'
import { emptyHistory, historyWriter, type History, type HistoryWriter } from './history.js'

/** Columns of a table with a measure a line; `run` and the others may be missing. */
const COLUMNS = ['run', 'name', 'measure', 'step', 'epoch', 'value', 'time'] as const
type Column = (typeof COLUMNS)[number]
type Places = Partial<Record<Column, number>>

const MOST_RUNS = 10_000
const WORDS: Readonly<Record<string, number>> = {
  nan: NaN,
  inf: Infinity,
  infinity: Infinity,
  '+inf': Infinity,
  '-inf': -Infinity,
  '-infinity': -Infinity,
}

/** A number as programs write it; null for anything else, such as a decimal comma. */
function numberIn(text: string): number | null {
  const trimmed = text.trim()
  const word = WORDS[trimmed.toLowerCase()]
  if (word !== undefined) return word
  const value = Number(trimmed)
  return trimmed === '' || Number.isNaN(value) ? null : value
}

/** A run of the table. */
export interface TableRun {
  /** What its lines have in the column `run`. */
  key: string
  history: History
}

function placesOf(head: readonly string[], file: string): Places {
  const places: Places = {}
  for (const [place, title] of head.entries()) {
    const known = COLUMNS.find(
      (column) =>
        column ===
        title
          .trim()
          .toLowerCase()
          .replace(/^\uFEFF/, ''),
    )
    if (known !== undefined) places[known] ??= place
  }
  const missing = [
    ...(['measure', 'value'] as const).filter((column) => places[column] === undefined),
    ...(places.step === undefined && places.epoch === undefined ? ['step or epoch'] : []),
  ]
  if (missing.length > 0)
    throw new LabError(
      'file.invalid',
      `${file}: expected a table with a measure a line (run, measure, step or epoch, value); it has no column ${listText(missing)}`,
      { file },
    )
  return places
}

/**
 * Reads a CSV table with one measure a line, as `lab export --format csv` writes it. Its lines may belong to several runs.
 *
 * @throws LabError `file.invalid` for a table of another form, or without a single number
 */
export function readMeasureTable({ name: file, stream }: { name: string; stream: ByteStream }): TableRun[] {
  const runs = new Map<string, { history: History; writer: HistoryWriter; wrong: { lines: number; first: number } }>()
  let places: Places | null = null
  let line = 0
  for (const row of csvRows(stream)) {
    line += 1
    if (places === null) {
      places = placesOf(row, file)
      continue
    }
    const known = places
    const cell = (column: Column): string => row[known[column] ?? -1] ?? ''
    const key = plainText(cell('run'))
    let run = runs.get(key)
    if (run === undefined) {
      if (runs.size >= MOST_RUNS)
        throw new LabError('file.invalid', `${file} has more than ${MOST_RUNS} runs`, { file })
      const history = { ...emptyHistory(), tool: 'CSV', name: plainText(cell('name')) || key }
      run = { history, writer: historyWriter(history), wrong: { lines: 0, first: line } }
      runs.set(key, run)
    }
    const [step, epoch, value] = [numberIn(cell('step')), numberIn(cell('epoch')), numberIn(cell('value'))]
    if (value === null || (step ?? epoch) === null) {
      if (run.wrong.lines === 0) run.wrong.first = line
      run.wrong.lines += 1
      continue
    }
    const wall = Date.parse(cell('time'))
    run.writer.add(plainText(cell('measure')), { step: step ?? epoch ?? 0, epoch, wall, value })
    const { history } = run
    if (Number.isNaN(wall)) continue
    history.startedMs = Math.min(history.startedMs ?? wall, wall)
    history.finishedMs = Math.max(history.finishedMs ?? wall, wall)
  }
  return [...runs].map(([key, { history, writer, wrong }]) => {
    writer.finish()
    if (wrong.lines > 0)
      history.faults.push(
        `${wrong.lines} lines of ${file} without a number were left out, the first is line ${wrong.first}; numbers need a decimal point.`,
      )
    return { key, history }
  })
}
