import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { asLabError, LabError, type RunId } from '../../contract/index.js'
import { isUnfinished, writeFileAtomically } from '../files/atomicWrite.js'
import { mapEach } from '../files/eachOf.js'
import { ifMissing } from '../files/missing.js'
import type { Archive } from './archive.js'
import { pathInside, runFolder } from './paths.js'

/** Files of a run's folder by their paths. */
export function openRunFiles(
  folder: string,
  expectKnown: (id: RunId) => void,
): Pick<Archive, 'writeFile' | 'readFile' | 'files' | 'pathOf'> {
  const pathOf = (id: RunId, path: string): string => pathInside(runFolder(folder, id), path)
  return {
    pathOf,
    writeFile: async (id, path, bytes) => {
      expectKnown(id)
      await writeFileAtomically(pathOf(id, path), bytes)
    },
    readFile: async (id, path) => {
      expectKnown(id)
      const full = pathOf(id, path)
      return readFile(full).then(
        (buffer) => new Uint8Array(buffer),
        (error: unknown) => {
          throw new LabError('file.unreadable', `${full}: ${asLabError(error).message}`, { path }, error)
        },
      )
    },
    files: async (id) => {
      expectKnown(id)
      const root = runFolder(folder, id)
      const entries = (await readdir(root, { withFileTypes: true, recursive: true })).filter(
        (entry) => entry.isFile() && !isUnfinished(entry.name),
      )
      const files = await mapEach(entries, async (entry) => {
        const full = join(entry.parentPath, entry.name)
        const found = await stat(full).catch(ifMissing(null))
        return found === null
          ? []
          : [
              {
                path: relative(root, full).split(sep).join('/'),
                bytes: found.size,
                modifiedAt: found.mtime.toISOString(),
              },
            ]
      })
      return files.flat().sort((a, b) => (a.path < b.path ? -1 : 1))
    },
  }
}
