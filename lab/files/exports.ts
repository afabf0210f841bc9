import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../contract/index.js'
import { writeFileAtomically, type FileContent } from './atomicWrite.js'
import { isInside, writeTarget } from './target.js'

/** How a file of the user's is written. */
export interface ExportOptions {
  /** Replaces files that exist. */
  overwrite: boolean
  /** The archive, into which no export writes; null for the figures of a replay, which lie in it. */
  archive: string | null
}

/**
 * Checks that an export may write these files, before the first is written.
 *
 * @throws LabError `file.ofArchive` for a path inside the archive, `file.exists` for a file that would be replaced without
 *   `overwrite`, `file.isFolder`
 */
export async function expectExportable(paths: readonly string[], { overwrite, archive }: ExportOptions): Promise<void> {
  for (const path of paths) {
    const target = await writeTarget(path)
    if (target.kind !== 'stream' && archive !== null && (await isInside(target.path, archive)))
      throw new LabError('file.ofArchive', `${path} is inside the archive ${archive}`, { path })
    if (target.kind === 'file' && !overwrite) throw new LabError('file.exists', `${path} already exists`, { path })
  }
}

/** Writes one file of an export, after {@link expectExportable}. */
export const writeExport = (
  path: string,
  bytes: FileContent,
  { overwrite }: Pick<ExportOptions, 'overwrite'>,
): Promise<void> => writeFileAtomically(path, bytes, { access: 'umask', replace: overwrite })

/** Whether a folder holds an earlier export of a figure by this program, which a new one replaces. */
export async function holdsOwnFigure(folder: string, fileStem: string): Promise<boolean> {
  try {
    const provenance: unknown = JSON.parse(await readFile(join(folder, `${fileStem}.provenance.json`), 'utf8'))
    return (
      typeof provenance === 'object' &&
      provenance !== null &&
      'program' in provenance &&
      typeof provenance.program === 'string' &&
      provenance.program.startsWith('LocalLearning Workbench')
    )
  } catch {
    return false
  }
}
