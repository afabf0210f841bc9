import { MultiBar, Presets } from 'cli-progress'
import { asLabError } from '../contract/index.js'

/** How results reach a person or a program. */
export interface Output {
  /** One line for a person; to standard error when standard output is for a JSON document. */
  line(text: string): void
  /** The result of a command as the one JSON document, if JSON was asked for. */
  result(value: unknown): void
  /** A bar on a terminal, a line every few seconds elsewhere. */
  progress(label: string, total: number): ProgressBar
  readonly json: boolean
}

/** One thing under way. */
export interface ProgressBar {
  update(done: number, note: string): void
  /** @param done - how far it came, where that is not the whole */
  finish(note: string, done?: number): void
}

const LINE_INTERVAL_MS = 5000

/** JSON that keeps typed arrays as numbers and NaN as null, as JSON demands. */
function jsonReplacer(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as unknown as ArrayLike<number>)
  return value
}

function terminalBars(): (label: string, total: number) => ProgressBar {
  const bars = new MultiBar({ format: '{label} {bar} {value}/{total} {note}', clearOnComplete: false, hideCursor: true, stream: process.stderr, fps: 10 }, Presets.shades_classic)
  let open = 0
  return (label, total) => {
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
  }
}

function plainLines(write: (text: string) => void): (label: string, total: number) => ProgressBar {
  return (label, total) => {
    let last = 0
    return {
      update: (done, note) => {
        const now = Date.now()
        if (now - last < LINE_INTERVAL_MS) return
        last = now
        write(`${label} ${done}/${total} ${note}`.trimEnd())
      },
      finish: (note, done = total) => write(`${label} ${done}/${total} ${note}`.trimEnd()),
    }
  }
}

/**
 * @param json - whether standard output is reserved for one JSON document; everything else then goes to standard error
 */
export function createOutput(json: boolean): Output {
  const write = (text: string): void => {
    (json ? process.stderr : process.stdout).write(`${text}\n`)
  }
  const progress = process.stderr.isTTY ? terminalBars() : plainLines((text) => process.stderr.write(`${text}\n`))
  return {
    json, progress,
    line: write,
    result: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value, jsonReplacer, 2)}\n`)
    },
  }
}

/** Tells what went wrong: title, fact, advice; with `json` also as a document. Returns the exit code. */
export function reportFailure(thrown: unknown, json: boolean): number {
  const error = asLabError(thrown)
  process.stderr.write(`${error.title}: ${error.message}\n${error.advice}\n`)
  if (error.code === 'internal' && error.cause instanceof Error && process.env['LOCALLEARNING_DEBUG']) process.stderr.write(`${error.cause.stack ?? ''}\n`)
  if (json) process.stdout.write(`${JSON.stringify({ error: { code: error.code, title: error.title, message: error.message, advice: error.advice, details: error.details } }, null, 2)}\n`)
  return error.exitCode
}

/** A byte count for people: `163 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length)
  const value = bytes / 1000 ** power
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${units[power - 1]}`
}

/** A duration for people: `2 min 5 s`. */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`
}

/** Rows as an aligned table; the first row is the head. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n')
}
