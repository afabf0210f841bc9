import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { asLabError, LabError } from '../../../contract/index.js'

/** Enough of a file for the headers of every format. */
const HEAD_BYTES = 65_536
const LC_SEGMENT_64 = 0x19

/** Where an ELF library (64 bits) must end at least: behind its table of sections, which linkers write last, and behind its segments. */
function elfEnd(head: DataView): number {
  const number64 = (at: number): number => Number(head.getBigUint64(at, true))
  let end = number64(0x28) + head.getUint16(0x3a, true) * head.getUint16(0x3c, true)
  const [table, size, count] = [number64(0x20), head.getUint16(0x36, true), head.getUint16(0x38, true)]
  for (let at = table, left = count; left > 0 && at + size <= head.byteLength; at += size, left--)
    end = Math.max(end, number64(at + 8) + number64(at + 32))
  return end
}

/** Of a Mach-O library (64 bits): behind its segments. */
function machEnd(head: DataView): number {
  let end = 0
  for (let at = 32, left = head.getUint32(16, true); left > 0 && at + 64 <= head.byteLength; left--) {
    if (head.getUint32(at, true) === LC_SEGMENT_64)
      end = Math.max(end, Number(head.getBigUint64(at + 40, true) + head.getBigUint64(at + 48, true)))
    at += head.getUint32(at + 4, true)
  }
  return end
}

/** Of a Windows library: behind its sections. */
function peEnd(head: DataView): number {
  const header = head.getUint32(0x3c, true)
  const table = header + 24 + head.getUint16(header + 20, true)
  let end = table
  for (
    let at = table, left = head.getUint16(header + 6, true);
    left > 0 && at + 40 <= head.byteLength;
    at += 40, left--
  ) {
    end = Math.max(end, head.getUint32(at + 20, true) + head.getUint32(at + 16, true))
  }
  return end
}

/** Where a library must end at least by its own headers; null for a file that is no library. */
function endOf(head: DataView): number | null {
  const magic = head.byteLength < 64 ? 0 : head.getUint32(0, true)
  try {
    if (magic === 0x464c457f) return elfEnd(head)
    if (magic === 0xfeedfacf) return machEnd(head)
    return (magic & 0xffff) === 0x5a4d ? peEnd(head) : null
  } catch {
    // A header that points outside of the file's beginning belongs to no library of ours.
    return null
  }
}

function checkLibrary(path: string): void {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const head = new Uint8Array(Math.min(size, HEAD_BYTES))
    readSync(file, head, 0, head.length, 0)
    const end = endOf(new DataView(head.buffer))
    if (end === null)
      throw new LabError('file.damaged', `${path} is not a valid shared library for ${process.platform}`, { path })
    if (size < end) throw new LabError('file.damaged', `${path} is truncated: it has ${size} of ${end} bytes`, { path })
  } finally {
    closeSync(file)
  }
}

/**
 * Refuses native libraries that are not there or not whole, before they are loaded: the system's loader maps a file that is
 * cut short and the whole process dies of a bus error, where a person deserves a sentence.
 *
 * @param folder - holds the libraries of one package
 * @throws LabError `file.unreadable` when there are none, `file.damaged` naming the file and its length
 */
export function checkNativeFiles(folder: string): void {
  let names: string[]
  try {
    names = readdirSync(folder).filter((name) => /\.(node|dll|dylib|so(\.[\d.]+)?)$/.test(name))
  } catch (error) {
    throw new LabError('file.unreadable', `${folder}: ${asLabError(error).message}`, { path: folder }, error)
  }
  if (!names.some((name) => name.endsWith('.node')))
    throw new LabError('file.unreadable', `${folder} contains no native add-on`, { path: folder })
  for (const name of names) checkLibrary(join(folder, name))
}
