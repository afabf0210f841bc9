import { open, type FileHandle } from 'node:fs/promises'

const DYNAMIC_SYMBOLS = 11
const SECTION = { bytes: 64, type: 4, offset: 24, size: 32, link: 40 } as const
const SYMBOL = { bytes: 24, section: 6 } as const

async function part(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await handle.read(buffer, 0, length, offset)
  if (bytesRead < length) throw new Error('it is truncated')
  return buffer
}

/**
 * Functions that a shared library of Linux (ELF, 64 bits) offers to others.
 *
 * @param prefix - only those whose name begins with it: libtensorflow_cc has 600 000
 * @throws Error when the file is no such library
 */
export async function offeredSymbols(path: string, prefix: string): Promise<Set<string>> {
  const handle = await open(path, 'r')
  try {
    const header = await part(handle, 0, 64)
    if (header.readUInt32BE(0) !== 0x7f454c46 || header[4] !== 2 || header[5] !== 1)
      throw new Error('it is not a shared library for this type of machine')
    const count = header.readUInt16LE(60)
    const sections = await part(handle, Number(header.readBigUInt64LE(40)), count * SECTION.bytes)
    const sectionAt = (index: number): { type: number; offset: number; size: number; link: number } => {
      const start = index * SECTION.bytes
      return {
        type: sections.readUInt32LE(start + SECTION.type),
        offset: Number(sections.readBigUInt64LE(start + SECTION.offset)),
        size: Number(sections.readBigUInt64LE(start + SECTION.size)),
        link: sections.readUInt32LE(start + SECTION.link),
      }
    }
    const offered = new Set<string>()
    for (const section of Array.from({ length: count }, (_, index) => sectionAt(index)).filter(
      ({ type }) => type === DYNAMIC_SYMBOLS,
    )) {
      const names = sectionAt(section.link)
      const [symbols, text] = [
        await part(handle, section.offset, section.size),
        await part(handle, names.offset, names.size),
      ]
      const wanted = Buffer.from(prefix, 'latin1')
      for (let place = 0; place + SYMBOL.bytes <= symbols.length; place += SYMBOL.bytes) {
        const name = symbols.readUInt32LE(place)
        // Section 0: the library asks for it itself.
        if (
          symbols.readUInt16LE(place + SYMBOL.section) === 0 ||
          text.compare(wanted, 0, wanted.length, name, name + wanted.length) !== 0
        )
          continue
        offered.add(text.toString('latin1', name, text.indexOf(0, name)))
      }
    }
    return offered
  } finally {
    await handle.close()
  }
}
