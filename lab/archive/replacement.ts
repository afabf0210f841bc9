import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { renameDurably } from '../files/atomicWrite.js'
import { ifMissing } from '../files/missing.js'
import { PRUNING_FILE } from './paths.js'

/**
 * Files of a run that are replaced together with its record: they are written under other names, then the record says that they count,
 * and then they get their names. A crash in between is finished, or forgotten, when the archive is opened.
 */
const NEXT = '.next'

/** The name under which a file is written that is to replace another. */
export const nextName = (path: string): string => `${path}${NEXT}`

/** Whether a file waits to replace another. */
export const isNext = (name: string): boolean => name.endsWith(NEXT)

/** Gives written files their names. @param folder - of the run */
export async function takeNext(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(NEXT))
  // `pruning.json` last: as long as it has its other name, the others may have theirs.
  for (const name of names.sort((a, b) => Number(a.includes('.json')) - Number(b.includes('.json'))))
    await renameDurably(join(folder, name), join(folder, name.slice(0, -NEXT.length)))
}

/** Forgets written files that do not count. */
export async function dropNext(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(ifMissing([]))).filter((name) => name.endsWith(NEXT))
  for (const name of names) await rm(join(folder, name), { force: true })
}

async function prunedAtOf(path: string, of: (json: Record<string, unknown>) => unknown): Promise<unknown> {
  try {
    return of(JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>)
  } catch {
    return null
  }
}

/** Finishes what a crash left of a replacement in a run's folder where the record says that it counts, and forgets it otherwise. */
export async function settleNext(folder: string): Promise<void> {
  const written = await prunedAtOf(join(folder, nextName(PRUNING_FILE)), ({ prunedAt }) => prunedAt)
  const counted = await prunedAtOf(join(folder, 'run.json'), ({ pruning }) =>
    typeof pruning === 'object' && pruning !== null && 'prunedAt' in pruning ? pruning.prunedAt : null,
  )
  await (typeof written === 'string' && written === counted ? takeNext(folder) : dropNext(folder))
}
