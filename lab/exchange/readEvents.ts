import type { ByteStream } from './byteStream.js'
import { eventRecords, type RecordFaults } from './eventRecords.js'
import { historyWriter, type History, type HistoryWriter } from './history.js'
import { protoFields, protoNumber, protoText } from './protobuf.js'
import { hparamsOf } from './hparams.js'
import { tensorNumber } from './tensorValue.js'
import { EXACT_PLUGIN, EXACT_PREFIX } from './writeEvents.js'

/** Fields of `Event`, `Summary.Value` and `SummaryMetadata`. */
const EVENT = { wall: 1, step: 2, version: 3, summary: 5, session: 7, source: 10 } as const
const VALUE = { tag: 1, simple: 2, histogram: 5, image: 4, audio: 6, tensor: 8, metadata: 9 } as const
const SESSION_START = 1
/** Versions from which a session start says that later steps are measured again. */
const REWINDING = /^brain\.Event:([2-9]|\d\d)/

/** State that lasts over the events of a run. */
interface Reading {
  history: History
  writer: HistoryWriter
  /** Which plugin a tag belongs to; only its first value says. */
  plugins: Map<string, string>
  version: string
  /** Events that are no valid messages. */
  broken: number
}

function pluginOf(metadata: Uint8Array): { name: string; content: Uint8Array } {
  let [name, content] = ['', new Uint8Array(0)]
  for (const field of protoFields(metadata))
    if (field.number === 1)
      for (const part of protoFields(field.bytes)) {
        if (part.number === 1) name = protoText(part)
        else if (part.number === 2) content = part.bytes.slice()
      }
  return { name, content }
}

function takeSettings({ history }: Reading, content: Uint8Array): void {
  const { settings, startedMs, endedMs } = hparamsOf(content)
  Object.assign(history.settings, settings)
  if (startedMs !== null) history.startedMs ??= startedMs
  if (endedMs !== null) history.finishedMs = endedMs
}

function takeValue(bytes: Uint8Array, at: { step: number; wall: number }, reading: Reading): void {
  const { history, writer, plugins } = reading
  let tag = ''
  let value: number | null = null
  let kind = ''
  let tensor: Uint8Array | null = null
  let metadata: ReturnType<typeof pluginOf> | null = null
  for (const field of protoFields(bytes)) {
    if (field.number === VALUE.tag) tag = protoText(field)
    else if (field.number === VALUE.simple) value = protoNumber(field)
    else if (field.number === VALUE.histogram) kind = 'histograms'
    else if (field.number === VALUE.image) kind = 'images'
    else if (field.number === VALUE.audio) kind = 'sounds'
    else if (field.number === VALUE.tensor) tensor = field.bytes
    else if (field.number === VALUE.metadata) metadata = pluginOf(field.bytes)
  }
  if (metadata !== null && !plugins.has(tag)) plugins.set(tag, metadata.name)
  if (metadata?.name === 'hparams') return takeSettings(reading, metadata.content)
  const plugin = plugins.get(tag) ?? ''
  if (plugin === EXACT_PLUGIN && tensor !== null) {
    const exact = tensorNumber(tensor)
    if (exact !== null) writer.correct(tag.slice(EXACT_PREFIX.length), at.step, exact)
    return
  }
  if (tensor !== null && (plugin === '' || plugin === 'scalars')) value = tensorNumber(tensor)
  if (value !== null && kind === '') writer.add(tag, { ...at, epoch: null, value })
  else history.skipped.add(kind !== '' ? kind : plugin === '' ? 'tensors' : plugin)
}

function takeEvent(bytes: Uint8Array, reading: Reading): void {
  const { history, writer } = reading
  let [wall, step] = [NaN, 0]
  const summaries: Uint8Array[] = []
  let starts = false
  for (const field of protoFields(bytes)) {
    if (field.number === EVENT.wall) wall = protoNumber(field) * 1000
    else if (field.number === EVENT.step) step = field.integer
    else if (field.number === EVENT.version) reading.version = protoText(field)
    else if (field.number === EVENT.summary) summaries.push(field.bytes)
    else if (field.number === EVENT.session)
      for (const part of protoFields(field.bytes)) starts ||= part.number === 1 && part.integer === SESSION_START
    else if (field.number === EVENT.source)
      for (const part of protoFields(field.bytes)) if (part.number === 1) history.tool = protoText(part)
  }
  if (starts && REWINDING.test(reading.version)) writer.rewind(step)
  for (const summary of summaries)
    for (const field of protoFields(summary)) if (field.number === 1) takeValue(field.bytes, { step, wall }, reading)
  if (summaries.length === 0 || !Number.isFinite(wall)) return
  history.startedMs = Math.min(history.startedMs ?? wall, wall)
  history.finishedMs = Math.max(history.finishedMs ?? wall, wall)
}

const bytesText = (count: number): string => (count === 1 ? '1 byte' : `${count} bytes`)

function faultsOf(name: string, { cut, damaged, large }: RecordFaults): string[] {
  return [
    ...(cut > 0 ? [`${name} ends in the middle of a record: its last ${bytesText(cut)} could not be read.`] : []),
    ...(damaged > 0 ? [`${damaged} damaged records of ${name} were left out.`] : []),
    ...(large > 0 ? [`${large} records of ${name} that are larger than 64 MB were left out.`] : []),
  ]
}

/**
 * Reads the event files of one folder, in the order of their names, as one run.
 *
 * @param history - receives measures, settings and faults
 */
export async function readEvents(
  files: AsyncIterable<{ name: string; stream: ByteStream }>,
  history: History,
): Promise<void> {
  const reading: Reading = { history, writer: historyWriter(history), plugins: new Map(), version: '', broken: 0 }
  for await (const { name, stream } of files) {
    const faults: RecordFaults = { cut: 0, damaged: 0, large: 0 }
    reading.version = ''
    for (const record of eventRecords(stream, faults)) {
      try {
        takeEvent(record, reading)
      } catch {
        reading.broken += 1
      }
    }
    history.faults.push(...faultsOf(name, faults))
    if (reading.version !== '' && history.tool === '') history.tool = `TensorBoard events (${reading.version})`
  }
  if (reading.broken > 0) history.faults.push(`${reading.broken} records are no valid events and were left out.`)
  reading.writer.finish()
}
