import { createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { asLabError, LabError } from '../../contract/index.js'
import { writeError } from '../files/atomicWrite.js'
import { makeFolder } from '../files/folders.js'

/** How a file is fetched. */
export interface DownloadOptions {
  /** Tried in order; each goes on where the one before stopped. */
  urls: readonly string[]
  /** The partial file; it stays when the download breaks, for the next try. */
  partPath: string
  onProgress: (done: number, total: number | null) => void
  signal?: AbortSignal
  /** Milliseconds without a byte after which an address is given up. */
  silenceLimitMs?: number
}

const ATTEMPTS_PER_ADDRESS = 3
const SILENCE_LIMIT_MS = 30_000

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    (found) => found.size,
    () => 0,
  )

/** Ends a request that says nothing for too long. */
function watchSilence(limitMs: number, end: () => void): { heard: () => void; stop: () => void } {
  let timer = setTimeout(end, limitMs)
  return {
    heard: () => {
      clearTimeout(timer)
      timer = setTimeout(end, limitMs)
    },
    stop: () => clearTimeout(timer),
  }
}

/** One request, from the end of the partial file on if the server can. */
async function fetchOnce(
  url: string,
  { partPath, onProgress, signal, silenceLimitMs = SILENCE_LIMIT_MS }: DownloadOptions,
): Promise<void> {
  const have = await sizeOf(partPath)
  const silence = new AbortController()
  const watch = watchSilence(silenceLimitMs, () =>
    silence.abort(new Error(`no data were received for ${silenceLimitMs / 1000} s`)),
  )
  try {
    const response = await fetch(url, {
      headers: have > 0 ? { Range: `bytes=${have}-` } : {},
      signal: signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]),
    })
    // 416: the partial file is as long as the whole, or longer; the checksum decides.
    if (response.status === 416) return
    if (!response.ok || response.body === null) throw new Error(`the server responded with status ${response.status}`)
    const resumed = response.status === 206
    const length = Number(response.headers.get('content-length') ?? NaN)
    const total = Number.isFinite(length) ? length + (resumed ? have : 0) : null
    let done = resumed ? have : 0
    const meter = new Transform({
      transform: (chunk: Buffer, _encoding, next) => {
        watch.heard()
        done += chunk.length
        onProgress(done, total)
        next(null, chunk)
      },
    })
    // A server that knows no ranges sends the whole again.
    await pipeline(
      Readable.fromWeb(response.body as ReadableStream),
      meter,
      createWriteStream(partPath, { flags: resumed ? 'a' : 'w' }),
    )
    if (total !== null && done < total) throw new Error(`only ${done} of ${total} bytes were received`)
  } finally {
    watch.stop()
  }
}

/**
 * Fetches a file into its partial file, resuming after breaks.
 *
 * @throws LabError `dataset.download` naming every address and why it failed; `cancelled`; `file.diskFull`
 */
export async function download(options: DownloadOptions): Promise<void> {
  await makeFolder(dirname(options.partPath)).catch((error: unknown) => {
    throw writeError(options.partPath, error)
  })
  const failures: string[] = []
  for (const url of options.urls) {
    for (let attempt = 1; attempt <= ATTEMPTS_PER_ADDRESS; attempt++) {
      const before = await sizeOf(options.partPath)
      try {
        return await fetchOnce(url, options)
      } catch (error) {
        if (options.signal?.aborted === true)
          throw new LabError(
            'cancelled',
            `the download stopped at ${await sizeOf(options.partPath)} bytes and will resume from there`,
          )
        const known = asLabError(error)
        if (known.code === 'file.diskFull') throw writeError(options.partPath, error)
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : known.message
        const progressed = (await sizeOf(options.partPath)) > before
        // An address that gave nothing will give nothing the next time either.
        if (attempt === ATTEMPTS_PER_ADDRESS || !progressed) {
          failures.push(`${url}: ${cause}`)
          break
        }
      }
    }
  }
  throw new LabError('dataset.download', failures.join('; '), { bytes: await sizeOf(options.partPath) })
}

/** Removes a partial file whose content proved wrong, so that the next download begins again. */
export const discardPart = (path: string): Promise<void> => rm(path, { force: true })
