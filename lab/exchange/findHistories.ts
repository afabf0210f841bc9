import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { LabError } from '../../contract/index.js'
import type { ImportFormat } from '../../contract/library/imported.js'
import { openUserFile } from '../files/userFile.js'
import { maskedCrc32c } from './checksums.js'
import { isWandb } from './wandbParts.js'

/** Files that belong together: one run, or a table of runs. */
export interface FoundHistory {
  /** As the user named it, with the place inside a folder. */
  source: string
  format: ImportFormat
  /** What the run is called if its files do not say. */
  name: string
  files: { path: string; name: string }[]
}

const HEAD_BYTES = 16
const MOST_ENTRIES = 200_000
const DEEPEST = 32
const isEventName = (name: string): boolean => name.includes('tfevents')

/** Whether a file begins with a record of TensorFlow. */
const isRecord = (head: Uint8Array): boolean =>
  head.length >= 12 &&
  new DataView(head.buffer, head.byteOffset).getUint32(8, true) === maskedCrc32c(head.subarray(0, 8))

/** @throws LabError `file.invalid` for a file of no known format, `file.unreadable` */
async function formatOf(path: string, shown: string): Promise<ImportFormat> {
  const name = basename(shown)
  const { handle } = await openUserFile(path)
  const head = new Uint8Array(HEAD_BYTES)
  const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0).finally(() => handle.close())
  const begin = head.subarray(0, bytesRead)
  if (isWandb(begin)) return 'wandb'
  if (isRecord(begin) || isEventName(name)) return 'tensorboard'
  if (/\.csv$/i.test(name)) return 'csv'
  throw new LabError(
    'file.invalid',
    `${name}: expected a TensorBoard event file, a W&B file (run-NAME.wandb) or a CSV table of measures`,
    { path: shown },
  )
}

/** One file. @param shown - what the user calls it, such as the name of an uploaded one */
export async function historyOfFile(path: string, shown = path): Promise<FoundHistory> {
  const name = basename(shown)
  const format = await formatOf(path, shown)
  const own = shown === path && format === 'tensorboard' ? basename(dirname(resolve(path))) : name
  return { source: shown, format, name: own, files: [{ path, name }] }
}

/** Event files and W&B files below a folder, each folder of event files as one run. Links are not followed. */
async function historiesBelow(folder: string): Promise<FoundHistory[]> {
  const found: FoundHistory[] = []
  let entries = 0
  const look = async (place: string, depth: number): Promise<void> => {
    const inside = await readdir(place, { withFileTypes: true })
    entries += inside.length
    if (entries > MOST_ENTRIES || depth > DEEPEST)
      throw new LabError(
        'file.invalid',
        `${folder} has more than ${MOST_ENTRIES} entries or ${DEEPEST} levels; choose a folder inside it`,
        { path: folder },
      )
    const files = inside.filter((entry) => entry.isFile()).map(({ name }) => name)
    const events = files.filter(isEventName).sort()
    const inner = relative(folder, place).split('\\').join('/')
    const name = inner === '' ? basename(resolve(folder)) : inner
    if (events.length > 0)
      found.push({
        source: place,
        format: 'tensorboard',
        name,
        files: events.map((file) => ({ path: join(place, file), name: file })),
      })
    for (const file of files.filter((each) => each.endsWith('.wandb')).sort())
      found.push({
        source: join(place, file),
        format: 'wandb',
        name: file,
        files: [{ path: join(place, file), name: file }],
      })
    for (const { name: below } of inside
      .filter((entry) => entry.isDirectory())
      .sort((a, b) => (a.name < b.name ? -1 : 1)))
      await look(join(place, below), depth + 1)
  }
  await look(folder, 0)
  return found
}

/**
 * What can be imported from a file or folder.
 *
 * @throws LabError `file.invalid` for a file of no known format or a folder without any, `file.unreadable`
 */
export async function findHistories(path: string): Promise<FoundHistory[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) return [await historyOfFile(path)]
  const found = await historiesBelow(path)
  if (found.length === 0)
    throw new LabError('file.invalid', `${path} contains no event files (…tfevents…) and no W&B files (….wandb)`, {
      path,
    })
  return found
}
