import { LabError, type RunId, type RunRecord, type SweepRecord } from '../../contract/index.js'

/** Names at most this many runs in a message. */
const MOST_NAMED = 3

const BUSY_SWEEP_STATES = ['queued', 'running', 'paused', 'interrupted']

/** Why a run cannot go to the trash: what computes with it; null where nothing does. */
function needOf(record: RunRecord, sweeps: readonly SweepRecord[]): string | null {
  if (record.state === 'running') return 'it is running; pause or stop it first'
  if (record.state === 'queued') return 'it is queued; stop it first'
  const sweep = sweeps.find(
    ({ state, request }) =>
      BUSY_SWEEP_STATES.includes(state) && request.models.some(({ model }) => model.split('/')[0] === record.id),
  )
  return sweep === undefined ? null : `the robustness sweep ${sweep.id} has not finished and attacks its model`
}

/**
 * Refuses to move runs to the trash that something still needs.
 *
 * @throws LabError `library.needed` with their names
 */
export function expectUnneeded(
  ids: readonly RunId[],
  records: ReadonlyMap<RunId, RunRecord>,
  sweeps: readonly SweepRecord[],
): void {
  const needed = ids.flatMap((id) => {
    const record = records.get(id)
    const need = record === undefined ? null : needOf(record, sweeps)
    return record === undefined || need === null ? [] : [`${record.name} (${id}): ${need}`]
  })
  if (needed.length === 0) return
  const more = needed.length > MOST_NAMED ? ` and ${needed.length - MOST_NAMED} more` : ''
  throw new LabError('library.needed', `${needed.slice(0, MOST_NAMED).join('; ')}${more}`, { runs: needed.length })
}
