import { asLabError, fromWireError, LabError, toWireError, type ReplayRecord, type RunRecord, type SweepRecord } from '../../contract/index.js'
import type { LabCore } from '../core.js'
import { followedRun, followedSweep } from '../jobs/following.js'
import type { ReproPlan } from './plan.js'
import { replay } from './replay.js'
import type { ReplayStore } from './replayStore.js'
import { REPRO_STAGES } from './stages/index.js'
import type { ReplayListener, StepProgress } from './step.js'

/** What a sitting of a replay needs of the lab. */
export interface ReplayServices {
  lab: LabCore
  store: ReplayStore
  /** Sets values of the plan by hand. */
  change?: (plan: ReproPlan) => void
  changed(record: ReplayRecord): void
}

/** One stretch of computing of one replay. */
export interface ReplaySitting {
  readonly id: string
  readonly record: ReplayRecord
  /** Pauses the step under way where it can go on; what is short is finished first. */
  pause(): void
  /** The lab closes: waits for nothing more. */
  leave(): void
  /** Resolves when everything is stored; never rejects, a failure is in the record. */
  readonly ended: Promise<ReplayRecord>
}

/** Within a step screens hear no more often than this. */
const TELL_EVERY_MS = 250

/** The record of work that finished. @throws LabError its own error, or `run.interrupted` */
function finished<Record extends Pick<RunRecord | SweepRecord, 'id' | 'state' | 'error'>>(record: Record): Record {
  const { id, state, error } = record
  if (state === 'failed' && error !== null) throw fromWireError(error)
  if (state !== 'finished') throw new LabError('run.interrupted', `${id} is ${state}`, { id })
  return record
}

/** Goes through a replay from its first step; what is there and unchanged is passed over. */
export function startReplaySitting({ lab, store, change: changePlan, changed }: ReplayServices, first: ReplayRecord): ReplaySitting {
  const { id, scale, seed, folder } = first
  const [pausing, leaving] = [new AbortController(), new AbortController()]
  let record = first
  let step: StepProgress | null = null
  let toldMs = -Infinity
  let writing: Promise<unknown> = Promise.resolve()

  const change = (changes: Partial<ReplayRecord>): void => {
    record = { ...record, ...changes, changedAt: new Date().toISOString() }
    toldMs = performance.now()
    changed(record)
  }
  /** A full disk may refuse this; the step itself then says so. */
  const save = (): void => {
    const now = record
    writing = writing.then(() => store.save(now)).catch(() => undefined)
  }
  /** Where the run or sweep of the step is: `done` of it in [0, 1]. */
  const advance = (work: string, done: number, left: number | null): void => {
    if (step === null || (performance.now() - toldMs < TELL_EVERY_MS && record.progress?.work === work)) return
    const { label, number, total, fraction, ownFraction, secondsLeft, ownSeconds } = step
    change({ progress: { label, number, total, work, fraction: fraction + done * ownFraction, secondsLeft: secondsLeft - ownSeconds + (left ?? ownSeconds * (1 - done)) } })
  }
  const following = { pause: pausing.signal, leave: leaving.signal }
  const listener: ReplayListener = {
    followRun: async (run) => finished(await followedRun(lab, run, { ...following, changed: ({ epoch, epochs, secondsLeft }) => advance(run, epochs > 0 ? epoch / epochs : 0, secondsLeft) })),
    followSweep: async (sweep) => finished(await followedSweep(lab, sweep, { ...following, changed: ({ done, total, secondsLeft }) => advance(sweep, total > 0 ? done / total : 0, secondsLeft) })),
    line: (text) => change({ note: text }),
    step: (progress) => {
      step = progress
      const { label, number, total, fraction, secondsLeft } = progress
      // Progress of an earlier step does not belong to this one.
      change({ progress: { label, number, total, fraction, secondsLeft, work: null }, note: null })
      save()
    },
  }
  /** How it stands after it was broken off. */
  const broken = (error: LabError): Partial<ReplayRecord> => {
    if (leaving.signal.aborted) return { state: 'interrupted', note: null }
    if (error.code !== 'run.interrupted' && error.code !== 'cancelled') return { state: 'failed', note: null, error: toWireError(error) }
    return { state: 'paused', note: pausing.signal.aborted ? null : error.message }
  }
  const sit = async (): Promise<ReplayRecord> => {
    try {
      await replay(lab, { stages: [...REPRO_STAGES], scale, seed, folder, ...(changePlan === undefined ? {} : { change: changePlan }) }, listener, AbortSignal.any([pausing.signal, leaving.signal]))
      change({ state: 'finished', progress: null, note: null })
    } catch (thrown) {
      change(broken(asLabError(thrown)))
    }
    save()
    await writing
    return record
  }
  return {
    id,
    get record() {
      return record
    },
    pause: () => pausing.abort(),
    leave: () => leaving.abort(),
    ended: sit(),
  }
}
