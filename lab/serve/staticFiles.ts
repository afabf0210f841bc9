import { readFile, realpath, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

const MIME: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.map': 'application/json',
}

/** A file as it goes out. */
export interface StaticFile {
  bytes: Buffer
  mime: string
}

/** Whether the path names a file by its ending; every other path is a page of the application. */
export const isAssetPath = (path: string): boolean => extname(path) !== '' && path !== '/index.html'

/**
 * Reads one file of a folder.
 *
 * @param folder - root; nothing outside is ever read, symbolic links included
 * @param path - path of a URL, still encoded, beginning with `/`
 * @returns null when there is no such file
 */
export async function readStatic(folder: string, path: string): Promise<StaticFile | null> {
  try {
    const decoded = decodeURIComponent(path)
    if (decoded.includes('\0')) return null
    const root = await realpath(folder)
    const file = await realpath(join(root, decoded))
    if (!file.startsWith(root + sep) || !(await stat(file)).isFile()) return null
    return { bytes: await readFile(file), mime: MIME[extname(file).toLowerCase()] ?? 'application/octet-stream' }
  } catch {
    return null
  }
}
