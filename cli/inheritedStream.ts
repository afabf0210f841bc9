import { basename } from 'node:path'
import type { ModelSource } from '../contract/index.js'
import type { LabCore } from '../lab/core.js'
import { readUserFile } from '../lab/files/userFile.js'
import { LARGEST_MODEL_FILE } from '../lab/compute/readerJob.js'

/** Parts in which a stream is sent. */
const PART_BYTES = 16 * 2 ** 20

/** Whether a path names a stream that this process has inherited, such as `/dev/stdin`: in another process it is another one. */
export const isInheritedStream = (path: string): boolean => /^\/(?:dev|proc\/self)\/(stdin|fd\/\d+)$/.test(path)

/**
 * Sends a model file from an inherited stream to the program that has the archive open.
 *
 * @returns how `model.import` names it
 * @throws LabError `file.unreadable` for a stream that cannot be read or is too large
 */
export async function sentModel(lab: Pick<LabCore, 'call'>, path: string): Promise<ModelSource> {
  const { bytes } = await readUserFile(path, LARGEST_MODEL_FILE)
  let upload: string | null = null
  let start = 0
  do {
    const part: Uint8Array = bytes.subarray(start, start + PART_BYTES)
    const answer: { upload: string } = await lab.call('model.upload', { upload, bytes: part })
    upload = answer.upload
    start += PART_BYTES
  } while (start < bytes.length)
  return { upload, fileName: basename(path) }
}
