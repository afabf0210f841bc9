import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError, type RunId } from '../../contract/index.js'
import { writeError, writeFileAtomically } from '../files/atomicWrite.js'
import { makeFolder } from '../files/folders.js'
import { ifMissing } from '../files/missing.js'
import { readOnlyArchive } from '../readOnly.js'
import type { Archive } from './archive.js'
import { bytesOf } from './document.js'
import { lockArchive, type LockOptions } from './lock/index.js'
import { openMeasures } from './measures.js'
import { ownedArchive } from './owned.js'
import { openPreferences } from './preferences.js'
import { createProblems } from './problems.js'
import { readJson } from './records.js'
import { openRunFiles } from './runFiles.js'
import { openRuns } from './runs.js'
import { sweepUnfinished } from './unfinished.js'

export type { Archive, StoredCheckpoint } from './archive.js'

const VERSION = 1

/** @throws LabError `archive.newerVersion`; nothing is changed then */
async function checkVersion(folder: string, readOnly: boolean): Promise<void> {
  const path = join(folder, 'archive.json')
  const text = await readFile(path, 'utf8').catch(ifMissing(null))
  if (text === null && readOnly) return
  if (text === null) return writeFileAtomically(path, bytesOf({ program: 'LocalLearning Workbench', version: VERSION }))
  const { version } = (await readJson(path)) as { version?: unknown }
  if (typeof version === 'number' && version > VERSION)
    throw new LabError(
      'archive.newerVersion',
      `${folder} has version ${version}, but this program supports up to version ${VERSION}`,
      { folder },
    )
}

/** How an archive is opened. */
export interface OpenOptions extends LockOptions {
  /**
   * Takes no lock and writes nothing, so that it works while another workbench has the archive open, on a full disk and
   * on a read-only medium; a
   * folder that does not exist is an empty archive.
   */
  readOnly?: boolean
}

/**
 * Opens an archive for this process, or makes a new one.
 *
 * @param folder - where runs/, settings.json and queue.json lie
 * @throws LabError `archive.busy`, `archive.newerVersion`, `file.unwritable`, `file.diskFull`
 */
export async function openArchive(
  folder: string,
  { readOnly = false, ...options }: OpenOptions = {},
): Promise<Archive> {
  if (readOnly) {
    await checkVersion(folder, true)
    return readOnlyArchive(await createArchive(folder, true))
  }
  const lock = await lockArchive(folder, options)
  try {
    await checkVersion(folder, false)
    await makeFolder(join(folder, 'runs')).catch((error: unknown) => {
      throw writeError(folder, error)
    })
    await sweepUnfinished(folder)
    return ownedArchive(await createArchive(folder, false), lock)
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function createArchive(folder: string, readOnly: boolean): Promise<Archive> {
  const problems = createProblems()
  const runs = await openRuns(folder, { readOnly, onRemoved: (id: RunId) => measures.forget(id) })
  const measures = openMeasures(folder, { readOnly, expectKnown: runs.expectKnown })
  return {
    folder,
    problems,
    ...runs,
    ...measures,
    ...openRunFiles(folder, runs.expectKnown),
    ...(await openPreferences({ folder, readOnly, problems })),
    // Without a lock there is nothing to own and nothing to lose; `ownedArchive` has the rest.
    expectOwned: async () => undefined,
    onLost: () => undefined,
    announce: async () => undefined,
    close: runs.saveCache,
  }
}
