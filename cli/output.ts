import { MultiBar, Presets } from 'cli-progress'
import { asLabError, largestOf, type LabError } from '../contract/index.js'
import { printable, printableLines } from './terminal/printable.js'

/** How results reach a person or a program. */
export interface Output {
  /** One line for a person; to standard error when standard output is for a JSON document. */
  line(text: string): void
  /** One line about the program itself, to standard error. */
  note(text: string): void
  /** The result of a command as the one JSON document, if JSON was asked for. */
  result(value: unknown): void
  /** A bar on a terminal, a line every few seconds elsewhere. */
  progress(label: string, total: number): ProgressBar
  /** Leaves bars as they are, after a failure: one that is still open would keep the program alive. */
  close(): void
  readonly json: boolean
}

/** One thing in progress. */
export interface ProgressBar {
  update(done: number, note: string): void
  /** @param done - how far it came, where that is not the whole */
  finish(note: string, done?: number): void
}

const LINE_INTERVAL_MS = 5000

/** Whether a stream is a terminal that can move its cursor. */
export const isCapable = (stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv = process.env): boolean =>
  stream.isTTY === true && environment['TERM'] !== 'dumb'

/** JSON that keeps typed arrays as numbers and NaN as null, as JSON demands. */
function jsonReplacer(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as unknown as ArrayLike<number>)
  return value
}

/** Bars, and what ends them all. */
interface Bars {
  open(label: string, total: number): ProgressBar
  close(): void
}

function terminalBars(): Bars {
  const bars = new MultiBar(
    {
      format: '{label} {bar} {value}/{total} {note}',
      clearOnComplete: false,
      hideCursor: true,
      stream: process.stderr,
      fps: 10,
    },
    Presets.shades_classic,
  )
  let open = 0
  return {
    open: (label, total) => {
      open += 1
      const bar = bars.create(total, 0, { label, note: '' })
      return {
        update: (done, note) => bar.update(Math.min(done, total), { note }),
        finish: (note, done = bar.getTotal()) => {
          bar.update(done, { note })
          open -= 1
          if (open === 0) bars.stop()
        },
      }
    },
    close: () => bars.stop(),
  }
}

function plainLines(write: (text: string) => void): Bars {
  return {
    open: (label, total) => {
      let last = -Infinity
      return {
        update: (done, note) => {
          const now = performance.now()
          if (now - last < LINE_INTERVAL_MS) return
          last = now
          write(`${label} ${done}/${total} ${note}`.trimEnd())
        },
        finish: (note, done = total) => write(`${label} ${done}/${total} ${note}`.trimEnd()),
      }
    },
    close: () => undefined,
  }
}

/**
 * @param json - whether standard output is reserved for one JSON document; everything else then goes to standard error
 */
export function createOutput(json: boolean): Output {
  const write = (text: string): void => {
    ;(json ? process.stderr : process.stdout).write(`${printableLines(text)}\n`)
  }
  const bars = isCapable(process.stderr) ? terminalBars() : plainLines((text) => process.stderr.write(`${text}\n`))
  return {
    json,
    progress: (label, total) => bars.open(printable(label), total),
    close: bars.close,
    line: write,
    note: (text) => void process.stderr.write(`${printableLines(text)}\n`),
    result: (value) => {
      if (json) process.stdout.write(`${printableLines(JSON.stringify(value, jsonReplacer, 2))}\n`)
    },
  }
}

/** Writes an error as the JSON document of a command. */
export function writeErrorDocument({ code, title, message, advice, details }: LabError): void {
  process.stdout.write(
    `${printableLines(JSON.stringify({ error: { code, title, message, advice, details } }, null, 2))}\n`,
  )
}

/** Prints what went wrong: title, fact, advice; with `json` also as a document. Returns the exit code. */
export function reportFailure(thrown: unknown, json: boolean): number {
  const error = asLabError(thrown)
  process.stderr.write(printableLines(`${error.title}: ${error.message}\n${error.advice}\n`))
  if (error.code === 'internal' && error.cause instanceof Error && process.env['LOCALLEARNING_DEBUG'])
    process.stderr.write(`${error.cause.stack ?? ''}\n`)
  if (json) writeErrorDocument(error)
  return error.exitCode
}

/** A byte count for people: `163 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = bytes / 1000
  let unit = 0
  // Compared as it will be printed: 999 999 B are 1.0 MB and not 1000 kB.
  while (unit < units.length - 1 && Math.round(value) >= 1000) {
    value /= 1000
    unit += 1
  }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`
}

/** A duration for people: `2 min 5 s`, `1 h 5 min`, `3 d 4 h`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  const hours = Math.round(seconds / 3600)
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** A time of a record in the zone of this machine: `2026-11-29 23:05`. */
export function localTimeText(iso: string): string {
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return iso
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`
}

/** Rows as an aligned table; the first row is the head. */
export function tableText(given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map(printable))
  const widths = (rows[0] ?? []).map((_, column) => largestOf(rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
