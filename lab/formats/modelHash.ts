import { createHash } from 'node:crypto'
import type { ModelRecord } from '../../contract/index.js'

/** sha256 of a model's facts and tensors: the same model has the same hash, whatever file it came from. */
export function modelHash({ facts, tensors }: ModelRecord): string {
  const hash = createHash('sha256').update(JSON.stringify(Object.entries(facts).sort()))
  const sorted = Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [name, data] of sorted)
    if (data !== undefined) hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return hash.digest('hex')
}
