import type { ByteStream } from './byteStream.js'
import { historyWriter, type History, type HistoryWriter } from './history.js'
import { protoFields, protoText, type ProtoField } from './protobuf.js'
import { isInside, itemsOf, mediaOf, numbersOf } from './wandbItems.js'
import { wandbRecords, type PartFaults } from './wandbParts.js'

/** Fields of `Record` and of the messages in it (wandb_internal.proto). */
const RECORD = { history: 2, summary: 3, config: 6, outputRaw: 13, run: 17, exit: 18, header: 21 } as const
const RUN = { id: 1, project: 3, config: 4, name: 8, notes: 9, tags: 10, startTime: 17 } as const

/** State that lasts over the records of a run. */
interface Reading {
  history: History
  writer: HistoryWriter
  summary: Map<string, unknown>
  step: number
  wall: number
  runId: string
  ended: boolean
  broken: number
}

/** Settings are those of the user: `_wandb` is the program's own. */
function takeConfig(bytes: Uint8Array, { history }: Reading): void {
  for (const { path, value } of itemsOf(bytes)) {
    const [first = ''] = path
    if (first.startsWith('_') || value === undefined) continue
    history.settings[path.join('.')] = value
  }
}

function takeHistory(bytes: Uint8Array, reading: Reading): void {
  const items = itemsOf(bytes)
  const own = (name: string): number | null => {
    const value = items.find(({ path }) => path.length === 1 && path[0] === name)?.value
    return typeof value === 'number' && Number.isFinite(value) ? value : null
  }
  for (const { number, bytes: inner } of protoFields(bytes))
    if (number === 2) for (const part of protoFields(inner)) if (part.number === 1) reading.step = part.integer
  reading.step = own('_step') ?? reading.step
  const seconds = own('_timestamp')
  reading.wall = seconds === null ? reading.wall : seconds * 1000
  const { step, wall, history, writer } = reading
  if (seconds !== null) {
    history.startedMs ??= wall
    history.finishedMs = Math.max(history.finishedMs ?? wall, wall)
  }
  const media = mediaOf(items)
  if (media.size > 0) history.skipped.add('media')
  for (const { path, value } of items) {
    if ((path[0] ?? '_').startsWith('_') || isInside(path, media)) continue
    if (typeof value === 'string') history.skipped.add('texts')
    numbersOf(path.join('.'), value, (name, number) => writer.add(name, { step, epoch: null, wall, value: number }))
  }
}

function takeRun(bytes: Uint8Array, reading: Reading): void {
  const { history } = reading
  const texts: Partial<Record<number, string>> = {}
  for (const field of protoFields(bytes)) {
    if (field.number === RUN.tags) history.tags.push(protoText(field))
    else if (field.number === RUN.config) takeConfig(field.bytes, reading)
    else if (field.number === RUN.startTime) {
      const [seconds = 0, nanos = 0] = [1, 2].map((part) => integerIn(field, part))
      history.startedMs = Math.min(history.startedMs ?? Infinity, seconds * 1000 + nanos / 1e6)
    } else if (field.wire === 2) texts[field.number] = protoText(field)
  }
  const name = texts[RUN.name] ?? texts[RUN.id] ?? ''
  history.name = name === '' ? history.name : name
  history.note = texts[RUN.notes] ?? history.note
  if (texts[RUN.project] !== undefined) history.settings['wandb.project'] = texts[RUN.project]
  reading.runId = texts[RUN.id] ?? reading.runId
}

/** A whole number of a message inside a field; 0 where it is not set. */
const integerIn = ({ bytes }: ProtoField, number: number): number =>
  [...protoFields(bytes)].find((field) => field.number === number)?.integer ?? 0

function takeRecord(bytes: Uint8Array, reading: Reading): void {
  const { history } = reading
  for (const field of protoFields(bytes)) {
    if (field.number === RECORD.run) takeRun(field.bytes, reading)
    else if (field.number === RECORD.config) takeConfig(field.bytes, reading)
    else if (field.number === RECORD.history) takeHistory(field.bytes, reading)
    else if (field.number === RECORD.summary) {
      for (const { path, value } of itemsOf(field.bytes)) reading.summary.set(path.join('.'), value)
    } else if (field.number === RECORD.outputRaw || field.number === 4) history.skipped.add('console output')
    else if (field.number === RECORD.exit) {
      reading.ended = true
      history.computeSeconds = integerIn(field, 2)
    } else if (field.number === RECORD.header)
      for (const part of protoFields(field.bytes))
        if (part.number === 1)
          for (const version of protoFields(part.bytes))
            if (version.number === 1) history.tool = `wandb ${protoText(version).split('+')[0] ?? ''}`
  }
}

/** The last value of every measure. */
function lastValues({ rows: { names, name, value } }: History): Map<string, number> {
  const last = new Map<string, number>()
  for (const [row, place] of name.entries()) last.set(names[place] ?? '', value[row] ?? NaN)
  return last
}

/**
 * Results that were set without a curve become a curve of one value; texts, and numbers other than the last of their
 * curve, become settings.
 */
function takeSummary({ summary, history, writer, step, wall }: Reading): void {
  const last = lastValues(history)
  const names = [...summary.keys()]
  const media = mediaOf(names.map((name) => ({ path: name.split('.') })))
  for (const [name, value] of summary) {
    if (name.startsWith('_') || isInside(name.split('.'), media)) continue
    if (typeof value === 'string') history.settings[`summary.${name}`] = value
    else
      numbersOf(name, value, (full, number) => {
        if (!last.has(full)) writer.add(full, { step, epoch: null, wall, value: number })
        else if (!Object.is(last.get(full), number)) history.settings[`summary.${full}`] = number
      })
  }
}

/**
 * Reads a W&B offline file, `run-*.wandb`: configuration, history and summary.
 *
 * @param stream - after the seven bytes that name the format
 * @param history - receives measures, settings and faults
 */
export function readWandb({ name, stream }: { name: string; stream: ByteStream }, history: History): void {
  const reading: Reading = {
    history,
    writer: historyWriter(history),
    summary: new Map(),
    step: 0,
    wall: NaN,
    runId: '',
    ended: false,
    broken: 0,
  }
  const faults: PartFaults = { cut: 0, damaged: 0, large: 0 }
  for (const record of wandbRecords(stream, faults)) {
    try {
      takeRecord(record, reading)
    } catch {
      reading.broken += 1
    }
  }
  takeSummary(reading)
  reading.writer.finish()
  const { cut, damaged, large } = faults
  if (damaged > 0) history.faults.push(`${damaged} damaged parts of ${name} were left out.`)
  if (cut > 0) history.faults.push(`${name} ends in the middle of a record: its last ${cut} bytes could not be read.`)
  if (large > 0) history.faults.push(`${large} records of ${name} that are larger than 64 MB were left out.`)
  if (reading.broken > 0) history.faults.push(`${reading.broken} records are not valid and were left out.`)
  if (!reading.ended && history.faults.length === 0)
    history.faults.push(`${name} has no end: the run was still going on, or was killed.`)
  if (history.tool === '') history.tool = 'wandb'
}
