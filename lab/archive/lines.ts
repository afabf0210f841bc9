import { readFile, truncate } from 'node:fs/promises'
import { appendDurably, writeError } from '../files/atomicWrite.js'
import { ifMissing } from '../files/missing.js'

/** Lines of a file that is only ever appended to. */
export interface StoredLines {
  lines: unknown[]
  /** Lines that a crash cut short or that are no JSON; they were passed over. */
  dropped: number
}

/** NaN and infinities are no JSON; they are kept as texts. */
const toJson = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value

export const lineOf = (value: unknown): string => `${JSON.stringify(value, toJson)}\n`

/** A number as `lineOf` wrote it. */
export const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number(value))

/** Reads every whole line; no file means no lines. */
export async function readLines(path: string): Promise<StoredLines> {
  const text = await readFile(path, 'utf8').catch(ifMissing(''))
  const parts = text.split('\n')
  let dropped = parts.pop() === '' ? 0 : 1
  const lines: unknown[] = []
  for (const part of parts) {
    try {
      lines.push(JSON.parse(part))
    } catch {
      dropped += 1
    }
  }
  return { lines, dropped }
}

/** Removes what a crash left after the last line break, so that the next line begins on its own. */
export async function mendLastLine(path: string): Promise<boolean> {
  const bytes = await readFile(path).catch(ifMissing(null))
  if (bytes === null || bytes.length === 0 || bytes[bytes.length - 1] === 10) return false
  await truncate(path, bytes.lastIndexOf(10) + 1).catch((error: unknown) => {
    throw writeError(path, error)
  })
  return true
}

/** Appends values as lines, durably. */
export const appendLines = (path: string, values: readonly unknown[]): Promise<void> =>
  appendDurably(path, values.map(lineOf).join(''))
