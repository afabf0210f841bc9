import type { RunId } from '../../contract/index.js'
import type { LibraryRecord } from '../../contract/library/record.js'
import type { LabContext } from '../context.js'
import { flattened } from '../library/flatten.js'
import type { SessionStatus } from './hparams.js'

/** Longest part of a folder's name that comes from the run's. */
const LONGEST_NAME = 80

/** A folder for one run: TensorBoard shows its name, and two files in one folder would hide each other. */
export function eventFolder({ id, name }: Pick<LibraryRecord, 'id' | 'name'>): string {
  const plain = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._ -]+/gu, '-')
    .replace(/^[. -]+|[. -]+$/g, '')
  const short = Array.from(plain).slice(0, LONGEST_NAME).join('')
  return short === '' ? id : `${short}-${id}`
}

/** The name that TensorBoard looks for. */
export const eventFileName = (id: RunId, startedMs: number): string =>
  `events.out.tfevents.${Math.max(0, Math.floor(startedMs / 1000))}.${id}`

const STATUS: Partial<Record<LibraryRecord['state'], SessionStatus>> = {
  running: 'running',
  failed: 'failure',
  finished: 'success',
  stopped: 'success',
  imported: 'success',
}

const timeOf = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso))

/** The event file of a run. */
export async function eventFile(
  { analysis, source }: Pick<LabContext, 'analysis' | 'source'>,
  record: LibraryRecord,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const read = await source.readSettings(record.id).catch(() => ({}))
  const settings: Record<string, number | string | boolean> = {}
  for (const [name, value] of Object.entries(flattened(read)))
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') settings[name] = value
  const head = {
    settings,
    group: record.group?.id ?? '',
    startedMs: timeOf(record.startedAt) ?? Date.parse(record.createdAt),
    endedMs: timeOf(record.finishedAt),
    status: STATUS[record.state] ?? 'unknown',
    resumedAt: record.resumedAt ?? [],
  }
  return analysis.ask('eventFile', { path: source.metricsPath(record.id), head }, { signal })
}
