import { asLabError, LabError, type ProbedModel, type SweepRecord } from '../../contract/index.js'
import type { DataPlaces, JobOutput } from '../compute/jobTable.js'
import type { PredictionCache } from '../compute/predictionCache.js'
import type { PassProgress, ProbeSubjectInput, StoredPass } from '../compute/probeJobs.js'
import type { WorkerThread } from '../compute/workerThread.js'
import type { ComputeJob, JobKind, SessionTools } from '../jobs/kind.js'
import { isLostProcess, MOST_RESTARTS } from '../jobs/lostProcess.js'
import type { ModelPlaces } from '../models/resolve.js'
import { knownPass } from './knownPasses.js'
import { probeSubjects } from './subjects.js'
import { passCount, type SweepStore } from './sweepStore.js'

/** What sweeps need of the lab. */
export interface SweepServices {
  store: SweepStore
  compute: Pick<WorkerThread, 'start'>
  models: ModelPlaces
  places: DataPlaces
  cache: PredictionCache
  changed(record: SweepRecord): void
}

/** A crash loses no more than this of a pass. */
const SAVE_EVERY_MS = 2000
/** Progress is reported in thousandths of a pass. */
export const PARTS = 1000

/** What a session of a sweep computes with. */
interface SweepSession extends SweepServices {
  tools: SessionTools<SweepRecord>
  /** Of this session, passes that were reused: parts that took no time. */
  reused: number
}

interface Pass {
  /** Number of the pass, counted model by model and seed by seed. */
  index: number
  subject: ProbeSubjectInput
  seed: number
  /** What to know of it, added to its text. */
  note: string
}

function showProgress(
  { tools, reused }: SweepSession,
  { index, subject, seed, note }: Pass,
  { fraction, executor, datasetHashes, note: cacheNote }: PassProgress,
): void {
  const { first, record, seconds } = tools
  const done = Math.floor((index + fraction) * PARTS)
  const share = (done - first.done - reused) / Math.max(1, record.total - first.done - reused)
  tools.change({
    done,
    text: `${subject.model.label}, seed ${seed}${note}${cacheNote === null ? '' : `; ${cacheNote}`}`,
    executor,
    datasetHashes,
    secondsLeft: share > 0.002 ? (seconds / share) * (1 - share) : null,
  })
}

/** Starts a pass in the compute thread. A request cancels one that still waits there behind a run: it would not read the request for hours. */
function startPass(session: SweepSession, pass: Pass, stored: StoredPass | null): ComputeJob<JobOutput<'sweep'>> {
  const { tools, store, compute, places, cache } = session
  const { request, id } = tools.first
  const { index, subject, seed } = pass
  const waiting = new AbortController()
  let begun = false
  let savedMs = -Infinity
  const job = compute.start(
    'sweep',
    { subject, request, seed, stored, places, cache },
    {
      signal: waiting.signal,
      onEvent: (progress) => {
        begun = true
        showProgress(session, pass, progress)
        if (performance.now() - savedMs < SAVE_EVERY_MS) return
        savedMs = performance.now()
        tools.write(() => store.writeProgress(id, index, progress))
        tools.save()
        return tools.settled()
      },
    },
  )
  return { result: job.result, request: (requested) => (begun ? job.request(requested) : waiting.abort()) }
}

/** Computes a pass from where it was stored, again when its compute process is lost. @returns whether it has finished */
async function computePass(session: SweepSession, pass: Omit<Pass, 'note'>): Promise<boolean> {
  for (let restarts = 0; ; restarts++) {
    try {
      return await computeOnce(session, {
        ...pass,
        note: restarts === 0 ? '' : `, in a new compute process (${restarts} of at most ${MOST_RESTARTS})`,
      })
    } catch (error) {
      if (!isLostProcess(asLabError(error)) || restarts === MOST_RESTARTS) throw error
      if (session.tools.requested !== null) return false
    }
  }
}

async function computeOnce(session: SweepSession, pass: Pass): Promise<boolean> {
  const { tools, store } = session
  const { id } = tools.first
  const { index, subject, seed, note } = pass
  tools.change({ text: `${subject.model.label}, seed ${seed}, queued${note}` })
  const stored = await store.readProgress(id, index)
  const { finished, progress } = await tools.run(() => startPass(session, pass, stored))
  if (finished === null) tools.write(() => store.writeProgress(id, index, progress))
  else tools.write(() => store.writePass(id, index, finished))
  showProgress(session, pass, progress)
  tools.save()
  await tools.stored()
  return finished !== null
}

/** Reuses what another sweep has measured of this very model. @returns whether there was one */
async function reusePass(session: SweepSession, index: number, model: ProbedModel, seed: number): Promise<boolean> {
  const { tools, store } = session
  const { record } = tools
  // A pass that is begun goes on.
  const known =
    (await store.readProgress(record.id, index)) === null
      ? await knownPass(record, model, seed, store.all(), store)
      : null
  if (known === null) return false
  tools.write(() => store.writePass(record.id, index, known.pass))
  session.reused += PARTS
  tools.change({
    done: (index + 1) * PARTS,
    text: `${model.label}, seed ${seed}: reused from ${known.of.id}`,
    executor: known.of.executor,
    taken: { ...record.taken, [index]: known.of.id },
    datasetHashes: { ...record.datasetHashes, ...known.of.datasetHashes },
  })
  tools.save()
  await tools.stored()
  return true
}

/** Computes the passes of a sweep that are not finished, one after the other. */
async function computeSweep(session: SweepSession): Promise<'finished' | 'yielded'> {
  const { tools, store, models } = session
  const { first } = tools
  const { request } = first
  await tools.begin({ total: passCount(first) * PARTS })
  const subjects = await probeSubjects(models, request.models, request.imageNorm)
  const changed = subjects.find(({ model }, index) => model.hash !== first.models[index]?.hash)
  if (changed !== undefined)
    throw new LabError('probe.changed', `${changed.model.model} has changed since ${first.id} was started`, {
      model: changed.model.model,
    })
  const done = await store.passes(first)
  for (const [place, subject] of subjects.entries()) {
    for (const [order, seed] of request.seeds.entries()) {
      const index = place * request.seeds.length + order
      if (done[index] !== null) continue
      if (tools.requested === null && (await reusePass(session, index, subject.model, seed))) continue
      if (tools.requested !== null || !(await computePass(session, { index, subject, seed }))) return 'yielded'
    }
  }
  // A crash between the last pass and its removal leaves the progress of that pass.
  tools.write(() => store.removeProgress(first.id))
  return 'finished'
}

/** Robustness sweeps as jobs. */
export function sweepKind(services: SweepServices): JobKind<SweepRecord> {
  return {
    store: services.store,
    states: ['queued', 'running', 'paused', 'interrupted', 'finished', 'failed'],
    resumable: ['paused', 'interrupted', 'failed'],
    refusal: ({ id, state }, action) =>
      new LabError(
        'probe.state',
        `${id} is ${state} and cannot be ${action}${action === 'removed' ? '; pause it first' : ''}`,
        { id, state },
      ),
    changed: services.changed,
    stamp: (first, seconds) => ({ seconds: first.seconds + seconds }),
    compute: (tools) => computeSweep({ ...services, tools, reused: 0 }),
    ending: ({ record }, { state }) => ({
      secondsLeft: null,
      ...(state === 'finished' ? { done: record.total, text: '' } : {}),
    }),
    lost: () => ({ secondsLeft: null }),
  }
}
