import { LabError, listText, shortened } from '../../contract/index.js'
import { ELEMENTS } from './elements.js'
import { createTorchWorld } from './torchWorld.js'
import { damagedPickle } from './pickleMachine.js'
import { readPickle, type Unpickled } from './unpickle.js'
import { isZip, openZipBytes } from './zip.js'

/** The first pickle of files before PyTorch 1.6, and the version that followed it. */
const MAGIC = 0x1950a86a20f9469cfc6cn
const LEGACY_VERSION = 1001
/** LONG1, ten bytes: how the magic number looks in a pickle. */
const MAGIC_PICKLE = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]

/** Behind the number of the protocol; from protocol 4 on a frame of eight bytes and its letter come first. */
const MAGIC_PLACES = [2, 11]

const isLegacy = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x80 && MAGIC_PLACES.some((start) => MAGIC_PICKLE.every((byte, at) => bytes[start + at] === byte))

/** Whether bytes begin as files of `torch.save` do, of either generation. */
export const isTorchFile = (bytes: Uint8Array): boolean => isZip(bytes) || isLegacy(bytes)

/** PyTorch 1.6 and later: `<name>/data.pkl` and one entry per storage; 2.x adds `byteorder` and others, which are not needed but the first. */
function readZipped(bytes: Uint8Array): Unpickled {
  const zip = openZipBytes(bytes)
  const path = zip.names.find((name) => /^[^/]+\/data\.pkl$/.test(name))
  if (path === undefined)
    throw new LabError(
      'model.foreign',
      `expected a file written by torch.save, got a zip file without data.pkl (${listText(zip.names, 5)})`,
    )
  const folder = path.slice(0, -'data.pkl'.length)
  const order =
    zip.sizeOf(`${folder}byteorder`) !== null
      ? new TextDecoder().decode(zip.read(`${folder}byteorder`)).trim()
      : 'little'
  if (order !== 'little' && order !== 'big')
    throw damagedPickle(`expected the byte order little or big, got ${order.slice(0, 40)}`)
  const { world } = createTorchWorld((storage) => {
    const name = `${folder}data/${storage.key}`
    const expected = storage.count * ELEMENTS[storage.type].bytes
    const size = zip.sizeOf(name)
    if (size === null) throw damagedPickle(`the numbers of storage ${shortened(storage.key, 40)} are missing`)
    if (size < expected)
      throw damagedPickle(`expected ${expected} bytes in storage ${shortened(storage.key, 40)}, got ${size}`)
    let unpacked: Uint8Array | null = null
    // What an optimiser keeps beside a model is never unpacked.
    storage.bytes = () => (unpacked ??= zip.read(name))
    storage.littleEndian = order === 'little'
  })
  return readPickle(zip.read(path), 0, world).value
}

/** Before PyTorch 1.6: pickles of a magic number, a version, facts of the machine, the object and the storages' keys, then the storages. */
function readLegacy(bytes: Uint8Array): Unpickled {
  const { world, storages } = createTorchWorld(() => {})
  let at = 0
  const next = (): Unpickled => {
    const { value, end } = readPickle(bytes, at, world)
    at = end
    return value
  }
  if (next() !== MAGIC) throw damagedPickle('it does not start with the magic number of PyTorch')
  const version = next()
  if (version !== LEGACY_VERSION)
    throw new LabError(
      'model.foreign',
      `expected version ${LEGACY_VERSION} of the legacy PyTorch format, got ${typeof version === 'number' ? version : 'something else'}`,
    )
  const system = next()
  const littleEndian = !(system instanceof Map) || system.get('little_endian') !== false
  const value = next()
  const keys = next()
  if (!Array.isArray(keys)) throw damagedPickle('it has no list of storages')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined
    if (storage === undefined)
      throw damagedPickle(
        `storage ${typeof key === 'string' ? key.slice(0, 40) : 'without a name'} belongs to no tensor`,
      )
    if (at + 8 > bytes.length) throw damagedPickle('it ends before the numbers of its tensors')
    const count = Number(view.getBigInt64(at, littleEndian))
    const length = count * ELEMENTS[storage.type].bytes
    at += 8
    if (count < storage.count || at + length > bytes.length)
      throw damagedPickle(
        `expected ${storage.count} elements in storage ${storage.key}, got ${Math.min(count, Math.floor((bytes.length - at) / ELEMENTS[storage.type].bytes))}`,
      )
    const numbers = bytes.subarray(at, at + length)
    storage.bytes = () => numbers
    storage.littleEndian = littleEndian
    at += length
  }
  return value
}

/**
 * Reads what `torch.save` wrote, of either generation, without running anything of it.
 *
 * @returns the object: plain containers, numbers, texts, and tensors that read their numbers when asked
 * @throws LabError `model.unsafePickle` naming what it asks for, `model.foreign` for another kind of file, `file.damaged`
 *
 * Source: torch/serialization.py, _load and _legacy_load (PyTorch 1.13 and 2.x).
 */
export function readTorchFile(bytes: Uint8Array): Unpickled {
  if (isZip(bytes)) return readZipped(bytes)
  if (isLegacy(bytes)) return readLegacy(bytes)
  throw new LabError(
    'model.foreign',
    'expected a file written by torch.save: a zip file, or a pickle with the magic number of PyTorch',
  )
}
