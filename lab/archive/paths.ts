import { realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, normalize, sep } from 'node:path'
import { LabError, type RunId } from '../../contract/index.js'

/** The layer under a hybrid model, in the folder of its run. */
export const LAYER_FILE = 'inputs/layer.pty'

/** What was pruned of a run and why, in its folder. */
export const PRUNING_FILE = 'pruning.json'

/** Where a run that computes keeps rows that do not fit into memory, in the folder of the run. */
export const SCRATCH_FOLDER = 'scratch'

const RUN_ID = /^r-[0-9a-f]{8}$/

export const isRunId = (name: unknown): name is RunId => typeof name === 'string' && RUN_ID.test(name)

/** The folder of a run. @throws LabError `run.missing` for what cannot be a run's id */
export function runFolder(archive: string, id: RunId): string {
  if (!RUN_ID.test(id)) throw new LabError('run.missing', `expected an id such as r-7f21c4a0, got ${id}`, { run: id })
  return join(archive, 'runs', id)
}

/** The nearest folder that exists, with links resolved. */
function realFolder(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(realFolder(parent), path.slice(parent.length))
  }
}

/**
 * The absolute path of a file of a folder, such as a run's.
 *
 * @param path - relative to the folder
 * @throws LabError `file.unreadable` for a path that leaves the folder, by `..` or by a link
 */
export function pathInside(folder: string, path: string): string {
  const inside = normalize(path)
  const full = join(folder, inside)
  const leaves = isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`) || path.includes('\0')
  const root = realFolder(folder)
  if (leaves || !(realFolder(full) + sep).startsWith(root + sep))
    throw new LabError('file.unreadable', `expected a path inside the folder of the run, got ${path}`, { path })
  return full
}
