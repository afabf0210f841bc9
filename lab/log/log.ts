import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createStream } from 'rotating-file-stream'
import { asLabError } from '../../contract/index.js'

export type LogLevel = 'info' | 'warning' | 'error'

/** What a program did and what went wrong, for whoever looks for the cause later. */
export interface Log {
  folder: string
  path: string
  /** Errors since the program started. */
  readonly errors: number
  /** Adds a line. Never throws: a log that cannot be written is no reason to stop. */
  write(level: LogLevel, topic: string, text: string): void
  /** Resolves when everything is on disk. */
  close(): Promise<void>
}

/** How a log is kept. */
export interface LogOptions {
  /** One is started when the file has this size, in bytes. */
  largestBytes?: number
  /** Number of older files that are kept. */
  kept?: number
  now?: () => Date
}

const LARGEST_BYTES = 1_000_000
const KEPT = 4

/** An error with where it came from, and the errors behind it. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return asLabError(error).message
  const cause = error.cause === undefined ? '' : `\ncaused by ${errorText(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}

/**
 * Opens the log of the program that has an archive open; each archive has its own, as it has one owner.
 *
 * @param folder - where logs are kept; made when it does not exist, open to this user only
 * @param archive - the archive's folder
 */
export function openLog(
  folder: string,
  archive: string,
  { largestBytes = LARGEST_BYTES, kept = KEPT, now = () => new Date() }: LogOptions = {},
): Log {
  const name = `workbench-${createHash('sha256').update(resolve(archive)).digest('hex').slice(0, 8)}.log`
  let errors = 0
  let broken = false
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch {
    broken = true
  }
  const stream = broken
    ? null
    : createStream(name, { path: folder, size: `${largestBytes}B`, rotate: kept, mode: 0o600 })
  stream?.on('error', () => {
    broken = true
  })
  return {
    folder,
    path: join(folder, name),
    get errors() {
      return errors
    },
    write: (level, topic, text) => {
      if (level === 'error') errors += 1
      if (stream === null || broken || stream.writableEnded) return
      // A line begins with its time: further lines of one entry are indented.
      stream.write(`${now().toISOString()} ${level.padEnd(7)} ${topic}: ${text.replace(/\r?\n/g, '\n    ')}\n`)
    },
    close: () =>
      new Promise((done) => {
        if (stream === null || broken || stream.writableEnded) return done()
        stream.once('error', () => done())
        stream.end(() => done())
      }),
  }
}
