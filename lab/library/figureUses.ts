import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { RunId } from '../../contract/index.js'
import { parseOwnJson } from '../files/json.js'
import { mapEach } from '../files/eachOf.js'
import { ifMissing, ifUseless } from '../files/missing.js'

const ENDING = '.provenance.json'
const provenance = z.looseObject({ figure: z.string(), runs: z.array(z.string()) })

/** An exported figure of the archive that shows runs. */
export interface FigureUse {
  /** As `FigureA2-….provenance.json` without the ending. */
  fileStem: string
  figure: string
  runs: readonly RunId[]
}

/**
 * The figures of several runs that were exported into the archive; a figure of a single run lies in the run's own folder.
 *
 * @param folder - of the archive
 */
export async function figureUses(folder: string): Promise<FigureUse[]> {
  const figures = join(folder, 'figures')
  const names = (await readdir(figures).catch(ifMissing([]))).filter((name) => name.endsWith(ENDING))
  const found = await mapEach(names, async (name): Promise<FigureUse[]> => {
    const bytes = await readFile(join(figures, name)).catch(ifMissing(null))
    if (bytes === null) return []
    // A provenance file that somebody has damaged names no runs that could be protected.
    const read = await Promise.resolve()
      .then(() => provenance.parse(parseOwnJson(new Uint8Array(bytes), name)))
      .catch(ifUseless(null))
    return read === null ? [] : [{ fileStem: name.slice(0, -ENDING.length), figure: read.figure, runs: read.runs }]
  })
  return found.flat()
}
