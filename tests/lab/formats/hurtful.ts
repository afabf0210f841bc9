// Files that are made to hurt. One process writes a file and another reads it, so that the memory of the reading alone is measured:
// hurtful.ts write NAME FILE, hurtful.ts read NAME FILE
import { zipSync } from 'fflate'
import { deflateRawSync, crc32 } from 'node:zlib'
import { readFileSync, writeFileSync } from 'node:fs'
import { asLabError } from '../../../contract/index.js'
import { readModelFile, readNpy, writeNpy } from '../../../lab/formats/index.js'

const latin = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))
const torch = (pickle: Uint8Array): Uint8Array => zipSync({ 'archive/data.pkl': pickle }, { level: 0 })
const around = (middle: Uint8Array): Uint8Array => Buffer.concat([latin('\x80\x04'), middle, latin('.')])

/** A zip of one deflated content that many entries name, or that says to be of another size. */
function bomb(names: readonly string[], content: Uint8Array, shared: boolean): Uint8Array {
  const packed = deflateRawSync(content, { level: 9 })
  const sum = crc32(content)
  const [locals, central]: [Buffer[], Buffer[]] = [[], []]
  let at = 0
  for (const [index, name] of names.entries()) {
    const local = Buffer.alloc(30 + name.length)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(8, 8)
    local.writeUInt32LE(sum, 14)
    local.writeUInt32LE(packed.length, 18)
    local.writeUInt32LE(content.length, 22)
    local.writeUInt16LE(name.length, 26)
    local.write(name, 30)
    const place = shared && index > 0 ? 0 : at
    if (place === at) {
      locals.push(local, packed)
      at += local.length + packed.length
    }
    const entry = Buffer.alloc(46 + name.length)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(8, 10)
    entry.writeUInt32LE(sum, 16)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(content.length, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(place, 42)
    entry.write(name, 46)
    central.push(entry)
  }
  const list = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(names.length, 8)
  end.writeUInt16LE(names.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, list, end])
}

const names = (count: number, ending: string): string[] =>
  Array.from({ length: count }, (_, index) => `w${index}${ending}`)
const header = (shape: string, descr: string): Uint8Array => {
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`
  return Buffer.concat([
    latin(`\x93NUMPY\x01\x00${String.fromCharCode(dictionary.length & 255, dictionary.length >> 8)}`),
    latin(dictionary),
  ])
}
const uint32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer)

/** What is read, by name. */
const FILES: Readonly<Record<string, () => Uint8Array>> = {
  'overlapping entries': () => bomb(names(4000, '.npy'), new Uint8Array(2 ** 20), true),
  'one entry of 1 GiB': () => bomb(['weights.npy'], new Uint8Array(2 ** 30), false),
  'many entries of 32 MiB': () =>
    bomb(names(60, '.npy'), Buffer.concat([header('(4, 2097152)', '<f4'), new Uint8Array(2 ** 25)]), false),
  'empty dictionaries': () => torch(around(new Uint8Array(10_000_000).fill('}'.charCodeAt(0)))),
  'memorised values': () => torch(around(Buffer.concat([latin('}'), new Uint8Array(10_000_000).fill(0x94)]))),
  'a long number': () =>
    torch(around(Buffer.concat([latin('\x8b'), uint32(1_000_000), new Uint8Array(1_000_000).fill(0x7f)]))),
  'a long list': () =>
    torch(around(Buffer.concat([latin(']('), new Uint8Array(900_000).fill('N'.charCodeAt(0)), latin('e')]))),
  'a dictionary copied again and again': () =>
    torch(
      around(
        Buffer.concat([
          latin(']\x94('),
          latin('\x8c\x01aN\x86'.repeat(100_000)),
          latin('e0'),
          latin('ccollections\nOrderedDict\nh\x00\x85R0'.repeat(100_000)),
          latin('N'),
        ]),
      ),
    ),
  'a text of a million characters': () =>
    zipSync({ 'type.npy': Buffer.concat([header('()', '<U1000000'), new Uint8Array(4_000_000)]) }, { level: 9 }),
  'a deep header': () =>
    Buffer.concat([uint32(400_007), uint32(0), latin(`{"a":${'['.repeat(200_000)}1${']'.repeat(200_000)}} `)]),
  'an array of axes without end': () => Buffer.concat([header(`(${'9, '.repeat(20_000)})`, '<f4'), new Uint8Array(64)]),
  'an array that is nothing but its header': () => Buffer.concat([header('(99999, 99999)', '<f4'), new Uint8Array(64)]),
  'a sound array': () => writeNpy({ data: new Float32Array(4), shape: [4] }),
}

const [phase = '', name = '', file = ''] = process.argv.slice(2)
if (phase === 'write') writeFileSync(file, FILES[name]?.() ?? '')
else {
  const bytes = new Uint8Array(readFileSync(file))
  const before = process.resourceUsage().maxRSS
  let code = 'none'
  try {
    if (name.includes('array')) readNpy(bytes)
    else readModelFile(bytes)
  } catch (error) {
    code = asLabError(error).code
  }
  process.stdout.write(JSON.stringify({ code, grownMegabytes: (process.resourceUsage().maxRSS - before) / 1024 }))
}
