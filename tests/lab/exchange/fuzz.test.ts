import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { asLabError } from '../../../contract/index.js'
import { eventRecord } from '../../../lab/exchange/eventRecords.js'
import { findHistories } from '../../../lab/exchange/findHistories.js'
import { readHistory } from '../../../lab/exchange/readHistory.js'

const FILES = fileURLToPath(new URL('../../interchange/files', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'workbench-fuzz-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

// Parts of a Buffer would share its memory.
const read = (...path: string[]): Uint8Array => new Uint8Array(readFileSync(join(FILES, ...path)))
const SOURCES = [
  ['events.tfevents', read('tensorboard', 'resumed', 'events.out.tfevents.1700000000.host.1')],
  ['x.tfevents', read('tensorboard', 'x', 'events.out.tfevents.1700000000.host')],
  ['run.wandb', read('wandb', 'run-first.wandb')],
  [
    'measures.csv',
    new TextEncoder().encode('run,name,measure,step,epoch,value,time\r\na,"b ""c""",loss,1,1,0.5,\r\n'.repeat(50)),
  ],
] as const

/** Cuts, flipped bits, and parts that are removed, repeated or replaced. */
const change = fc.record({
  kind: fc.constantFrom('cut', 'flip', 'remove', 'repeat', 'fill'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 5000 }),
  byte: fc.integer({ min: 1, max: 255 }),
})
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never

function changed(bytes: Uint8Array, { kind, at, length, byte }: Change): Uint8Array {
  const place = Math.max(0, Math.min(bytes.length - 1, Math.floor(at * bytes.length)))
  const end = Math.min(bytes.length, place + length)
  if (kind === 'cut') return bytes.slice(0, place)
  if (kind === 'remove') return Buffer.concat([bytes.subarray(0, place), bytes.subarray(end)])
  if (kind === 'repeat') return Buffer.concat([bytes.subarray(0, end), bytes.subarray(place)])
  const copy = bytes.slice()
  if (kind === 'flip') copy[place]! ^= byte
  else copy.fill(byte, place, end)
  return copy
}

const ALLOWED = ['file.invalid']

/** Reads changed files. @returns how many were read whole, in part, or refused */
async function readChanged(name: string, bytes: Uint8Array, runs: number, seed: number) {
  const counts = { whole: 0, part: 0, refused: 0 }
  const folder = join(root, `${name}-out`)
  const path = join(root, name)
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      writeFileSync(path, changes.reduce<Uint8Array>(changed, bytes))
      try {
        const [found] = await findHistories(path)
        const facts = await readHistory({ ...found!, folder })
        if (facts.every(({ faults }) => faults.length === 0)) counts.whole += 1
        else counts.part += 1
      } catch (error) {
        const { code, message } = asLabError(error)
        expect(ALLOWED, message).toContain(code)
        counts.refused += 1
      }
    }),
    { numRuns: runs, seed },
  )
  return counts
}

describe('files that are cut, flipped, shortened and repeated', () => {
  it.each(SOURCES)(
    '%s ends in a refusal or in what is whole of it',
    async (name, bytes) => {
      const before = process.memoryUsage().rss
      const { part, refused } = await readChanged(name, bytes, 1000, 11)
      expect(part).toBeGreaterThan(10)
      if (name !== 'run.wandb') expect(refused).toBeGreaterThan(10)
      expect(process.memoryUsage().rss - before).toBeLessThan(600e6)
    },
    120_000,
  )
})

/** Contents of the records of an event file. */
function recordsOf(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer)
  const records: Uint8Array[] = []
  for (let place = 0; place < bytes.length;) {
    const length = Number(view.getBigUint64(place, true))
    records.push(bytes.slice(place + 12, place + 12 + length))
    place += length + 16
  }
  return records
}

describe('records with valid checksums and damaged content', () => {
  it('are left out or read as something else, and the others are read', async () => {
    const records = recordsOf(SOURCES[0][1])
    const path = join(root, 'content.tfevents')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(records.length - 1), change), { maxLength: 20 }), async (changes) => {
        const own = [...records]
        for (const [place, one] of changes) own[place] = changed(own[place]!, one)
        writeFileSync(path, Buffer.concat(own.map(eventRecord)))
        const [found] = await findHistories(path)
        const facts = await readHistory({ ...found!, folder: join(root, 'content') }).catch((error: unknown) => {
          expect(asLabError(error).code).toBe('file.invalid')
          return []
        })
        for (const { values } of facts) expect(values).toBeLessThan(200)
      }),
      { numRuns: 1000, seed: 5 },
    )
  }, 60_000)
})

describe('lengths that are made up', () => {
  it('claim no memory', async () => {
    const { maskedCrc32c } = await import('../../../lab/exchange/checksums.js')
    const head = Buffer.alloc(16)
    head.writeBigUInt64LE(2n ** 40n)
    head.writeUInt32LE(maskedCrc32c(head.subarray(0, 8)), 8)
    const path = join(root, 'large.tfevents')
    writeFileSync(path, Buffer.concat([SOURCES[1][1], head]))
    const [found] = await findHistories(path)
    const [facts] = await readHistory({ ...found!, folder: join(root, 'large') })
    expect(facts!.faults.join(' ')).toMatch(/its last 16 bytes could not be read/)
    expect(facts!.values).toBe(4)
  })
})
