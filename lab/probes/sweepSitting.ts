import { LabError, asLabError, toWireError, type ProbedModel, type SweepRecord } from '../../contract/index.js'
import type { DataPlaces } from '../compute/jobTable.js'
import type { PassProgress, ProbeSubjectInput } from '../compute/probeJobs.js'
import type { RunningJob, WorkerThread } from '../compute/workerThread.js'
import type { ModelPlaces } from '../models/resolve.js'
import { knownPass } from './knownPasses.js'
import { probeSubjects } from './subjects.js'
import { passCount, type SweepStore } from './sweepStore.js'

/** What a sitting of a sweep needs of the lab. */
export interface SweepServices {
  store: SweepStore
  compute: WorkerThread
  models: ModelPlaces
  places: DataPlaces
  changed(record: SweepRecord): void
  /** Every sweep of the archive. */
  all(): readonly SweepRecord[]
}

/** One stretch of computing of one sweep. */
export interface SweepSitting {
  readonly id: string
  readonly record: SweepRecord
  /** Stores where it is and ends in this state. */
  end(state: 'paused' | 'interrupted'): void
  /** Resolves when everything is stored; never rejects, a failure is in the record. */
  readonly ended: Promise<SweepRecord>
}

/** A crash loses no more than this of a pass. */
const SAVE_EVERY_MS = 2000
/** Progress is reported in thousandths of a pass. */
const PARTS = 1000

/** Computes the passes of a sweep that are not finished, one after the other, and stores them. */
export function startSweepSitting(services: SweepServices, first: SweepRecord): SweepSitting {
  const { store, compute, places, changed, all } = services
  const { id, request } = first
  const startedMs = performance.now()
  let record = first
  let job: RunningJob<'sweep'> | null = null
  let early: 'paused' | 'interrupted' | null = null
  let savedMs = -Infinity
  let writing: Promise<unknown> = Promise.resolve()
  let began = false
  /** Of this sitting, passes that were taken over: parts that took no time. */
  let taken = 0
  const waiting = new AbortController()

  const change = (changes: Partial<SweepRecord>): void => {
    record = { ...record, ...changes, seconds: first.seconds + (performance.now() - startedMs) / 1000 }
    changed(record)
  }
  const tellProgress = (index: number, text: string, { fraction, executor, datasetHashes }: PassProgress): void => {
    const done = Math.floor((index + fraction) * PARTS)
    const share = (done - first.done - taken) / Math.max(1, record.total - first.done - taken)
    const elapsed = (performance.now() - startedMs) / 1000
    change({ done, text, executor, datasetHashes, secondsLeft: share > 0.002 ? (elapsed / share) * (1 - share) : null })
  }

  const passOf = async (index: number, subject: ProbeSubjectInput, seed: number): Promise<boolean> => {
    const text = `${subject.model.label}, seed ${seed}`
    began = false
    change({ text: `${text}, queued` })
    job = compute.start('sweep', { subject, request, seed, stored: await store.readProgress(id, index), places }, {
      signal: waiting.signal,
      onEvent: (progress) => {
        began = true
        tellProgress(index, text, progress)
        if (performance.now() - savedMs < SAVE_EVERY_MS) return
        savedMs = performance.now()
        writing = writing.then(() => store.writeProgress(id, index, progress)).then(() => store.save(record))
        return writing
      },
    })
    const { finished, progress } = await job.result
    job = null
    await writing
    if (finished === null) await store.writeProgress(id, index, progress)
    else await store.writePass(id, index, finished)
    tellProgress(index, text, progress)
    await store.save(record)
    return finished !== null
  }

  /** What another sweep has measured of this very model is not measured again. */
  const takePass = async (index: number, model: ProbedModel, seed: number): Promise<boolean> => {
    // A pass that is begun goes on.
    const known = (await store.readProgress(id, index)) === null ? await knownPass(record, model, seed, all(), store) : null
    if (known === null) return false
    await store.writePass(id, index, known.pass)
    taken += PARTS
    change({ done: (index + 1) * PARTS, text: `${model.label}, seed ${seed}: reused from ${known.of.id}`, executor: known.of.executor, taken: { ...record.taken, [index]: known.of.id }, datasetHashes: { ...record.datasetHashes, ...known.of.datasetHashes } })
    await store.save(record)
    return true
  }

  const computePasses = async (): Promise<SweepRecord['state']> => {
    change({ state: 'running', error: null, total: passCount(first) * PARTS })
    await store.save(record)
    const subjects = await probeSubjects(services.models, request.models, request.imageNorm)
    const stale = subjects.find(({ model }, index) => model.hash !== first.models[index]?.hash)
    if (stale !== undefined) throw new LabError('probe.changed', `${stale.model.model} has changed since ${id} was started`, { model: stale.model.model })
    const done = await store.passes(record)
    for (const [place, subject] of subjects.entries()) {
      for (const [order, seed] of request.seeds.entries()) {
        const index = place * request.seeds.length + order
        if (done[index] !== null) continue
        if (early === null && (await takePass(index, subject.model, seed))) continue
        if (early !== null || !(await passOf(index, subject, seed))) return early ?? 'interrupted'
      }
    }
    return 'finished'
  }

  const sit = async (): Promise<SweepRecord> => {
    try {
      const state = await computePasses()
      change({ state, secondsLeft: null, ...(state === 'finished' ? { done: record.total, text: '' } : {}) })
    } catch (error) {
      const failure = asLabError(error)
      // Closing ends the thread when it does not stop in time; what is stored goes on later.
      const closed = early === 'interrupted' && (failure.code === 'executor.failed' || failure.code === 'cancelled')
      // Told to pause while it still classified the clean images: nothing was lost.
      const paused = early !== null && failure.code === 'cancelled'
      change(closed || paused ? { state: early ?? 'interrupted', secondsLeft: null } : { state: 'failed', secondsLeft: null, error: toWireError(failure) })
    }
    await writing.catch(() => undefined)
    // A full disk may refuse this too; the next start of the lab then finds the sweep interrupted.
    await store.save(record).catch(() => undefined)
    return record
  }
  return {
    id,
    get record() {
      return record
    },
    end: (state) => {
      early = state
      // A job that still waits behind a run would not read its wish for hours; what it had not begun is not lost.
      if (began) job?.request('pause')
      else waiting.abort()
    },
    ended: sit(),
  }
}
