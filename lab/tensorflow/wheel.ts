import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { asLabError, LabError } from '../../contract/index.js'
import { writeError } from '../files/atomicWrite.js'
import { makeFolder } from '../files/folders.js'
import type { ZipEntry } from '../formats/zip.js'
import { openZip } from './zip.js'

/** A wheel of PyPI: a zip archive with a record of its files' checksums. */
export interface Wheel {
  path: string
  /** `tensorflow_cpu`, in the form that file names have. */
  project: string
  version: string
  /** `cp312-cp312-manylinux_2_27_x86_64`. */
  tags: readonly string[]
  /** Lines `Requires-Dist` of its metadata. */
  requirements: readonly string[]
  names: readonly string[]
  bytesOf(name: string): number
  /** Text of a small file. */
  text(name: string): Promise<string>
  /**
   * Unpacks a file and compares it with the record.
   *
   * @throws LabError `tensorflow.install` when its bytes are not those that were published
   */
  unpack(name: string, to: string, onBytes?: (bytes: number) => void): Promise<void>
  close(): Promise<void>
}

/** The record of TensorFlow's wheel, the longest text of it, has 2 MB. */
const LARGEST_TEXT = 64 * 2 ** 20

/** Whether an error says that the zip is not one, and not that the disk failed. */
const isDamage = ({ code }: LabError): boolean => code === 'internal' || code === 'file.damaged'

/** Forms of a project's name that PyPI takes for one. */
export const projectName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '_')

const field = (text: string, name: string): string[] =>
  text.split(/\r?\n/).flatMap((line) => (line.startsWith(`${name}: `) ? [line.slice(name.length + 2).trim()] : []))

function readRecord(text: string): Map<string, string> {
  const record = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const match = /^"?(.+?)"?,sha256=([\w-]+),\d*$/.exec(line)
    if (match?.[1] !== undefined && match[2] !== undefined) record.set(match[1], match[2])
  }
  return record
}

/**
 * Opens a wheel and reads what it says of itself.
 *
 * @throws LabError `tensorflow.install` for a file that is no wheel; `file.unreadable`
 */
export async function openWheel(path: string): Promise<Wheel> {
  const refuse = (fact: string, cause?: unknown): LabError =>
    new LabError('tensorflow.install', `${basename(path)} is not a valid wheel: ${fact}`, { path }, cause)
  const zip = await openZip(path).catch((error: unknown) => {
    const known = asLabError(error)
    throw isDamage(known) ? refuse(known.message, error) : new LabError(known.code, known.message, { path }, error)
  })
  const entry = (name: string): ZipEntry => {
    const found = zip.entries.get(name)
    if (found === undefined) throw refuse(`it does not contain ${name}`)
    return found
  }
  const text = async (name: string): Promise<string> => {
    const chunks: Buffer[] = []
    let length = 0
    try {
      for await (const chunk of await zip.stream(entry(name))) {
        length += (chunk as Buffer).length
        if (length > LARGEST_TEXT) throw refuse(`${name} is larger than ${LARGEST_TEXT} bytes`)
        chunks.push(chunk as Buffer)
      }
    } catch (error) {
      throw error instanceof LabError && !isDamage(error)
        ? error
        : refuse(`${name} cannot be read: ${asLabError(error).message}`, error)
    }
    return Buffer.concat(chunks).toString('utf8')
  }
  try {
    const names = [...zip.entries.keys()]
    const metadataName = names.find((name) => /^[^/]+\.dist-info\/METADATA$/.test(name))
    if (metadataName === undefined) throw refuse('it does not contain METADATA')
    const folder = dirname(metadataName)
    const [metadata, about, recordText] = [
      await text(metadataName),
      await text(`${folder}/WHEEL`),
      await text(`${folder}/RECORD`),
    ]
    const record = readRecord(recordText)
    const [[project], [version]] = [field(metadata, 'Name'), field(metadata, 'Version')]
    if (project === undefined || version === undefined) throw refuse('its METADATA has no name or no version')
    return {
      path,
      names,
      text,
      project: projectName(project),
      version,
      tags: field(about, 'Tag'),
      requirements: field(metadata, 'Requires-Dist'),
      bytesOf: (name) => entry(name).size,
      unpack: async (name, to, onBytes = () => undefined) => {
        const expected = record.get(name)
        if (expected === undefined) throw refuse(`its RECORD has no checksum for ${name}`)
        const hash = createHash('sha256')
        let left = entry(name).size
        const tap = new Transform({
          transform: (chunk: Buffer, _encoding, next) => {
            left -= chunk.length
            if (left < 0) return next(refuse(`${name} is larger than its expected size of ${entry(name).size} bytes`))
            hash.update(chunk)
            onBytes(chunk.length)
            next(null, chunk)
          },
        })
        const source = await zip.stream(entry(name)).catch((error: unknown) => {
          throw refuse(asLabError(error).message, error)
        })
        await makeFolder(dirname(to))
        await pipeline(source, tap, createWriteStream(to)).catch((error: unknown) => {
          const known = asLabError(error)
          if (error instanceof LabError) throw error
          throw known.code === 'file.diskFull' || known.code === 'file.unwritable'
            ? writeError(to, error)
            : refuse(`${name} cannot be unpacked: ${known.message}`, error)
        })
        if (hash.digest('base64url') !== expected)
          throw refuse(`the checksum of ${name} does not match the RECORD of the wheel`)
      },
      close: zip.close,
    }
  } catch (error) {
    await zip.close()
    throw error
  }
}

/** The place of a wheel's file under a folder. @throws LabError `tensorflow.install` for a name that leads out of it */
export function placeOf(folder: string, name: string): string {
  const inside = normalize(name)
  if (inside.startsWith('..') || inside.startsWith('/') || inside.includes('\0'))
    throw new LabError('tensorflow.install', `the wheel contains a file outside its folder: ${name}`)
  return join(folder, inside)
}

/** SHA-256 of a file, in hexadecimal. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
