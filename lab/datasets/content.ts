import type { FileHandle } from 'node:fs/promises'
import { openUserFile } from '../files/userFile.js'

const HEAD_BYTES = 512

/** The first bytes of an open file. */
export async function headOf(handle: FileHandle): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD_BYTES)
  const { bytesRead } = await handle.read(head, 0, head.length, 0)
  return head.subarray(0, bytesRead)
}

/** Whether bytes begin as those of gzip do; file names do not decide. */
export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b

/** Whether bytes begin as a tar archive does. */
export const isTar = (head: Uint8Array): boolean =>
  new TextDecoder('latin1').decode(head.subarray(257, 262)) === 'ustar'

/** Whether bytes begin as a web page, which servers send in place of a file that they do not give. */
export const isWebPage = (head: Uint8Array): boolean =>
  /^\ufeff?\s*<(!doctype\s+html|html|head|\?xml)/i.test(
    new TextDecoder('latin1').decode(head).replace(/^\xef\xbb\xbf/, ''),
  )

/** Whether a file is packed with gzip; false for what cannot be read. */
export async function isPacked(path: string): Promise<boolean> {
  try {
    const { handle } = await openUserFile(path)
    try {
      return isGzip(await headOf(handle))
    } finally {
      await handle.close()
    }
  } catch {
    return false
  }
}
