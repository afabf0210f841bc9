import { zipSync } from 'fflate'
import { writePickle, type PickleValue } from './pickle.js'

/** Zip entries carry a time; a fixed one keeps the bytes of equal models equal. */
const ENTRY_TIME = new Date(1980, 0, 2)

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

/**
 * Writes what `torch.save` of PyTorch 1.6 and later writes: an uncompressed zip of a pickle and one file per storage.
 *
 * @param value - the object with its tensors
 *
 * Source: torch/serialization.py, _save (PyTorch 1.13; `byteorder` of 2.x).
 */
export function writeTorchFile(value: PickleValue): Uint8Array {
  const { pickle, storages } = writePickle(value)
  const entries: Record<string, Uint8Array> = { 'archive/data.pkl': pickle, 'archive/byteorder': text('little') }
  for (const [key, { buffer, byteOffset, byteLength }] of storages.entries())
    entries[`archive/data/${key}`] = new Uint8Array(buffer, byteOffset, byteLength)
  entries['archive/version'] = text('3\n')
  return zipSync(entries, { level: 0, mtime: ENTRY_TIME })
}
