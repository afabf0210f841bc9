import { LabError, RESUMABLE_STATES, type ExperimentSpec, type RunId, type RunRecord } from '../../contract/index.js'
import type { LabCore } from '../core.js'
import { hashOf } from '../files/hash.js'
import type { ReplayContext } from './step.js'

/** The best run of this very experiment: finished before interrupted. */
async function findRun(lab: LabCore, spec: ExperimentSpec): Promise<RunRecord | null> {
  const wanted = hashOf(spec)
  const alike: RunRecord[] = []
  for (const record of await lab.call('run.list', null)) {
    if (record.name !== spec.name || record.kind !== spec.kind) continue
    const { spec: read } = await lab.call('run.get', { id: record.id })
    if (hashOf(read) === wanted) alike.push(record)
  }
  return alike.find(({ state }) => state === 'finished') ?? alike[0] ?? null
}

/** Whether a run is there and finished. */
export async function runIsThere(lab: LabCore, id: RunId | null): Promise<boolean> {
  return (await lab.call('run.list', null)).some((run) => run.id === id && run.state === 'finished')
}

/** Starts a run that an earlier session left waiting; one of this session's queue starts by itself. */
async function startWaiting(lab: LabCore, id: RunId): Promise<void> {
  await lab.call('run.resume', { id }).catch((error: unknown) => {
    if (!(error instanceof LabError) || error.code !== 'run.state') throw error
  })
}

/**
 * The finished run of an experiment: there already, gone on with where it was interrupted, or new.
 *
 * @throws LabError `run.interrupted`, or the error of the run
 */
export async function finishedRun({ lab, listener }: ReplayContext, spec: ExperimentSpec): Promise<RunRecord> {
  const known = await findRun(lab, spec)
  if (known?.state === 'finished') return known
  const record = known ?? (await lab.call('run.submit', { spec, next: true }))
  if (known !== null) {
    listener.line(`resuming ${record.id} from epoch ${record.epoch} of ${record.epochs}`)
    if (RESUMABLE_STATES.includes(known.state)) await lab.call('run.resume', { id: known.id })
    if (known.state === 'queued') await startWaiting(lab, known.id)
  }
  return listener.followRun(record.id)
}
