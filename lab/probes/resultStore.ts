import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { asLabError, LabError } from '../../contract/index.js'
import type { ArchiveProblems } from '../archive/problems.js'
import { createTurns } from '../inTurn.js'
import { mapEach } from '../files/eachOf.js'
import { ifMissing, ifUseless } from '../files/missing.js'
import { makeWhole, removeWhole } from '../files/wholeFolder.js'
import { readDocument, writeDocument } from './documents.js'

/** Results of one kind of probe, each a folder of open files: `probes/<kind>/<id>/`. */
export interface ResultStore<Result extends { id: string }> {
  /** Null when there is none of this id. @throws LabError `file.damaged` */
  find(id: string): Promise<Result | null>
  /** @throws LabError `probe.missing`, `file.damaged` */
  read(id: string): Promise<Result>
  /** Ids of the folders of results, whole or not. */
  ids(): Promise<string[]>
  /** All that are whole. @throws LabError `file.unreadable` when one cannot be read now */
  list(): Promise<Result[]>
  write(result: Result): Promise<void>
  /** @throws LabError `probe.missing` */
  remove(id: string): Promise<void>
}

const VERSION = 1

/** The version in the origin of a result; 0 where there is none. */
function versionOf(result: unknown): number {
  const origin = typeof result === 'object' && result !== null && 'origin' in result ? result.origin : null
  return typeof origin === 'object' && origin !== null && 'version' in origin && typeof origin.version === 'number'
    ? origin.version
    : 0
}

/**
 * @param archive - the archive's folder; this process has it locked
 * @param kind - name of the folder
 * @param letter - with which ids begin
 * @param problems - hears of results that cannot be used, which lists leave out
 */
export function openResultStore<Result extends { id: string }>(
  archive: string,
  kind: string,
  letter: string,
  problems?: Pick<ArchiveProblems, 'add'>,
): ResultStore<Result> {
  const root = join(archive, 'probes', kind)
  const inTurn = createTurns()
  const pattern = new RegExp(`^${letter}-[0-9a-f]{4,32}$`)
  // What this program wrote has the form that it wrote; damaged files are refused while they are read.
  const find = async (id: string): Promise<Result | null> => {
    const result = pattern.test(id) ? await readDocument(join(root, id)) : null
    const version = versionOf(result)
    if (version > VERSION)
      throw new LabError(
        'archive.newerVersion',
        `${join(root, id)} has version ${version}, but this program supports up to version ${VERSION}`,
        { id },
      )
    return result as Result | null
  }
  const listed = (id: string): Promise<Result | null> =>
    find(id).catch(
      ifUseless(null, (error) => problems?.add(`The result ${id} cannot be used: ${asLabError(error).message}.`)),
    )
  const ids = async (): Promise<string[]> =>
    (await readdir(root).catch(ifMissing([]))).filter((name) => pattern.test(name))
  return {
    find,
    read: async (id) => {
      const found = await find(id)
      if (found === null) throw new LabError('probe.missing', `the result ${id} does not exist in ${kind}`, { id })
      return found
    },
    ids,
    list: async () => (await mapEach(await ids(), listed)).filter((result) => result !== null),
    write: (result) => inTurn(() => makeWhole(root, result.id, (folder) => writeDocument(folder, result))),
    remove: (id) =>
      inTurn(async () => {
        if ((await find(id)) === null)
          throw new LabError('probe.missing', `the result ${id} does not exist in ${kind}`, { id })
        await removeWhole(root, id)
      }),
  }
}
