import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { freemem } from 'node:os'
import { join } from 'node:path'
import { memoryRows, type RowStore } from '../../engine/experiments/classifier/index.js'

/** Rows stay in memory while they take no more of what is free. */
const SHARE_OF_FREE_MEMORY = 0.4
const FLOAT_BYTES = 4

/** Rows in a file of a scratch folder that is deleted when the store is closed; a crash leaves it behind. */
export function fileRows(folder: string, name: string, width: number): RowStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${name}.float32`)
  const file = openSync(path, 'w+', 0o600)
  const rowBytes = width * FLOAT_BYTES
  return {
    write: (first, rows) => {
      const bytes = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength)
      let done = 0
      while (done < bytes.length) done += writeSync(file, bytes, done, bytes.length - done, first * rowBytes + done)
    },
    read: (rows, target) => {
      const bytes = Buffer.from(target.buffer, target.byteOffset, target.byteLength)
      rows.forEach((row, place) => {
        let done = 0
        while (done < rowBytes) {
          const count = readSync(file, bytes, place * rowBytes + done, rowBytes - done, row * rowBytes + done)
          if (count === 0) throw new Error(`row ${row} of ${path} is truncated`)
          done += count
        }
      })
    },
    close: () => {
      closeSync(file)
      rmSync(path, { force: true })
    },
  }
}

/**
 * A place for rows: memory while they fit, else a file.
 *
 * @param folder - for files
 */
export function createRowStores(folder: string): (rows: number, width: number) => RowStore {
  let opened = 0
  return (rows, width) =>
    rows * width * FLOAT_BYTES <= SHARE_OF_FREE_MEMORY * freemem()
      ? memoryRows(rows, width)
      : fileRows(folder, `rows-${opened++}`, width)
}
