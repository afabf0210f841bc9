import {
  asLabError,
  fromWireError,
  LabError,
  type ReplayRecord,
  type RunRecord,
  type SweepRecord,
} from '../../contract/index.js'
import type { LabCore } from '../core.js'
import { followedRun, followedSweep } from '../jobs/following.js'
import type { JobKind, SessionTools } from '../jobs/kind.js'
import type { ReproPlan } from './plan.js'
import { replay } from './replay.js'
import type { ReplayStore } from './replayStore.js'
import { REPRO_STAGES } from './stages/index.js'
import type { ReplayListener, StepProgress } from './step.js'

/** What replays need of the lab. */
export interface ReplayServices {
  lab: LabCore
  store: ReplayStore
  /** Sets values of the plan by hand. */
  change?: (plan: ReproPlan) => void
  changed(record: ReplayRecord): void
}

/** Within a step, screens are updated no more often than this. */
const REPORT_EVERY_MS = 250

/** The record of work that finished. @throws LabError its own error, or `run.interrupted` */
function finished<Record extends Pick<RunRecord | SweepRecord, 'id' | 'state' | 'error'>>(record: Record): Record {
  const { id, state, error } = record
  if (state === 'failed' && error !== null) throw fromWireError(error)
  if (state !== 'finished') throw new LabError('run.interrupted', `${id} is ${state}`, { id })
  return record
}

/** Follows the steps of a replay and shows in its record where it is. */
function stepListener(
  lab: LabCore,
  tools: SessionTools<ReplayRecord>,
  signals: { pause: AbortSignal; leave: AbortSignal },
): ReplayListener {
  let step: StepProgress | null = null
  let reportedMs = -Infinity
  const report = (changes: Partial<ReplayRecord>): void => {
    reportedMs = performance.now()
    tools.change(changes)
  }
  /** Where the run or sweep of the step is: `done` of it in [0, 1]. */
  const advance = (work: string, done: number, left: number | null): void => {
    if (step === null || (performance.now() - reportedMs < REPORT_EVERY_MS && tools.record.progress?.work === work))
      return
    const { label, number, total, fraction, ownFraction, secondsLeft, ownSeconds } = step
    report({
      progress: {
        label,
        number,
        total,
        work,
        fraction: fraction + done * ownFraction,
        secondsLeft: secondsLeft - ownSeconds + (left ?? ownSeconds * (1 - done)),
      },
    })
  }
  return {
    followRun: async (run) =>
      finished(
        await followedRun(lab, run, {
          ...signals,
          changed: ({ epoch, epochs, secondsLeft }) => advance(run, epochs > 0 ? epoch / epochs : 0, secondsLeft),
        }),
      ),
    followSweep: async (sweep) =>
      finished(
        await followedSweep(lab, sweep, {
          ...signals,
          changed: ({ done, total, secondsLeft }) => advance(sweep, total > 0 ? done / total : 0, secondsLeft),
        }),
      ),
    line: (text) => report({ note: text }),
    step: (progress) => {
      step = progress
      const { label, number, total, fraction, secondsLeft } = progress
      // Progress of an earlier step does not belong to this one.
      report({ progress: { label, number, total, fraction, secondsLeft, work: null }, note: null })
      tools.save()
    },
  }
}

/** Goes through a replay from its first step; what is there and unchanged is skipped. */
async function computeReplay(
  { lab, change }: ReplayServices,
  tools: SessionTools<ReplayRecord>,
): Promise<'finished' | 'yielded'> {
  const { scale, seed, folder } = tools.first
  await tools.begin({ progress: null, note: null })
  try {
    await tools.run(() => {
      const [pausing, leaving] = [new AbortController(), new AbortController()]
      const signals = { pause: pausing.signal, leave: leaving.signal }
      const options = { stages: [...REPRO_STAGES], scale, seed, folder, ...(change === undefined ? {} : { change }) }
      return {
        result: replay(
          lab,
          options,
          stepListener(lab, tools, signals),
          AbortSignal.any([pausing.signal, leaving.signal]),
        ),
        // The closing lab ends the runs and sweeps itself; a pause lets the current one store where it is.
        request: () => (tools.requested === 'interrupted' ? leaving : pausing).abort(),
      }
    })
    return 'finished'
  } catch (thrown) {
    const error = asLabError(thrown)
    const { requested } = tools
    if (requested === 'interrupted') return 'yielded'
    if (error.code !== 'run.interrupted' && error.code !== 'cancelled') throw error
    // Its run or sweep was paused by somebody else, and the replay with it.
    tools.pause()
    tools.change({ note: requested === null ? error.message : null })
    return 'yielded'
  }
}

/** Replays of the paper as jobs. They compute nothing themselves, and wait for runs and sweeps. */
export function replayKind(services: ReplayServices): JobKind<ReplayRecord> {
  return {
    store: services.store,
    states: ['running', 'paused', 'interrupted', 'finished', 'failed'],
    resumable: ['paused', 'interrupted', 'finished', 'failed'],
    refusal: ({ id, state }, action) =>
      new LabError('replay.state', `${id} is ${state} and cannot be ${action}`, { id, state }),
    changed: services.changed,
    stamp: () => ({ changedAt: new Date().toISOString() }),
    compute: (tools) => computeReplay(services, tools),
    ending: (_, { state }) =>
      state === 'finished' ? { progress: null, note: null } : state === 'paused' ? {} : { note: null },
    lost: () => ({}),
  }
}
