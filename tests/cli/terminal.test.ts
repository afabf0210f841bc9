import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { integer, integerIn, numberPair, path, real } from '../../cli/commands/options.js'
import { sizeGrid } from '../../cli/commands/probes/options.js'
import { bytesText, durationText, isCapable, localTimeText, tableText } from '../../cli/output.js'
import { assign } from '../../cli/settings.js'
import { END_SIGNALS, onEndSignal, type EndSignal } from '../../cli/terminal/endSignals.js'
import { printable, printableLines } from '../../cli/terminal/printable.js'
import { keepStandardStreams } from '../../cli/terminal/standardStreams.js'

describe('numbers of options', () => {
  it.each([
    ['8/255', 8 / 255],
    ['.5', 0.5],
    ['+1', 1],
    ['1.', 1],
    ['2e-3', 0.002],
  ])('%s is a number', (text, value) => expect(real(text)).toBeCloseTo(value, 15))
  it.each(['', ' ', '0x10', 'NaN', 'Infinity', '1e999', '1,5', '--3'])('“%s” is refused', (text) => {
    expect(() => real(text)).toThrow()
    expect(() => integer(text)).toThrow()
  })
  it('whole numbers are whole, and lists are bounded before they are made', () => {
    expect(integer('1e3')).toBe(1000)
    expect(() => integer('1.5')).toThrow(/whole number, got 1\.5/)
    expect(() => integer('9007199254740993')).toThrow(/whole number/)
    expect(() => integerIn(1, 64)('5000000000')).toThrow(/from 1 to 64, got 5000000000/)
  })
  it('pairs and grids take fractions', () => {
    expect(numberPair('-1/2:.5', 'FROM:TO')).toEqual([-0.5, 0.5])
    expect(() => numberPair('1:', 'FROM:TO')).toThrow(/Expected FROM:TO, got 1:/)
    expect(() => numberPair('1:2:3', 'FROM:TO')).toThrow()
    expect(sizeGrid('1/255:16/255:16:lin')).toEqual({ from: 1 / 255, to: 16 / 255, count: 16, spacing: 'lin' })
    expect(() => sizeGrid('abc')).toThrow(/Expected FROM:TO:COUNT/)
  })
  it('an empty path is refused', () => expect(() => path('')).toThrow(/empty/))
})

describe('--set', () => {
  const plain = () => ({
    name: 'a',
    schedule: { epochs: 3, rate: 0.1 },
    dataset: { imageLimit: null as unknown },
    list: [{ strength: 1 }],
    flag: true,
  })
  it.each([
    ['name=2024', 'name', '2024'],
    ['name=true', 'name', 'true'],
    ['name=null', 'name', 'null'],
    ['name="quoted"', 'name', 'quoted'],
    ['name=1e5', 'name', '1e5'],
    ['flag=false', 'flag', false],
  ])('%s', (assignment, key, value) => {
    const spec = plain()
    assign(spec, assignment)
    expect(spec[key as keyof typeof spec]).toBe(value)
  })
  it.each([
    ['schedule.epochs=+1', 1],
    ['schedule.epochs=5.', 5],
    ['schedule.rate=.5', 0.5],
    ['schedule.rate=8/255', 8 / 255],
    ['schedule.epochs=1_000', 1000],
  ])('%s', (assignment, value) => {
    const spec = plain()
    assign(spec, assignment)
    expect([spec.schedule.epochs, spec.schedule.rate]).toContain(value)
  })
  it('reads a number in the place of a null, and can take it as a text', () => {
    const spec = plain()
    const ambiguous = assign(spec, 'dataset.imageLimit=500')
    expect(spec.dataset.imageLimit).toBe(500)
    ambiguous?.takeAsText()
    expect(spec.dataset.imageLimit).toBe('500')
    expect(assign(plain(), 'dataset.imageLimit=null')).toBeNull()
  })
  it.each([
    '__proto__.toString=1',
    '__proto__=1',
    'constructor.prototype.x=1',
    'constructor=1',
    'schedule.__proto__.x=1',
    'schedule.toString=1',
    'list.length=4294967296',
    'list.0.constructor=1',
    'list.1.strength=2',
    'name.length=3',
  ])('%s is no key of the experiment', (assignment) => {
    const spec = plain()
    expect(() => assign(spec, assignment)).toThrow(/is not a key of the experiment/)
    expect(spec).toEqual(plain())
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })
})

describe('what a terminal shows', () => {
  it('escapes control characters, separators and marks that reorder text', () => {
    const name = '\u001b[31mred\nr-00000000\u0007\u202e\u2028\u009b\u007f'
    expect(printable(name)).toBe('\\u001b[31mred\\u000ar-00000000\\u0007\\u202e\\u2028\\u009b\\u007f')
    expect(printableLines('a\tb\nc\u001b')).toBe('a\tb\nc\\u001b')
    expect(printable('модель 🚀 é 日本')).toBe('модель 🚀 é 日本')
    expect(
      tableText([
        ['id', 'name'],
        ['1', name],
      ]).split('\n'),
    ).toHaveLength(2)
  })
  it('needs a terminal that can move its cursor for bars', () => {
    expect(isCapable({ isTTY: true }, { TERM: 'xterm' })).toBe(true)
    expect(isCapable({ isTTY: true }, { TERM: 'dumb' })).toBe(false)
    expect(isCapable({}, { TERM: 'xterm' })).toBe(false)
  })
  it.each([
    [59.4, '59 s'],
    [59.6, '1 min 0 s'],
    [3599.6, '1 h 0 min'],
    [7170, '2 h 0 min'],
    [7199, '2 h 0 min'],
    [86_370, '1 d 0 h'],
    [100_000, '1 d 4 h'],
  ])('%d s are %s', (seconds, text) => expect(durationText(seconds)).toBe(text))
  it.each([
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_949, '1000 kB'.replace('1000 kB', '1.0 MB')],
    [999_499, '999 kB'],
    [9_960_000, '10 MB'],
    [163e6, '163 MB'],
    [5e15, '5000 TB'],
  ])('%d bytes are %s', (bytes, text) => expect(bytesText(bytes)).toBe(text))
  it('shows times in the zone of this machine', () => {
    const time = new Date(2026, 10, 29, 7, 6)
    expect(localTimeText(time.toISOString())).toBe('2026-11-29 07:06')
    expect(localTimeText('never')).toBe('never')
  })
})

describe('signals that ask for an end', () => {
  const target = () => {
    const listeners = new Map<EndSignal, () => void>()
    const exits: number[] = []
    return {
      listeners,
      exits,
      on: (signal: EndSignal, listener: () => void) => listeners.set(signal, listener),
      off: (signal: EndSignal) => listeners.delete(signal),
      exit: (code: number) => exits.push(code),
    }
  }
  it.each(END_SIGNALS)('%s is heard once, and again ends at once', (signal) => {
    const fake = target()
    const heard: EndSignal[] = []
    let clock = 0
    const stop = onEndSignal(
      (given) => heard.push(given),
      fake,
      () => clock,
    )
    fake.listeners.get(signal)?.()
    clock = 500
    fake.listeners.get(signal)?.()
    expect([heard, fake.exits]).toEqual([[signal], []])
    clock = 1500
    fake.listeners.get('SIGINT')?.()
    expect([heard, fake.exits]).toEqual([[signal], [130]])
    stop()
    expect(fake.listeners.size).toBe(0)
  })
})

describe('standard streams', () => {
  const streams = () => ({
    stdout: new PassThrough() as unknown as NodeJS.WriteStream & { fd: 1 },
    stderr: new PassThrough() as unknown as NodeJS.WriteStream & { fd: 2 },
  })
  const failing = (code: string): Error => Object.assign(new Error(code), { code })
  it.each(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'])('%s: the reader went away, which is no failure', (code) => {
    const given = streams()
    const kept = keepStandardStreams(given)
    given.stdout.emit('error', failing(code))
    given.stderr.emit('error', failing(code))
    expect(kept.failure()).toBeNull()
  })
  it('a full disk behind a redirection is one', () => {
    const given = streams()
    const kept = keepStandardStreams(given)
    given.stdout.emit('error', failing('ENOSPC'))
    expect(kept.failure()?.message).toBe('ENOSPC')
  })
})
