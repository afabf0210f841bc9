import { readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setImmediate as immediately } from 'node:timers/promises'
import { zipSync } from 'fflate'
import { LabError, type RunId } from '../../contract/index.js'
import { EXPORTS, LARGEST_DOWNLOAD, type ExportAnswer, type ExportKind } from '../../contract/library/exchange.js'
import type { LibraryRecord } from '../../contract/library/record.js'
import type { LabContext } from '../context.js'
import { expectExportable, writeExport } from '../files/exports.js'
import { ifMissing } from '../files/missing.js'
import { eventFile, eventFileName, eventFolder } from './eventFolders.js'
import { csvBytes, LONG_COLUMNS, longRows, wideColumns, wideRows, type MeasuredRun } from './measureTables.js'
import { parquetOf, type ParquetColumn } from './parquet.js'
import { runsTable } from './runsTable.js'

/** Columns of the wide form; more are no table that a program opens. */
const MOST_WIDE = 5000
const ROWS_AT_ONCE = 5000

type Parts = Pick<LabContext, 'analysis' | 'archive' | 'labels' | 'library' | 'source'>
/** What is exported; like the request, with every value given. */
export interface ExportInput {
  kind: ExportKind
  lines: readonly (readonly RunId[])[]
  columns: readonly string[]
  folder: string | null
  overwrite: boolean
}

/** One file of an export, relative to its folder. */
interface ExportedFile {
  path: string
  content: AsyncIterable<Uint8Array>
}

const datesOf = (columns: readonly ParquetColumn[]): ReadonlySet<number> =>
  new Set(columns.flatMap(({ type }, place) => (type === 'date' ? [place] : [])))

/** Bytes that are made when they are asked for. */
async function* later(make: () => Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield await make()
}

/** Records of these runs in their order, with the names that users gave. @throws LabError `run.missing` */
async function recordsOf({ source, labels }: Parts, ids: readonly RunId[]): Promise<LibraryRecord[]> {
  const records = new Map((await source.list()).map((record) => [record.id, record]))
  return ids.map((id) => {
    const record = records.get(id)
    if (record === undefined) throw new LabError('run.missing', `no run has the id ${id}`, { run: id })
    return labels.shown(record)
  })
}

/** The measures of runs, one run after the other. */
async function* measured(
  { analysis, source }: Parts,
  records: readonly LibraryRecord[],
  signal: AbortSignal,
): AsyncGenerator<MeasuredRun> {
  for (const { id, name } of records)
    yield { id, name, measures: await analysis.ask('measures', { path: source.metricsPath(id) }, { signal }) }
}

/** Rows of all runs, some thousands at a time. */
async function* rowsOf<Row>(
  runs: AsyncIterable<MeasuredRun>,
  rows: (run: MeasuredRun) => Iterable<Row>,
): AsyncGenerator<Row[]> {
  let batch: Row[] = []
  for await (const run of runs)
    for (const row of rows(run)) {
      batch.push(row)
      if (batch.length < ROWS_AT_ONCE) continue
      yield batch
      batch = []
    }
  yield batch
}

/** Every measure that one of the runs has, in the order in which they are found. @throws LabError `value.range` */
async function measureNames(runs: AsyncIterable<MeasuredRun>): Promise<string[]> {
  const names = new Set<string>()
  for await (const { measures } of runs) for (const name of measures.names) names.add(name)
  if (names.size > MOST_WIDE)
    throw new LabError(
      'value.range',
      `expected at most ${MOST_WIDE} measures for a wide table, got ${names.size}; export the long one`,
    )
  return [...names]
}

/** The files of an export; what is in them is read when they are written. */
async function filesOf(parts: Parts, input: ExportInput, signal: AbortSignal): Promise<ExportedFile[]> {
  const { kind, lines, columns } = input
  const path = EXPORTS[kind].fileName
  if (kind === 'runsCsv' || kind === 'runsParquet') {
    const table = await runsTable(parts.library, lines, columns)
    const heads = table.columns.map(({ name }) => name)
    const content =
      kind === 'runsCsv' ? csvBytes(heads, table.rows, datesOf(table.columns)) : parquetOf(table.columns, table.rows)
    return [{ path, content }]
  }
  const records = await recordsOf(parts, [...new Set(lines.flat())])
  const runs = (): AsyncGenerator<MeasuredRun> => measured(parts, records, signal)
  if (kind === 'tensorboard')
    return records.map((record) => {
      const started = Date.parse(record.startedAt ?? record.createdAt)
      const made = (): Promise<Uint8Array> => eventFile(parts, record, signal)
      return { path: join(eventFolder(record), eventFileName(record.id, started)), content: later(made) }
    })
  if (kind === 'measuresWideCsv') {
    const names = await measureNames(runs())
    const rows = rowsOf(runs(), (run) => wideRows(run, names))
    return [{ path, content: csvBytes(wideColumns(names), rows, new Set()) }]
  }
  const rows = rowsOf(runs(), longRows)
  const heads = LONG_COLUMNS.map(({ name }) => name)
  const content = kind === 'measuresCsv' ? csvBytes(heads, rows, datesOf(LONG_COLUMNS)) : parquetOf(LONG_COLUMNS, rows)
  return [{ path, content }]
}

/** @throws LabError `file.exists`: readers show one event file of a folder and hide the others */
async function expectNoOtherEvents(files: readonly ExportedFile[], folder: string): Promise<void> {
  for (const { path } of files) {
    const place = dirname(join(folder, path))
    const others = (await readdir(place).catch(ifMissing([]))).filter(
      (name) => name.includes('tfevents') && !path.endsWith(name),
    )
    if (others.length > 0)
      throw new LabError('file.exists', `${place} already has event files of another run: ${others.join(', ')}`, {
        path: place,
      })
  }
}

async function download(files: readonly ExportedFile[], fileName: string, isZip: boolean): Promise<ExportAnswer> {
  const contents: Record<string, Uint8Array> = {}
  let total = 0
  for (const { path, content } of files) {
    const parts: Uint8Array[] = []
    for await (const part of content) {
      total += part.length
      // Nothing else here waits for the disk: other requests are answered in between.
      await immediately()
      if (total > LARGEST_DOWNLOAD)
        throw new LabError(
          'value.range',
          `the export is larger than ${LARGEST_DOWNLOAD / 2 ** 20} MB; select fewer runs, or run lab export with --out`,
        )
      parts.push(part)
    }
    contents[path.split('\\').join('/')] = new Uint8Array(Buffer.concat(parts))
  }
  const bytes = isZip ? zipSync(contents, { level: 6 }) : (Object.values(contents)[0] ?? new Uint8Array(0))
  return { files: [], download: { fileName, bytes } }
}

/**
 * Exports runs as tables, measures or event files.
 *
 * @throws LabError `run.missing`, `query.invalid` for an unknown column, `file.exists`, `file.ofArchive`, `file.diskFull`,
 *   `value.range` for a download that is too large
 */
export async function exportRuns(parts: Parts, input: ExportInput, signal: AbortSignal): Promise<ExportAnswer> {
  const { kind, overwrite } = input
  const files = await filesOf(parts, input, signal)
  if (input.folder === null) return download(files, EXPORTS[kind].fileName, kind === 'tensorboard')
  const folder = resolve(input.folder)
  const paths = files.map(({ path }) => join(folder, path))
  await expectExportable(paths, { overwrite, archive: parts.archive.folder })
  if (kind === 'tensorboard') await expectNoOtherEvents(files, folder)
  const written: ExportAnswer['files'] = []
  for (const [place, { content }] of files.entries()) {
    const path = paths[place] ?? folder
    let bytes = 0
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const part of content) {
        bytes += part.length
        yield part
      }
    }
    await writeExport(path, counted(), { overwrite })
    written.push({ path, bytes })
  }
  return { files: written, download: null }
}
