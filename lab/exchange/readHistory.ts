import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { LabError } from '../../contract/index.js'
import { IMPORT_FORMATS, type ImportedRun, type ImportFormat } from '../../contract/library/imported.js'
import { lineOf } from '../archive/lines.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import { openUserFile } from '../files/userFile.js'
import { byteStream, type ByteStream } from './byteStream.js'
import { emptyHistory, type History, type MeasureRows } from './history.js'
import { readEvents } from './readEvents.js'
import { readMeasureTable } from './readMeasureTable.js'
import { readWandb } from './readWandb.js'
import { isWandb } from './wandbParts.js'

/** Files of one run, or of a table of runs. */
export interface HistoryRequest {
  format: ImportFormat
  files: { path: string; name: string }[]
  /** Where the measures of each run are written. */
  folder: string
}

/** What was read of a run, without its measures. */
export interface HistoryFacts extends Pick<ImportedRun, 'step' | 'epoch' | 'values' | 'results' | 'faults'> {
  /** Which run of a table it is; empty for files of one run. */
  key: string
  name: string
  tags: string[]
  note: string
  tool: string
  settings: Record<string, unknown>
  startedMs: number | null
  finishedMs: number | null
  computeSeconds: number | null
  /** File of its measures in the folder. */
  metrics: string
  sha256: string
  bytes: number
}

const HEAD_BYTES = 7
const LINES_AT_ONCE = 5000
/** Measures whose last values columns of every run show. */
const RESULTS = ['testAccuracy', 'trainAccuracy', 'spectrumSlope', 'spectrumStandardError'] as const

/** Content of the files that were read, for recognising it. */
interface Content {
  hashes: string[]
  bytes: number
}

/** Opens the files one after the other; each is hashed when the next one is asked for. */
async function* opened(
  files: HistoryRequest['files'],
  content: Content,
): AsyncGenerator<{ name: string; stream: ByteStream }> {
  for (const { path, name } of files) {
    const { handle, bytes } = await openUserFile(path)
    try {
      const stream = byteStream(handle.fd, bytes)
      yield { name, stream }
      content.hashes.push(stream.sha256())
      content.bytes += bytes
    } finally {
      await handle.close()
    }
  }
}

/** JSON has no −0; as a text it keeps its sign. */
const exact = (value: number | undefined): number | string | undefined => (Object.is(value, -0) ? '-0' : value)

async function* metricLines({ names, name, step, epoch, wall, value }: MeasureRows): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for (let from = 0; from < value.length; from += LINES_AT_ONCE) {
    const rows = Math.min(LINES_AT_ONCE, value.length - from)
    const lines = Array.from({ length: rows }, (_, index) => {
      const row = from + index
      return lineOf({
        step: step[row],
        epoch: epoch[row],
        name: names[name[row] ?? 0],
        value: exact(value[row]),
        wall: wall[row],
      })
    })
    yield encoder.encode(lines.join(''))
  }
}

function lastOf({ names, name, value }: MeasureRows, wanted: string): number | null {
  const place = names.indexOf(wanted)
  const row = place < 0 ? -1 : name.lastIndexOf(place)
  return row < 0 ? null : (value[row] ?? null)
}

const largest = (values: readonly number[]): number => values.reduce((most, value) => (value > most ? value : most), 0)

/** What is not imported, as a sentence. */
const skippedText = ({ skipped }: History): string[] =>
  skipped.size === 0 ? [] : [`Not imported: ${[...skipped].sort().join(', ')}.`]

async function readAll(
  { format, files }: HistoryRequest,
  content: Content,
): Promise<{ key: string; history: History }[]> {
  const streams = opened(files, content)
  const history = emptyHistory()
  if (format === 'tensorboard') {
    await readEvents(streams, history)
    return [{ key: '', history }]
  }
  const runs: { key: string; history: History }[] = []
  for await (const file of streams)
    if (format === 'csv') runs.push(...readMeasureTable(file))
    else {
      if (!isWandb(file.stream.take(HEAD_BYTES) ?? new Uint8Array(0)))
        throw new LabError('file.invalid', `${file.name} does not begin as a W&B file`, { file: file.name })
      readWandb(file, history)
      runs.push({ key: '', history })
    }
  return runs
}

/**
 * Reads the files of a run of another program, as far as they are whole, and writes its measures.
 *
 * @throws LabError `file.invalid` for files without a single measure or setting, `file.unreadable`
 */
export async function readHistory(request: HistoryRequest): Promise<HistoryFacts[]> {
  const content: Content = { hashes: [], bytes: 0 }
  const runs = await readAll(request, content)
  const [first = { name: '' }] = request.files
  const found = runs.filter(({ history }) => history.rows.value.length > 0 || Object.keys(history.settings).length > 0)
  if (found.length === 0) {
    const faults = runs.flatMap(({ history }) => history.faults)
    throw new LabError(
      'file.invalid',
      `${first.name} has no measures and no settings (read as: ${IMPORT_FORMATS[request.format].label})${faults.length === 0 ? '' : `. ${faults.join(' ')}`}`,
      { file: first.name },
    )
  }
  const hash = content.hashes.length === 1 ? (content.hashes[0] ?? '') : hashOf(content.hashes.join('\n'))
  const facts: HistoryFacts[] = []
  for (const [place, { key, history }] of found.entries()) {
    const metrics = `metrics-${place}.jsonl`
    const { rows, faults, skipped: _skipped, ...rest } = history
    await writeFileAtomically(join(request.folder, metrics), metricLines(rows))
    facts.push({
      ...rest,
      key,
      metrics,
      sha256: found.length === 1 && key === '' ? hash : hashOf(`${hash}\n${key}`),
      bytes: content.bytes,
      step: largest(rows.step),
      epoch: largest(rows.epoch),
      values: rows.value.length,
      results: Object.fromEntries(RESULTS.map((name) => [name, lastOf(rows, name)])) as HistoryFacts['results'],
      faults: [...faults, ...skippedText(history)],
    })
  }
  return facts
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
