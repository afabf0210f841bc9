import { commonPrefix, type RunId, type RunRecord } from '../../../contract/index.js'
import { stateLook } from '../../components/runStates.js'
import { isGroup, type Entry } from './entries.js'
import type { LineCells } from './useCells.js'

type Records = ReadonlyMap<RunId, RunRecord>

/** Names of a group that differ; more than these do not change what they share. */
const MOST_NAMES = 50

/** The name of a row: of a group what the names of its runs share, or the first of them. */
export function entryName(entry: Entry, cells: LineCells | undefined, records: Records): string {
  const value = cells?.['name']?.value
  if (typeof value === 'string') return value
  const names = entry.ids.slice(0, MOST_NAMES).flatMap((id) => records.get(id)?.name ?? [])
  if (new Set(names).size < 2) return names[0] ?? entry.ids[0] ?? ''
  return commonPrefix(names).replace(/[\s:,;/_-]+$/, '') || `${names[0] ?? ''} and others`
}

/** The run that decides how the state of a row looks: of a group one that is not finished, if there is one. */
export function stateOf(entry: Entry, records: Records): Pick<RunRecord, 'state' | 'verdict'> | null {
  const known = entry.ids.flatMap((id) => records.get(id) ?? [])
  const deciding =
    known.find(({ state }) => state !== 'finished') ?? known.find(({ verdict }) => verdict?.passed === false)
  return deciding ?? known[0] ?? null
}

/** The state of a row in words; `2 of 3 finished` where the runs of a group differ. */
export function stateText(entry: Entry, records: Records): string {
  const run = stateOf(entry, records)
  if (run === null) return ''
  const finished = entry.ids.filter((id) => records.get(id)?.state === 'finished').length
  const mixed = isGroup(entry) && finished > 0 && finished < entry.ids.length
  return mixed ? `${finished} of ${entry.ids.length} finished` : stateLook(run).label
}

/** Why the mean over a group is not one over seeds of the same experiment; empty where it is. */
export function mixedReasons(entry: Entry, cells: LineCells | undefined): string {
  if (!isGroup(entry)) return ''
  const { seed, executor, dataset } = cells ?? {}
  const reasons = [
    dataset?.differs === true ? 'the runs have different datasets' : '',
    executor?.differs === true ? 'the runs were computed by different backends' : '',
    seed !== undefined && seed.distinct < seed.count ? 'some runs have the same seed' : '',
  ].filter((reason) => reason !== '')
  return reasons.length === 0 ? '' : `Read the interval with care: ${reasons.join(', and ')}.`
}
