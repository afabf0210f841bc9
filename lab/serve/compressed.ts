import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { StaticFile } from './staticFiles.js'

const SMALLEST_BYTES = 1024
const TEXTS = /^(text\/|application\/(json|wasm)|image\/svg)/
const BROTLI_QUALITY = 6

export type Encoding = 'br' | 'gzip'

/** The best encoding that a request accepts; a weight of 0 refuses one. */
export function acceptedEncoding(header: string | undefined): Encoding | null {
  const accepted = (header ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';')[0])
  return accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : null
}

/** Compresses files as they go out, each once. */
export function createCompressor(): (
  path: string,
  file: StaticFile,
  encoding: Encoding | null,
) => Promise<{ bytes: Buffer; encoding: Encoding | null }> {
  const known = new Map<string, Promise<Buffer>>()
  return async (path, file, encoding) => {
    if (encoding === null || file.bytes.length < SMALLEST_BYTES || !TEXTS.test(file.mime))
      return { bytes: file.bytes, encoding: null }
    // A rebuilt file has another length or other names of its parts in it; index.html is small.
    const key = `${encoding} ${file.bytes.length} ${path}`
    const work =
      known.get(key) ??
      (encoding === 'br'
        ? promisify(brotliCompress)(file.bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } })
        : promisify(gzip)(file.bytes))
    if (path.startsWith('/assets/')) known.set(key, work)
    return { bytes: await work, encoding }
  }
}
