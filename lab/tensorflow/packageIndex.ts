import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { asLabError, LabError } from '../../contract/index.js'
import { download } from '../datasets/download.js'
import { WHEEL_PYTHON } from './pip.js'
import { compareReleases, isInside, isRelease, type Requirement } from './versions.js'
import { sha256Of } from './wheel.js'

const INDEX = 'https://pypi.org/simple'
const JSON_FORM = 'application/vnd.pypi.simple.v1+json'
const ANSWER_LIMIT_MS = 30_000

const answer = z.object({
  files: z.array(
    z.object({
      filename: z.string(),
      url: z.string(),
      hashes: z.record(z.string(), z.string()),
      yanked: z.union([z.boolean(), z.string()]).optional(),
    }),
  ),
})

/** A wheel that an index offers. */
interface OfferedWheel {
  name: string
  url: string
  sha256: string
  version: string
}

const interpreter = `cp${WHEEL_PYTHON.replace('.', '')}`

/** Whether a wheel's name says that it runs on Linux on this kind of machine: `name-version-python-abi-platform.whl`. */
function fits(parts: readonly string[], machine: string): boolean {
  const [python = '', , platform = ''] = parts.slice(-3)
  return (
    python.split('.').some((tag) => tag === interpreter || tag === 'py3') &&
    platform.split('.').some((tag) => tag.startsWith('manylinux') && tag.endsWith(`_${machine}`))
  )
}

const failure = (message: string, cause?: unknown): LabError => new LabError('tensorflow.install', message, {}, cause)

/** Asks an index (PEP 691) for the newest wheel in a range. */
async function findWheel(
  { project, range }: Requirement,
  machine: string,
  index: string,
  signal: AbortSignal | undefined,
): Promise<OfferedWheel> {
  const address = `${index.replace(/\/+$/, '')}/${project}/`
  const limit = AbortSignal.timeout(ANSWER_LIMIT_MS)
  const response = await fetch(address, {
    headers: { Accept: JSON_FORM },
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw new LabError('cancelled', 'the download was stopped')
    const cause =
      error instanceof Error && error.cause instanceof Error
        ? error.cause.message || String((error.cause as { code?: string }).code ?? '')
        : asLabError(error).message
    throw failure(`${address} cannot be reached: ${cause}`, error)
  })
  if (!response.ok) throw failure(`${address} responded with status ${response.status}`)
  const read = answer.safeParse(await response.json().catch(() => null))
  if (!read.success) throw failure(`${address} did not respond like a package index`)
  const offers = read.data.files.flatMap(({ filename, url, hashes, yanked }): OfferedWheel[] => {
    const parts = filename.replace(/\.whl$/, '').split('-')
    const [, version = ''] = parts
    const sha256 = hashes['sha256']
    if (
      !filename.endsWith('.whl') ||
      parts.length < 5 ||
      sha256 === undefined ||
      (yanked !== undefined && yanked !== false)
    )
      return []
    return isRelease(version) && isInside(version, range) && fits(parts, machine)
      ? [{ name: filename, url: new URL(url, response.url).href, sha256, version }]
      : []
  })
  const newest = offers.sort((a, b) => compareReleases(b.version, a.version))[0]
  if (newest === undefined) throw failure(`${address} offers no wheel ${project}${range} for Linux on ${machine}`)
  return newest
}

/**
 * Fetches a wheel without pip, and compares its checksum with the index.
 *
 * @param index - address of the index; PyPI's when absent
 * @throws LabError `tensorflow.install` naming the address and why it failed; `cancelled`, `file.diskFull`
 */
export async function indexDownload(
  requirement: Requirement,
  machine: string,
  folder: string,
  {
    index = INDEX,
    signal,
    onBytes,
  }: {
    index?: string | undefined
    signal?: AbortSignal | undefined
    onBytes: (done: number, total: number | null) => void
  },
): Promise<string> {
  const offer = await findWheel(requirement, machine, index, signal)
  const [part, path] = [join(folder, `${offer.name}.part`), join(folder, offer.name)]
  await download({
    urls: [offer.url],
    partPath: part,
    onProgress: onBytes,
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    const known = asLabError(error)
    throw known.code === 'dataset.download' ? failure(known.message, error) : known
  })
  const sha256 = await sha256Of(part)
  if (sha256 !== offer.sha256)
    throw failure(`${offer.name} has the SHA-256 ${sha256}, but the index gives ${offer.sha256}`)
  await rename(part, path)
  return path
}
