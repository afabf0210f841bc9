import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { crc32c, maskedCrc32c } from '../../../lab/exchange/checksums.js'
import { findHistories } from '../../../lab/exchange/findHistories.js'
import { protoFields, proto, joined } from '../../../lab/exchange/protobuf.js'
import { readHistory } from '../../../lab/exchange/readHistory.js'
import { measuresOf } from '../../../lab/exchange/runMeasures.js'
import { eventsOf, type EventsHead } from '../../../lab/exchange/writeEvents.js'
import { readMeasures } from '../../../lab/library/curves.js'

const root = mkdtempSync(join(tmpdir(), 'workbench-events-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const HEAD: EventsHead = {
  settings: { lr: 0.1, name: 'x', on: true },
  group: '',
  startedMs: 1_700_000_000_000,
  endedMs: null,
  status: 'running',
  resumedAt: [],
}
/** Two measures at each of six steps, an epoch every two steps. */
const STEPS = [1, 2, 3, 4, 5, 6]
const MEASURES = measuresOf({
  names: ['a', 'b'],
  name: STEPS.flatMap(() => [0, 1]),
  step: STEPS.flatMap((step) => [step, step]),
  epoch: STEPS.flatMap((step) => [Math.ceil(step / 2), Math.ceil(step / 2)]),
  wall: STEPS.flatMap((step) => [1_700_000_000_000 + step, 1_700_000_000_000 + step]),
  value: STEPS.flatMap((step) => [step / 7, -step / 11]),
})

/** Contents of the events of a file. */
function eventsIn(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const events: Uint8Array[] = []
  for (let place = 0; place < bytes.length;) {
    const length = Number(view.getBigUint64(place, true))
    expect(view.getUint32(place + 8, true)).toBe(maskedCrc32c(bytes.subarray(place, place + 8)))
    const event = bytes.subarray(place + 12, place + 12 + length)
    expect(view.getUint32(place + 12 + length, true)).toBe(maskedCrc32c(event))
    events.push(event)
    place += length + 16
  }
  return events
}
const field = (event: Uint8Array, number: number) => [...protoFields(event)].find((each) => each.number === number)

describe('checksums', () => {
  it('are those of RFC 3720', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e)
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
  })
})

describe('protobuf', () => {
  it('reads whole numbers as they are written, negative ones too', () => {
    for (const value of [0, 1, 127, 128, 2 ** 31, 2 ** 32 + 5, 2 ** 53 - 1, -1, -(2 ** 40)]) {
      const [found] = [...protoFields(joined([proto.integer(3, value)]))]
      expect(found?.integer).toBe(value)
    }
  })
  it.each([[[0x08]], [[0x0a, 0x05, 1]], [[0x0b]], [[0x00, 0x01]], [Array.from({ length: 12 }, () => 0xff)]])(
    'refuses %j',
    (bytes) => {
      expect(() => [...protoFields(Uint8Array.from(bytes))]).toThrow('not a valid protobuf message')
    },
  )
})

describe('events of a run', () => {
  it('begin with the version, and have the measures of one step and moment together', () => {
    const events = eventsIn(eventsOf(MEASURES, HEAD))
    expect(new TextDecoder().decode(field(events[0]!, 3)?.bytes)).toBe('brain.Event:2')
    expect(events).toHaveLength(2 + STEPS.length)
  })
  it('of a resumed run have a session start there, which takes nothing from what was measured before', async () => {
    const bytes = eventsOf(MEASURES, { ...HEAD, resumedAt: [2] })
    const starts = eventsIn(bytes).filter((event) => field(event, 7) !== undefined)
    expect(starts.map((event) => field(event, 2)?.integer)).toEqual([5])
    const path = join(root, 'resumed.tfevents')
    writeFileSync(path, bytes)
    const [found] = await findHistories(path)
    const [facts] = await readHistory({ ...found!, folder: root })
    expect(facts!.settings).toEqual(HEAD.settings)
    const read = await readMeasures(join(root, facts!.metrics))
    expect([...read.step]).toEqual([...MEASURES.step])
    expect([...read.value]).toEqual([...MEASURES.value])
    expect([...read.wall]).toEqual([...MEASURES.wall])
  })
  it('of one that measures a step twice have no session start that would take the first measure back', () => {
    const twice = measuresOf({
      names: ['a'],
      name: [0, 0],
      step: [4, 4],
      epoch: [1, 2],
      wall: [NaN, NaN],
      value: [1, 2],
    })
    const events = eventsIn(eventsOf(twice, { ...HEAD, resumedAt: [1] }))
    expect(events.filter((event) => field(event, 7) !== undefined)).toEqual([])
    expect(events).toHaveLength(4)
  })
})
