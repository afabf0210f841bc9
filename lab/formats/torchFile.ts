import { zipSync } from 'fflate'
import { writePickle, type PickleValue } from './pickle.js'

/** Zip entries carry a time; a fixed one keeps the bytes of equal models equal. */
const ENTRY_TIME = new Date(1980, 0, 2)

/**
 * Writes what `torch.save` of PyTorch 1.6 and later writes: an uncompressed zip of a pickle and one file per storage.
 *
 * @param value - the object; its tensors name storages
 * @param storages - float32 numbers by storage name
 *
 * Source: torch/serialization.py, _save (PyTorch 1.13).
 */
export function writeTorchFile(value: PickleValue, storages: Record<string, Float32Array>): Uint8Array {
  const entries: Record<string, Uint8Array> = { 'archive/data.pkl': writePickle(value) }
  for (const [name, data] of Object.entries(storages)) entries[`archive/data/${name}`] = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  entries['archive/version'] = new TextEncoder().encode('3\n')
  return zipSync(entries, { level: 0, mtime: ENTRY_TIME })
}
