import { z } from 'zod'
import { issuesText, LabError, toWireError, type RunId } from '../../contract/index.js'
import { IMPORT_FORMATS, type ImportedRun, type ImportFormat } from '../../contract/library/imported.js'
import type { LibraryRecord } from '../../contract/library/record.js'
import { numberOf } from '../archive/lines.js'
import { readJson } from '../archive/records.js'

const VERSION = 1

const number = z.unknown().transform((value) => (value === null || value === undefined ? null : numberOf(value)))
const recordForm = z.looseObject({
  id: z.string(),
  version: z.number(),
  name: z.string(),
  tags: z.array(z.string()),
  origin: z.looseObject({
    format: z.enum(Object.keys(IMPORT_FORMATS) as [ImportFormat, ...ImportFormat[]]),
    path: z.string(),
    tool: z.string(),
    sha256: z.string(),
    importedAt: z.string(),
  }),
  results: z.object({
    testAccuracy: number,
    trainAccuracy: number,
    spectrumSlope: number,
    spectrumStandardError: number,
  }),
  faults: z.array(z.string()),
})

/** @throws LabError `file.damaged`, `file.unreadable`, `archive.newerVersion` */
export async function readImported(path: string): Promise<ImportedRun> {
  const result = recordForm.safeParse(await readJson(path))
  if (!result.success)
    throw new LabError('file.damaged', `${path} is not valid: ${issuesText(result.error.issues, 'record')}`, { path })
  if (result.data.version > VERSION)
    throw new LabError('archive.newerVersion', `${path} has version ${result.data.version}, expected ${VERSION}`, {
      path,
    })
  return result.data as unknown as ImportedRun
}

/** When an imported run was made, as far as it is known; ISO 8601. */
export const momentOf = ({ startedAt, origin }: ImportedRun): string => startedAt ?? origin.importedAt

/** An imported run as lists show it. */
export const recordOfImported = (run: ImportedRun): LibraryRecord => ({
  id: run.id,
  name: run.name,
  kind: 'imported',
  state: 'imported',
  createdAt: momentOf(run),
  startedAt: run.startedAt,
  finishedAt: run.finishedAt,
  computeSeconds: run.computeSeconds,
  seed: run.seed,
  epoch: run.epoch,
  epochs: null,
  executor: null,
  verdict: null,
  pruning: null,
  group: null,
  tags: run.tags,
  error: null,
  origin: run.origin,
  ...run.results,
})

/** What a list shows of an imported run whose record cannot be read. */
export const unreadImported = (id: RunId, error: unknown): LibraryRecord => ({
  id,
  name: `${id} (damaged)`,
  kind: 'imported',
  state: 'imported',
  createdAt: new Date(0).toISOString(),
  startedAt: null,
  finishedAt: null,
  computeSeconds: null,
  seed: null,
  epoch: 0,
  epochs: null,
  executor: null,
  verdict: null,
  pruning: null,
  group: null,
  tags: [],
  error: toWireError(error),
  testAccuracy: null,
  trainAccuracy: null,
  spectrumSlope: null,
  spectrumStandardError: null,
})
