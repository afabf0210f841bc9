import {
  LabError, asLabError, deviceText, toWireError, type ArrayName, type ArrayRecord, type ExecutorName, type ExperimentSpec, type MetricRecord, type RunId, type RunRecord, type RunState,
} from '../contract/index.js'
import type { Archive, StoredCheckpoint } from './archive/archive.js'
import type { DataPlaces, ExperimentEvent } from './compute/jobTable.js'
import { readModelFile } from './formats/index.js'
import { LAYER_FILE } from './archive/paths.js'
import type { RunningJob, WorkerThread } from './compute/workerThread.js'
import type { EventBus } from './eventBus.js'
import { explained, fallsBack, type Failure } from './jobs/fallback.js'
import type { Meter } from './jobs/meter.js'
import { createOrderedStore } from './jobs/orderedStore.js'

/** What a sitting needs of the lab. */
export interface SittingServices {
  archive: Archive
  compute: WorkerThread
  places: DataPlaces
  bus: EventBus
  meter: Meter
}

/** How a sitting ends early. */
export type EarlyEnd = Extract<RunState, 'paused' | 'stopped' | 'interrupted'>

/** One stretch of computing of one run, from its start or resumption to its end, pause or failure. */
export interface Sitting {
  readonly id: RunId
  /** The record as it is now, ahead of the one on disk. */
  readonly record: RunRecord
  /** The newest array of a name that the experiment told, stored or not. */
  latestArray(name: ArrayName): ArrayRecord | null
  /** Takes a name and tags that the archive has already. */
  rename(name: string, tags: string[]): void
  /** Writes a checkpoint of this very step and ends in this state. */
  end(state: EarlyEnd): void
  /** Resolves when everything is stored; never rejects, a failure is in the record. */
  readonly ended: Promise<RunRecord>
}

/** The record goes to disk no more often than this while only its step changes. */
const RECORD_EVERY_MS = 1000

/**
 * Computes a run in the compute thread and stores everything that it tells, in order. It goes on from the last checkpoint that reads whole.
 *
 * @param first - the record as it lies in the archive
 * @param spec - the experiment
 */
export function startSitting(services: SittingServices, first: RunRecord, spec: ExperimentSpec): Sitting {
  const { archive, bus, compute, meter, places } = services
  const { id } = first
  // A clock that never goes back: the system's may be set while a run computes.
  const startedMs = performance.now()
  const arrays = new Map<ArrayName, ArrayRecord>()
  let record = first
  let job: RunningJob<'experiment'> | null = null
  let opened: Failure['opened'] = null
  let early: EarlyEnd | null = null
  let savedMs = -Infinity
  let metrics: MetricRecord[] = []
  // What cannot be stored must not be computed any further.
  const store = createOrderedStore(() => job?.request('stop'))

  const change = (changes: Partial<RunRecord>): void => {
    record = { ...record, ...changes, computeSeconds: first.computeSeconds + (performance.now() - startedMs) / 1000 }
    meter.record(record)
  }
  const save = async (): Promise<void> => {
    savedMs = performance.now()
    const { id: _id, version: _version, name: _name, tags: _tags, ...changes } = record
    await archive.update(id, changes)
  }
  const notice = (level: 'event' | 'notice' | 'warning' | 'error', topic: string, text: string, epoch: number | null): void => {
    const line = { wall: Date.now(), level, topic, text, epoch }
    store.write(() => archive.appendNotice(id, line))
    bus.emit('run.notice', { id, notice: line })
  }
  const flushMetrics = async (): Promise<void> => {
    const batch = metrics
    metrics = []
    if (batch.length > 0) await archive.appendMetrics(id, batch)
  }

  const take = (event: ExperimentEvent): void => {
    switch (event.type) {
      case 'opened': {
        const known = Object.keys(first.datasetHashes).length > 0
        if (known && JSON.stringify(first.datasetHashes) !== JSON.stringify(event.datasetHashes)) {
          notice('warning', 'dataset', 'the dataset has changed since this run started', record.epoch)
        }
        opened = { executor: event.executor, device: event.device }
        for (const text of event.passedOver) notice('warning', 'executor', text, record.epoch)
        notice('event', 'executor', `using ${event.executor} on ${deviceText(event.device)} (${event.executorNote})`, record.epoch)
        return change({ executor: event.executor, executorNote: event.executorNote, device: event.device, datasetHashes: event.datasetHashes })
      }
      case 'started':
        change({ stepsPerEpoch: event.stepsPerEpoch, epochs: event.epochs })
        return store.write(save)
      case 'metric': {
        const metric = { ...event.record, wall: Date.now() }
        metrics.push(metric)
        if (metrics.length === 1) store.write(flushMetrics)
        if (metric.name === 'testAccuracy' || metric.name === 'trainAccuracy') change({ [metric.name]: metric.value })
        return meter.metric(id, metric)
      }
      case 'array':
        arrays.set(event.record.name, event.record)
        if (event.keep) store.write(() => archive.writeArray(id, event.record))
        return meter.array(id, event.record)
      case 'progress':
        change({ epoch: event.epoch, step: event.step, secondsLeft: event.secondsLeft })
        if (performance.now() - savedMs > RECORD_EVERY_MS) {
          savedMs = performance.now()
          store.write(save)
        }
        return
      case 'spectrum':
        return change({ spectrumSlope: event.fit?.slope ?? null, spectrumStandardError: event.fit?.standardError ?? null })
      case 'notice':
        return notice(event.notice.level, event.notice.topic, event.notice.text, event.notice.epoch)
      case 'checkpoint': {
        const { checkpoint } = event
        const keep = spec.checkpoints.keep
        store.write(() => archive.writeCheckpoint(id, checkpoint, keep))
        change({ epoch: checkpoint.epoch, step: checkpoint.step, checkpoints: [...new Set([...record.checkpoints, checkpoint.epoch])].sort((a, b) => a - b).slice(-keep) })
        return store.write(save)
      }
      case 'finished': {
        // A classifier's weights are in its model; the last array of an epoch shows them.
        const last = arrays.get('weights')
        const weights: ArrayRecord | undefined = event.kind === 'localLearning' ? { name: 'weights', epoch: record.epochs, shape: event.weights.shape, data: event.weights.data } : last
        if (weights !== undefined) {
          arrays.set('weights', weights)
          store.write(() => archive.writeArray(id, weights))
          meter.array(id, weights)
        }
        store.write(() => archive.writeFile(id, 'model.pty', event.files.pty))
        store.write(() => archive.writeFile(id, 'model.safetensors', event.files.safetensors))
        return change({ verdict: event.kind === 'localLearning' ? event.verdict : null, epoch: record.epochs, secondsLeft: 0 })
      }
    }
  }

  /** Goes back to the last checkpoint that reads whole, or to the beginning. */
  const rewind = async (): Promise<StoredCheckpoint | null> => {
    const checkpoint = await archive.readLastCheckpoint(id)
    const [epoch, step] = [checkpoint?.epoch ?? 0, checkpoint?.step ?? 0]
    await archive.rewindTo(id, step, epoch)
    for (const [name, array] of arrays) if (array.epoch > epoch) arrays.delete(name)
    change({
      epoch, step,
      // What the disk holds counts: a crash may have come between a checkpoint and the record, or spoilt the last one.
      checkpoints: checkpoint === null ? [] : [...new Set([...record.checkpoints.filter((at) => at <= epoch), epoch])],
    })
    return checkpoint
  }

  /** Computes from a checkpoint to the end; from the last one again when the executor is lost on the way (lab/jobs/fallback.ts). */
  const computeFrom = async (start: StoredCheckpoint | null): Promise<RunState> => {
    const asked = record.executorAsked ?? spec.executor
    const { executor: preferred } = await archive.readSettings()
    const layer = record.layer === null ? null : readModelFile(await archive.readFile(id, LAYER_FILE))
    const avoid: ExecutorName[] = []
    let checkpoint = start
    let lost: LabError | null = null
    for (;;) {
      try {
        opened = null
        job = compute.start('experiment', { spec, layer, checkpoint, places, scratch: archive.pathOf(id, 'scratch'), choice: { asked, preferred, avoid } }, {
          onEvent: (event) => {
            take(event)
            return store.settled()
          },
        })
        if (early !== null) job.request('pause')
        const { finished } = await job.result
        return finished ? 'finished' : early ?? 'interrupted'
      } catch (thrown) {
        await store.settled()
        const failure = { error: asLabError(thrown), opened, asked, fallbacks: avoid.length }
        // When nothing else starts, what was lost is the news.
        if (lost !== null && failure.error.code === 'executor.unavailable') throw new LabError(lost.code, `${lost.message}; ${failure.error.message}`, lost.details, lost)
        if (early !== null || store.failure !== undefined || failure.opened === null || !fallsBack(failure)) throw explained(failure, id)
        lost = failure.error
        avoid.push(failure.opened.executor)
        notice('warning', 'executor', `${failure.opened.executor} failed in epoch ${record.epoch + 1}: ${lost.message}`, record.epoch)
        checkpoint = await rewind()
        meter.flush(id)
        change({ resumedAt: [...record.resumedAt, record.epoch] })
        const from = checkpoint === null ? 'restarts from the beginning, because no checkpoint had been written' : `resumes from its checkpoint in epoch ${record.epoch}, step ${record.step}`
        notice('warning', 'executor', `the run ${from}, without ${avoid.join(', ')}`, record.epoch)
      }
    }
  }

  const computeRun = async (): Promise<RunState> => {
    const fresh = first.startedAt === null
    const checkpoint = fresh ? null : await rewind()
    const again = fresh ? {} : { resumedAt: [...first.resumedAt, record.epoch] }
    change({ state: 'running', startedAt: first.startedAt ?? new Date().toISOString(), finishedAt: null, error: null, verdict: null, ...again })
    await save()
    notice('event', fresh ? 'start' : 'resume', fresh ? 'started' : `resumed in epoch ${record.epoch}, step ${record.step}`, record.epoch)
    return computeFrom(checkpoint)
  }

  const sit = async (): Promise<RunRecord> => {
    let state: RunState
    let failure: LabError | null = null
    try {
      state = await computeRun()
    } catch (error) {
      failure = asLabError(error)
      state = early === 'interrupted' && failure.code === 'executor.failed' ? 'interrupted' : 'failed'
    }
    await store.settled()
    if (store.failure !== undefined) {
      failure = asLabError(store.failure)
      state = 'failed'
    }
    if (state === 'interrupted') failure ??= new LabError('run.interrupted', `interrupted in epoch ${record.epoch} of ${record.epochs}, because the workbench was closed`)
    const level = state === 'failed' ? 'error' : 'event'
    notice(level, state, failure?.message ?? `${state} in epoch ${record.epoch} of ${record.epochs}`, record.epoch)
    await store.settled()
    const over = state === 'finished' || state === 'failed' || state === 'stopped'
    const last: Partial<RunRecord> = { state, finishedAt: over ? new Date().toISOString() : null, error: failure === null ? null : toWireError(failure), secondsLeft: null }
    record = { ...record, ...last }
    // A full disk may refuse this too; the next start of the lab then finds the run interrupted.
    await save().catch(() => undefined)
    meter.record(record)
    meter.flush(id)
    return record
  }

  return {
    id,
    get record() {
      return record
    },
    latestArray: (name) => arrays.get(name) ?? null,
    rename: (name, tags) => change({ name, tags }),
    end: (state) => {
      early = state
      job?.request(state === 'stopped' ? 'stop' : 'pause')
    },
    ended: sit(),
  }
}
