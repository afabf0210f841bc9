import { UPLOAD_PART_BYTES, type LabLink } from '../../contract/index.js'

/**
 * Sends a file of the browser to the lab in parts.
 *
 * @returns how commands name it
 * @throws LabError `value.range` for a file that is too large, `file.diskFull`, `file.unwritable`
 */
export async function uploadFile(link: LabLink, file: File): Promise<string> {
  let upload: string | null = null
  let start = 0
  do {
    const bytes = new Uint8Array(await file.slice(start, start + UPLOAD_PART_BYTES).arrayBuffer())
    const answer: { upload: string } = await link.call('model.upload', { upload, bytes })
    upload = answer.upload
    start += UPLOAD_PART_BYTES
  } while (start < file.size)
  return upload
}
