import type { FigureUse } from './figureUses.js'
import { LabError, type RunId, type RunRecord, type SweepRecord } from '../../contract/index.js'

/** Names at most this many runs in a message. */
const MOST_NAMED = 3

/** What may need a run. */
export interface Needs {
  sweeps: readonly SweepRecord[]
  figures: readonly FigureUse[]
}

const BUSY_SWEEP_STATES = ['queued', 'running', 'paused', 'interrupted']

/** Why a run cannot go to the trash: what computes with it or shows it; null where nothing does. */
function needOf(record: RunRecord, { sweeps, figures }: Needs): string | null {
  if (record.state === 'running') return 'it is running; pause or stop it first'
  if (record.state === 'queued') return 'it is queued; stop it first'
  const sweep = sweeps.find(
    ({ state, request }) =>
      BUSY_SWEEP_STATES.includes(state) && request.models.some(({ model }) => model.split('/')[0] === record.id),
  )
  if (sweep !== undefined) return `the robustness sweep ${sweep.id} has not finished and attacks its model`
  const use = figures.find(({ runs }) => runs.includes(record.id))
  return use === undefined
    ? null
    : `Figure ${use.figure} shows it; delete or move figures/${use.fileStem}.* of the archive first`
}

/**
 * Refuses to move runs to the trash that something still needs.
 *
 * @throws LabError `library.needed` with their names
 */
export function expectUnneeded(ids: readonly RunId[], records: ReadonlyMap<RunId, RunRecord>, needs: Needs): void {
  const needed = ids.flatMap((id) => {
    const record = records.get(id)
    const need = record === undefined ? null : needOf(record, needs)
    return record === undefined || need === null ? [] : [`${record.name} (${id}): ${need}`]
  })
  if (needed.length === 0) return
  const more = needed.length > MOST_NAMED ? ` and ${needed.length - MOST_NAMED} more` : ''
  throw new LabError('library.needed', `${needed.slice(0, MOST_NAMED).join('; ')}${more}`, { runs: needed.length })
}
