import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { z } from 'zod'
import {
  asLabError,
  issuesText,
  composed,
  cutName,
  LabError,
  MODEL_NAME,
  modelFacts,
  modelNameFault,
  sameName,
  type ModelEntry,
} from '../../contract/index.js'
import { readJson } from '../archive/records.js'
import type { ModelReader } from '../compute/modelReader.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import { mapEach } from '../files/eachOf.js'
import { ifMissing } from '../files/missing.js'
import { makeWhole, removeWhole } from '../files/wholeFolder.js'
import { createTurns } from '../inTurn.js'

const TENSORS = 'model.safetensors'
const ABOUT = 'model.json'
const VERSION = 1

const about = z.looseObject({
  version: z.literal(VERSION),
  name: z.string(),
  facts: modelFacts,
  source: z.string(),
  sha256: z.string(),
  importedAt: z.string(),
})

/** A file of this machine, or bytes, or a file to which they were sent under another name. */
export type ModelFileSource =
  { path: string } | { fileName: string; bytes: Uint8Array } | { fileName: string; sentTo: string }

/** Models that were imported: `models/<name>/` of the archive, in open formats. */
export interface ModelRegistry {
  list(): Promise<ModelEntry[]>
  /** The entry of a name, whatever its capitals; null when there is none. */
  find(name: string): Promise<ModelEntry | null>
  /** The file of a model's tensors. */
  fileOf(name: string): string
  /**
   * Reads a model file and keeps its model; the same bytes under the same name are kept once.
   *
   * @param source - a file, or bytes of a file of this name; its stem is the model's name when none is given
   * @throws LabError `model.exists` when another model has the name, and as `readModelFile`
   */
  add(source: ModelFileSource, name: string | null, signal?: AbortSignal): Promise<ModelEntry>
  /** @throws LabError `model.missing` */
  remove(name: string): Promise<void>
}

/** A file's name without its ending and without what names cannot hold. */
function nameOf(fileName: string): string {
  const stem = fileName
    .replace(/^.*[/\\]/, '')
    .replace(/(\.(pty|pt|pth|safetensors|npz))+$/i, '')
    .replace(/[^\p{L}\p{M}\p{N} ._-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .trim()
  const name = cutName(composed(stem))
  if (modelNameFault(name) !== null)
    throw new LabError(
      'value.range',
      `the file name ${fileName} cannot be used as a model name; choose a name with --name`,
    )
  return name
}

/**
 * @param archive - the archive's folder; this process has it locked
 * @param reader - reads the files that are imported
 */
export function openModelRegistry(archive: string, reader: ModelReader): ModelRegistry {
  const root = join(archive, 'models')
  const inTurn = createTurns()
  const entryOf = async (folder: string): Promise<ModelEntry | null> => {
    const path = join(root, folder, ABOUT)
    const written = await stat(path).catch(ifMissing(null))
    if (written === null) return null
    const base = { name: folder, label: folder, origin: 'imported', run: null } as const
    try {
      const json = await readJson(path)
      if (
        typeof json === 'object' &&
        json !== null &&
        'version' in json &&
        typeof json.version === 'number' &&
        json.version > VERSION
      )
        throw new LabError(
          'archive.newerVersion',
          `${path} has version ${json.version}, but this program supports up to version ${VERSION}`,
        )
      const reported = about.safeParse(json)
      if (!reported.success)
        throw new LabError('file.damaged', `${path}: ${issuesText(reported.error.issues, 'model.json')}`)
      const { facts, source, sha256, importedAt } = reported.data
      return {
        ...base,
        facts,
        note: null,
        source,
        sha256,
        bytes: (await stat(join(root, folder, TENSORS))).size,
        addedAt: importedAt,
      }
    } catch (error) {
      return {
        ...base,
        facts: null,
        note: asLabError(error).message,
        source: null,
        sha256: null,
        bytes: 0,
        addedAt: written.mtime.toISOString(),
      }
    }
  }
  const folders = async (): Promise<string[]> =>
    (await readdir(root).catch(ifMissing([]))).filter((name) => MODEL_NAME.test(name))
  // Two names that differ in capitals alone, or in how accents are written, would be one folder on some systems.
  const find = async (name: string): Promise<ModelEntry | null> => {
    const folder = (await folders()).find((known) => sameName(known.toLowerCase(), name.trim().toLowerCase()))
    return folder === undefined ? null : entryOf(folder)
  }
  const known = async (name: string): Promise<ModelEntry> => {
    const entry = await find(name)
    if (entry === null) throw new LabError('model.missing', `no imported model is named ${name}`, { model: name })
    return entry
  }
  return {
    find,
    list: async () => (await mapEach(await folders(), entryOf)).filter((entry) => entry !== null),
    fileOf: (name) => join(root, name, TENSORS),
    add: (given, asked, signal) =>
      inTurn(async () => {
        const fileName = 'path' in given ? basename(given.path) : given.fileName
        const name = asked ?? nameOf(fileName)
        const source =
          'path' in given
            ? { path: resolve(given.path) }
            : 'bytes' in given
              ? { bytes: given.bytes }
              : { path: given.sentTo }
        const { facts, file, sha256 } = await reader.read(
          {
            source,
            name: 'path' in given ? given.path : fileName,
            own: false,
            wants: { sha256: true, file: 'safetensors' },
          },
          signal,
        )
        if (file === null || sha256 === null) throw new LabError('internal', 'a model was loaded without its file')
        const other = await find(name)
        if (other !== null && other.sha256 !== sha256)
          throw new LabError(
            'model.exists',
            `${other.name} already exists (imported from ${other.source ?? 'a file that cannot be read'})`,
            { model: other.name },
          )
        if (other !== null) return other
        const reported: z.infer<typeof about> = {
          version: VERSION,
          name,
          facts,
          source: fileName.replace(/^.*[/\\]/, ''),
          sha256,
          importedAt: new Date().toISOString(),
        }
        await makeWhole(root, name, async (folder) => {
          await writeFileAtomically(join(folder, TENSORS), file)
          await writeFileAtomically(
            join(folder, ABOUT),
            new TextEncoder().encode(`${JSON.stringify(reported, null, 2)}\n`),
          )
        })
        return known(name)
      }),
    remove: (name) =>
      inTurn(async () => {
        const { name: folder } = await known(name)
        await removeWhole(root, folder)
      }),
  }
}
