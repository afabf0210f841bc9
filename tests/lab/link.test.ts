import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LabError, type LabLink, type LinkState } from '../../contract/index.js'
import { createLink, decodeFrame, encodeFrame } from '../../contract/link/index.js'
import { codeOf } from './lab/codeOf.js'
import { createFakeLab, SETTINGS, type FakeLab } from './link/fakeLab.js'
import { TRANSPORTS, type Transport } from './link/transports.js'

const timers = {
  setTimeout: (callback: () => void) => setTimeout(callback, 1),
  clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
  random: () => 0.5,
}
const MEGABYTE = 2 ** 20

function reached(link: LabLink, state: LinkState): Promise<void> {
  return new Promise((resolve) => {
    if (link.state === state) return resolve()
    const stop = link.onState((now) => {
      if (now !== state) return
      stop()
      resolve()
    })
  })
}

describe.each(Object.entries(TRANSPORTS))('link over %s', (_name, makeTransport) => {
  let lab: FakeLab
  let transport: Transport
  let link: LabLink

  /** Answers when everything sent so far has gone both ways. */
  const roundTrip = () => link.call('settings.get', null)
  const theme = (index: number) => lab.bus.emit('queue.changed', { ids: [`r-${index}`], held: false })
  const followed = (): { seen: string[]; gaps: number; stop: () => void } => {
    const log = { seen: [] as string[], gaps: 0, stop: () => undefined as void }
    log.stop = link.listen(
      'queue.changed',
      ({ ids }) => log.seen.push(...ids),
      () => log.gaps++,
    )
    return log
  }

  beforeEach(async () => {
    lab = createFakeLab()
    transport = await makeTransport(lab)
    link = createLink(transport.connect, timers)
  })
  afterEach(async () => {
    link.close()
    await transport.close()
  })

  it('answers a call made before the connection is open', async () => {
    const early = createLink(transport.connect, timers)
    expect(early.state).toBe('connecting')
    expect(await early.call('settings.get', null)).toEqual(SETTINGS)
    expect(early.state).toBe('open')
    early.close()
  })

  it('hands over an error with its code, message and details', async () => {
    await expect(link.call('run.list', null)).rejects.toMatchObject({
      name: 'LabError',
      code: 'file.diskFull',
      message: 'no space left',
      details: { path: '/archive', free: 0, note: null },
    })
  })

  it('turns what is no LabError into `internal`, and refuses unknown commands', async () => {
    expect(await codeOf(link.call('lab.vitals', null))).toBe('internal')
    expect(await codeOf(link.call('lab.selfDestruct' as 'lab.vitals', null))).toBe('link.unknownCommand')
    expect(await codeOf(link.call('__proto__' as 'lab.vitals', null))).toBe('link.unknownCommand')
  })

  it('cancels a call on both sides', async () => {
    const cancel = new AbortController()
    const call = codeOf(link.call('lab.doctor', null, { signal: cancel.signal }))
    await roundTrip()
    cancel.abort()
    expect(await call).toBe('cancelled')
    await roundTrip()
    expect(lab.waiting.map(({ aborted }) => aborted)).toEqual([true])
    expect(await codeOf(link.call('lab.doctor', null, { signal: cancel.signal }))).toBe('cancelled')
    expect(lab.waiting).toHaveLength(1)
  })

  it('carries typed arrays, NaN, infinities, undefined and null as they are', async () => {
    expect(await link.call('run.array', { id: 'r-1', name: 'weights', epoch: null })).toStrictEqual({
      name: 'weights',
      epoch: 1,
      shape: [1, 3],
      data: Float32Array.of(0.5, -1, 3.25),
      odd: Uint8Array.of(1, 2, 3),
      wins: Int32Array.of(-5, 7),
      gone: undefined,
      none: null,
    })
    const columns = await link.call('run.metrics', { id: 'r-1', names: null })
    expect(columns.winningOverlap?.step).toEqual(Float64Array.of(NaN, Infinity, -0))
    expect(columns.winningOverlap?.value).toEqual(new Float64Array(0))
    expect(await link.call('spectrum.fit', { eigenvalues: Float64Array.of(1, 2.5), window: [1, 2] })).toEqual({
      sum: 3.5,
      kind: 'Float64Array',
    })
  })

  it('keeps two hundred calls at once apart, whatever order their answers take', async () => {
    const calls = Array.from({ length: 200 }, (_, index) =>
      link.call('run.readFile', { id: 'r-1', path: `${index} ${index % 256} ${(index * 37) % 11}` }),
    )
    const answers = await Promise.all(calls)
    answers.forEach((bytes, index) => expect(bytes).toEqual(new Uint8Array(index).fill(index % 256)))
  })

  it('carries 25 MB both ways', async () => {
    const bytes = await link.call('run.readFile', { id: 'r-1', path: `${25 * MEGABYTE} 7` })
    expect(bytes.byteLength).toBe(25 * MEGABYTE)
    expect(bytes[0]! + bytes[bytes.length - 1]!).toBe(14)
    const eigenvalues = new Float64Array((25 * MEGABYTE) / 8).fill(0.5)
    expect(await link.call('spectrum.fit', { eigenvalues, window: [1, 2] })).toEqual({
      sum: eigenvalues.length / 2,
      kind: 'Float64Array',
    })
  })

  it('delivers events in order, to several listeners, until they stop', async () => {
    const first = followed()
    const second = followed()
    await roundTrip()
    for (let index = 0; index < 50; index++) theme(index)
    await roundTrip()
    const all = Array.from({ length: 50 }, (_, index) => `r-${index}`)
    expect(first.seen).toEqual(all)
    expect(second.seen).toEqual(all)
    first.stop()
    theme(50)
    await roundTrip()
    second.stop()
    theme(51)
    await roundTrip()
    expect(first.seen).toHaveLength(50)
    expect(second.seen).toEqual([...all, 'r-50'])
  })

  it('fails calls in progress when the connection breaks, and connects again', async () => {
    await roundTrip()
    const call = codeOf(link.call('lab.doctor', null))
    await roundTrip()
    transport.cut()
    expect(await call).toBe('link.lost')
    await reached(link, 'open')
    expect(await roundTrip()).toEqual(SETTINGS)
    expect(lab.waiting[0]?.aborted).toBe(true)
  })

  it('refuses calls while the connection is down', async () => {
    await roundTrip()
    transport.refuse(true)
    transport.cut()
    await reached(link, 'lost')
    expect(await codeOf(roundTrip())).toBe('link.lost')
    transport.refuse(false)
    await reached(link, 'open')
    expect(await roundTrip()).toEqual(SETTINGS)
  })

  it.each([
    ['after events were seen', 3],
    ['before the first event', 0],
  ])('catches up on events sent during a break, %s', async (_case, seenBefore) => {
    const log = followed()
    await roundTrip()
    for (let index = 0; index < seenBefore; index++) theme(index)
    await roundTrip()
    transport.refuse(true)
    transport.cut()
    await reached(link, 'lost')
    for (let index = seenBefore; index < 20; index++) theme(index)
    transport.refuse(false)
    await reached(link, 'open')
    theme(20)
    await roundTrip()
    expect(log.seen).toEqual(Array.from({ length: 21 }, (_, index) => `r-${index}`))
    expect(log.gaps).toBe(0)
  })

  it('sends a window only what has the id that it follows, also after a break', async () => {
    const array = (id: string, epoch: number) =>
      lab.bus.emit('run.array', { id, array: { name: 'weights', epoch, shape: [1], data: Float32Array.of(epoch) } })
    const seen: string[] = []
    // A listener of everything shares nothing with one of a single run.
    const note =
      (who: string) =>
      ({ id, array: { epoch } }: { id: string; array: { epoch: number } }): void =>
        void seen.push(`${who} ${id} ${epoch}`)
    const stops = [
      link.listen('run.array', note('a'), undefined, 'r-a'),
      link.listen('run.array', note('b'), undefined, 'r-b'),
      link.listen('run.array', note('all')),
    ]
    await roundTrip()
    array('r-a', 1)
    array('r-c', 2)
    await roundTrip()
    expect(seen.splice(0).sort()).toEqual(['a r-a 1', 'all r-a 1', 'all r-c 2'])
    stops[2]?.()
    transport.refuse(true)
    transport.cut()
    await reached(link, 'lost')
    array('r-b', 3)
    array('r-c', 4)
    transport.refuse(false)
    await reached(link, 'open')
    await roundTrip()
    expect(seen.splice(0)).toEqual(['b r-b 3'])
    stops[0]?.()
    array('r-a', 5)
    array('r-b', 6)
    await roundTrip()
    expect(seen).toEqual(['b r-b 6'])
  })

  it('reports a gap when more was missed than is kept, and goes on from there', async () => {
    const log = followed()
    await roundTrip()
    theme(0)
    await roundTrip()
    transport.refuse(true)
    transport.cut()
    await reached(link, 'lost')
    for (let index = 1; index <= 2000; index++) theme(index)
    transport.refuse(false)
    await reached(link, 'open')
    await roundTrip()
    theme(9999)
    await roundTrip()
    expect(log.gaps).toBe(1)
    expect(log.seen).toEqual(['r-0', 'r-9999'])
  })

  it('reports a gap when another lab answers after the break', async () => {
    let current = transport
    const window = createLink(() => current.connect(), timers)
    const seen: string[] = []
    let gaps = 0
    window.listen(
      'queue.changed',
      ({ ids }) => seen.push(...ids),
      () => gaps++,
    )
    await window.call('settings.get', null)
    theme(0)
    await window.call('settings.get', null)
    const successor = createFakeLab()
    await new Promise((resolve) => setTimeout(resolve, 2))
    current = await makeTransport(successor)
    transport.cut()
    await reached(window, 'lost')
    await reached(window, 'open')
    await window.call('settings.get', null)
    successor.bus.emit('queue.changed', { ids: ['r-new'], held: false })
    await window.call('settings.get', null)
    expect([seen, gaps]).toEqual([['r-0', 'r-new'], 1])
    window.close()
    await current.close()
  })

  it('lets two windows follow the same lab', async () => {
    const window = createLink(transport.connect, timers)
    const log = followed()
    const seen: string[] = []
    window.listen('queue.changed', ({ ids }) => seen.push(...ids))
    await Promise.all([roundTrip(), window.call('settings.get', null)])
    theme(1)
    await Promise.all([roundTrip(), window.call('settings.get', null)])
    expect([log.seen, seen]).toEqual([['r-1'], ['r-1']])
    window.close()
    expect(window.state).toBe('lost')
    expect(await codeOf(window.call('settings.get', null))).toBe('link.lost')
  })
})

describe('socket codec', () => {
  it('aligns typed arrays wherever they lie in the message', () => {
    for (let pad = 0; pad < 9; pad++) {
      const output = {
        pad: 'x'.repeat(pad),
        values: Float64Array.of(1.5, -2),
        list: [undefined, null, Int32Array.of(1)],
      }
      const bytes = encodeFrame({ tag: 'reply', id: 1, output })
      const shifted = new Uint8Array(bytes.length + pad)
      shifted.set(bytes, pad)
      expect(decodeFrame(shifted.subarray(pad))).toStrictEqual({ tag: 'reply', id: 1, output })
    }
  })

  it('sends the part of a buffer that an array views, not all of it', () => {
    const output = new Float32Array(100).subarray(10, 12)
    expect(encodeFrame({ tag: 'reply', id: 1, output }).byteLength).toBeLessThan(60)
  })

  it('refuses what is no frame', () => {
    for (const bytes of [
      Uint8Array.of(),
      Uint8Array.of(0xc1),
      Uint8Array.of(0xc0),
      Uint8Array.of(0x81, 0xa3, 0x74, 0x61, 0x67, 0x01),
    ])
      expect(() => decodeFrame(bytes)).toThrowError(LabError)
    expect(() => encodeFrame({ tag: 'reply', id: 1, output: BigInt64Array.of(1n) })).toThrowError(/BigInt64Array/)
  })
})
