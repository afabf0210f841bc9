/** Longest name of a measure; columns of the library have no longer ones. */
const LONGEST_NAME = 200
/** A key that MessagePack refuses in every record, so that no window could receive the curves of the run. */
const REFUSED_NAME = '__proto__'
/** More measures than any experiment has; those beyond are left out, and that is said. */
const MOST_CURVES = 20_000
const MOST_VALUES = 10_000_000

/** Measures in the order in which they were recorded; entry i of each list belongs together. */
export interface MeasureRows {
  names: string[]
  /** Place in `names`. */
  name: number[]
  step: number[]
  epoch: number[]
  /** Milliseconds since 1970; NaN where the file does not say. */
  wall: number[]
  value: number[]
}

/** What was read of a run of another program. */
export interface History {
  /** Empty where the file does not say. */
  name: string
  tags: string[]
  note: string
  tool: string
  settings: Record<string, unknown>
  rows: MeasureRows
  startedMs: number | null
  finishedMs: number | null
  computeSeconds: number | null
  /** Sentences about what could not be read. */
  faults: string[]
  /** Kinds of content that are not imported: `images`. */
  skipped: Set<string>
}

export const emptyHistory = (): History => ({
  name: '',
  tags: [],
  note: '',
  tool: '',
  settings: {},
  rows: { names: [], name: [], step: [], epoch: [], wall: [], value: [] },
  startedMs: null,
  finishedMs: null,
  computeSeconds: null,
  faults: [],
  skipped: new Set(),
})

/** Adds measures to a history, within its limits. */
export interface HistoryWriter {
  /** @param epoch - null where only the step is known */
  add(name: string, measure: { step: number; epoch: number | null; wall: number; value: number }): void
  /** Gives the measure that was added last under a name, if it was at this step, another value. */
  correct(name: string, step: number, value: number): void
  /** Takes back every measure at this step and later: a program that resumed measures them again. */
  rewind(step: number): void
  /** Whether a measure of this name was added. */
  has(name: string): boolean
  /** Gives every measure its epoch, and says what was left out. */
  finish(): void
}

/** Epochs that a program recorded as a measure of this name. */
const EPOCH = 'epoch'

/** Sets the epochs that are not known: from the measure `epoch` of the same step, else the step itself. */
function setEpochs({ names, name, step, epoch, value }: MeasureRows): void {
  const place = names.indexOf(EPOCH)
  const known = new Map<number, number>()
  if (place >= 0)
    for (const [row, of] of name.entries())
      if (of === place && Number.isFinite(value[row])) known.set(step[row] ?? 0, value[row] ?? 0)
  for (const [row, own] of epoch.entries())
    if (Number.isNaN(own)) epoch[row] = known.get(step[row] ?? 0) ?? step[row] ?? 0
}

export function historyWriter({ rows, faults }: History): HistoryWriter {
  const places = new Map(rows.names.map((name, place) => [name, place]))
  const left = { names: 0, curves: 0, values: 0 }
  const columns = [rows.name, rows.step, rows.epoch, rows.wall, rows.value] as const
  return {
    has: (name) => places.has(name),
    add: (name, { step, epoch, wall, value }) => {
      let place = places.get(name)
      if (place === undefined) {
        if (name === '' || name.length > LONGEST_NAME || name === REFUSED_NAME) return void (left.names += 1)
        if (places.size >= MOST_CURVES) return void (left.curves += 1)
        place = rows.names.push(name) - 1
        places.set(name, place)
      }
      if (rows.value.length >= MOST_VALUES) return void (left.values += 1)
      for (const [index, cell] of [place, step, epoch ?? NaN, wall, value].entries()) columns[index]?.push(cell)
    },
    correct: (name, step, value) => {
      const row = places.has(name) ? rows.name.lastIndexOf(places.get(name) ?? -1) : -1
      if (row >= 0 && rows.step[row] === step) rows.value[row] = value
    },
    rewind: (step) => {
      let kept = 0
      for (let row = 0; row < rows.step.length; row++) {
        if ((rows.step[row] ?? 0) >= step) continue
        for (const column of columns) column[kept] = column[row] ?? 0
        kept += 1
      }
      for (const column of columns) column.length = kept
    },
    finish: () => {
      setEpochs(rows)
      if (left.names > 0)
        faults.push(
          `${left.names} values without a usable name (1 to ${LONGEST_NAME} characters, not ${REFUSED_NAME}) were left out.`,
        )
      if (left.curves > 0)
        faults.push(`${left.curves} values of measures after the first ${MOST_CURVES} were left out.`)
      if (left.values > 0) faults.push(`${left.values} values after the first ${MOST_VALUES} were left out.`)
    },
  }
}
