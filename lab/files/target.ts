import { lstat, readlink, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { LabError } from '../../contract/index.js'

/** Where bytes for a path go. */
export interface WriteTarget {
  /** The path with its links followed. */
  path: string
  /** `stream`: a device or pipe, written in place; a rename would replace it. */
  kind: 'file' | 'stream' | 'new'
  /** Permission bits of the file that is there; null for a new one. */
  mode: number | null
}

const MOST_LINKS = 40

/**
 * Follows the links of a path that is to be written.
 *
 * @throws LabError `file.isFolder` for a folder, `file.unwritable` for links that lead in a circle; system errors as they are
 */
export async function writeTarget(path: string): Promise<WriteTarget> {
  let place = resolve(path)
  for (let links = 0; links < MOST_LINKS; links++) {
    const found = await lstat(place).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
        return null
      throw error
    })
    if (found === null) return { path: place, kind: 'new', mode: null }
    if (found.isDirectory())
      throw new LabError('file.isFolder', `expected a file to write, but ${path} is a folder`, { path })
    if (found.isFile()) return { path: place, kind: 'file', mode: found.mode & 0o777 }
    if (!found.isSymbolicLink()) return { path: place, kind: 'stream', mode: null }
    // /dev/stdout and its like name an open file that no path leads to: their link is followed by the system.
    if (/^\/(dev|proc)\//.test(place)) return { path: place, kind: 'stream', mode: null }
    place = resolve(dirname(place), await readlink(place))
  }
  throw new LabError('file.unwritable', `${path} is a circular symbolic link`, { path })
}

/** Whether a path lies in a folder, links of both followed. */
export async function isInside(path: string, folder: string): Promise<boolean> {
  const real = async (place: string): Promise<string> =>
    realpath(place).catch(async (error: unknown) => {
      const parent = dirname(place)
      if (parent === place) throw error
      const above = await real(parent)
      return resolve(above, place.slice(parent.length).replace(/^[\\/]+/, ''))
    })
  const [inner, outer] = [await real(resolve(path)), await real(resolve(folder))]
  return (
    inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`) || inner.startsWith(`${outer}\\`)
  )
}
