import {
  asLabError,
  LabError,
  RESUMABLE_STATES,
  RUN_STATES,
  toWireError,
  type ArrayName,
  type ArrayRecord,
  type ExecutorName,
  type RunId,
  type RunRecord,
} from '../../../contract/index.js'
import type { StoredCheckpoint } from '../../archive/archive.js'
import { LAYER_FILE, SCRATCH_FOLDER } from '../../archive/paths.js'
import type { JobOutput } from '../../compute/jobTable.js'
import { readModelFile } from '../../formats/index.js'
import { explained, fallsBack } from '../fallback.js'
import type { ComputeJob, JobKind, SessionEnd, SessionTools } from '../kind.js'
import { isLostProcess, MOST_RESTARTS } from '../lostProcess.js'
import { storeEvent } from './runEvents.js'
import { log, type RunServices, type RunSession } from './runSession.js'
import { runStore } from './runStore.js'

/** Goes back to the last checkpoint that reads whole, or to the beginning. */
async function rewind({ archive, arrays, tools }: RunSession): Promise<StoredCheckpoint | null> {
  const { id } = tools.record
  const checkpoint = await archive.readLastCheckpoint(id)
  const [epoch, step] = [checkpoint?.epoch ?? 0, checkpoint?.step ?? 0]
  await archive.rewindTo(id, step, epoch)
  for (const [name, array] of arrays) if (array.epoch > epoch) arrays.delete(name)
  tools.change({
    epoch,
    step,
    // What the disk holds counts: a crash may have come between a checkpoint and the record, or damaged the last one.
    checkpoints:
      checkpoint === null ? [] : [...new Set([...tools.record.checkpoints.filter((at) => at <= epoch), epoch])],
  })
  return checkpoint
}

/** What a run computes with, read once for a session. */
async function computeInput({ archive, tools, spec }: RunSession): Promise<{
  start(
    session: RunSession,
    checkpoint: StoredCheckpoint | null,
    avoid: readonly ExecutorName[],
  ): ComputeJob<JobOutput<'experiment'>>
  asked: ExecutorName | 'auto'
}> {
  const { id, executorAsked, layer: origin } = tools.record
  const asked = executorAsked ?? spec.executor
  const { executor: preferred } = await archive.readSettings()
  const layer = origin === null ? null : readModelFile(await archive.readFile(id, LAYER_FILE))
  return {
    asked,
    start: (session, checkpoint, avoid) =>
      session.compute.start(
        'experiment',
        {
          spec,
          layer,
          checkpoint,
          places: session.places,
          scratch: archive.pathOf(id, SCRATCH_FOLDER),
          choice: { asked, preferred, avoid: [...avoid] },
        },
        {
          onEvent: (event) => {
            storeEvent(session, event)
            return tools.settled()
          },
        },
      ),
  }
}

/**
 * Goes back to the last checkpoint, to continue after a failure.
 *
 * @param failed - what failed
 * @param how - how it continues
 */
async function goBack(
  session: RunSession,
  failed: string,
  { message }: LabError,
  how: string,
): Promise<StoredCheckpoint | null> {
  const { meter, tools } = session
  log(session, 'warning', 'executor', `${failed} failed in epoch ${tools.record.epoch + 1}: ${message}`)
  const checkpoint = await rewind(session)
  meter.flush(tools.record.id)
  tools.change({ resumedAt: [...tools.record.resumedAt, tools.record.epoch] })
  const from =
    checkpoint === null
      ? 'restarts from the beginning, because no checkpoint had been written'
      : `resumes from its checkpoint in epoch ${tools.record.epoch}, step ${tools.record.step}`
  log(session, 'warning', 'executor', `the run ${from}, ${how}`)
  return checkpoint
}

/** Computes from a checkpoint to the end; from the last one again when the executor is lost on the way (lab/jobs/fallback.ts). */
async function computeFrom(session: RunSession, first: StoredCheckpoint | null): Promise<'finished' | 'yielded'> {
  const { tools } = session
  const { start, asked } = await computeInput(session)
  const avoid: ExecutorName[] = []
  let checkpoint = first
  let lost: LabError | null = null
  let restarts = 0
  for (;;) {
    try {
      session.opened = null
      const { finished } = await tools.run(() => start(session, checkpoint, avoid))
      return finished ? 'finished' : 'yielded'
    } catch (thrown) {
      await tools.stored()
      const failure = { error: asLabError(thrown), opened: session.opened, asked, fallbacks: avoid.length }
      if (isLostProcess(failure.error)) {
        // Everything up to the last checkpoint is stored.
        if (tools.requested !== null) return 'yielded'
        if (restarts === MOST_RESTARTS) throw failure.error
        restarts++
        checkpoint = await goBack(
          session,
          'the compute process',
          failure.error,
          `in a new process (${restarts} of at most ${MOST_RESTARTS})`,
        )
        continue
      }
      // When nothing else starts, what was lost is the news.
      if (lost !== null && failure.error.code === 'executor.unavailable')
        throw new LabError(lost.code, `${lost.message}; ${failure.error.message}`, lost.details, lost)
      if (tools.requested !== null || failure.opened === null || !fallsBack(failure))
        throw explained(failure, tools.record.id)
      lost = failure.error
      avoid.push(failure.opened.executor)
      checkpoint = await goBack(session, failure.opened.executor, lost, `without ${avoid.join(', ')}`)
    }
  }
}

async function computeRun(session: RunSession): Promise<'finished' | 'yielded'> {
  const { tools } = session
  const { startedAt, resumedAt } = tools.first
  const checkpoint = startedAt === null ? null : await rewind(session)
  const { epoch, step } = tools.record
  await tools.begin({
    startedAt: startedAt ?? new Date().toISOString(),
    finishedAt: null,
    verdict: null,
    ...(startedAt === null ? {} : { resumedAt: [...resumedAt, epoch] }),
  })
  log(
    session,
    'event',
    startedAt === null ? 'start' : 'resume',
    startedAt === null ? 'started' : `resumed in epoch ${epoch}, step ${step}`,
  )
  return computeFrom(session, checkpoint)
}

/** The last fields of a run's session; its log says how it ended. */
function endingOf(
  services: RunServices,
  tools: SessionTools<RunRecord>,
  { state, failure }: SessionEnd,
): Partial<RunRecord> {
  const { epoch, epochs } = tools.record
  const interrupted =
    state === 'interrupted'
      ? new LabError('run.interrupted', `interrupted in epoch ${epoch} of ${epochs}, because the workbench was closed`)
      : null
  log(
    { ...services, tools },
    state === 'failed' ? 'error' : 'event',
    state,
    (failure ?? interrupted)?.message ?? `${state} in epoch ${epoch} of ${epochs}`,
  )
  const over = state === 'finished' || state === 'failed' || state === 'stopped'
  return {
    finishedAt: over ? new Date().toISOString() : null,
    secondsLeft: null,
    ...(interrupted === null ? {} : { error: toWireError(interrupted) }),
  }
}

/** Text of the log and the record of a run that ran when the program ended without closing. */
const lostText = ({ epoch, epochs }: RunRecord): string => `the program ended in epoch ${epoch} of ${epochs}`

/** Runs as jobs, with the arrays that the running ones have reported. */
export interface RunKind extends JobKind<RunRecord> {
  latestArray(id: RunId, name: ArrayName): ArrayRecord | null
}

export function runKind(services: RunServices): RunKind {
  const { archive, meter } = services
  const arrays = new Map<RunId, RunSession['arrays']>()
  return {
    latestArray: (id, name) => arrays.get(id)?.get(name) ?? null,
    store: runStore(archive),
    states: RUN_STATES,
    resumable: RESUMABLE_STATES,
    refusal: ({ id, state }, action) =>
      new LabError(
        'run.state',
        action === 'removed'
          ? `${id} is running and cannot be deleted; stop it first`
          : `${id} is ${state} and cannot be ${action}`,
        { run: id, state },
      ),
    changed: (record, last) => {
      meter.record(record)
      if (!last) return
      meter.flush(record.id)
      arrays.delete(record.id)
    },
    stamp: (first, seconds) => ({ computeSeconds: first.computeSeconds + seconds }),
    compute: async (tools) => {
      const { spec } = await archive.read(tools.first.id)
      const session: RunSession = { ...services, tools, spec, arrays: new Map(), metrics: [], opened: null }
      arrays.set(tools.first.id, session.arrays)
      return computeRun(session)
    },
    ending: (tools, end) => endingOf(services, tools, end),
    lost: (record) => ({
      secondsLeft: null,
      error: { code: 'run.interrupted', message: lostText(record), details: { run: record.id }, stack: null },
    }),
    logLost: (record) =>
      archive.appendNotice(record.id, {
        wall: Date.now(),
        level: 'warning',
        topic: 'interrupted',
        text: lostText(record),
        epoch: record.epoch,
      }),
  }
}
