import { randomBytes } from 'node:crypto'
import { attackWarnings, imageShape, LabError, twinFault, type ProbedModel, type RobustnessPass, type RobustnessRequest, type SweepId, type SweepRecord } from '../../contract/index.js'
import type { ProbeSubjectInput, StoredPass } from '../compute/probeJobs.js'
import type { EventBus } from '../eventBus.js'
import { createTurns } from '../inTurn.js'
import { probeSubjects } from './subjects.js'
import { startSweepSitting, type SweepServices, type SweepSitting } from './sweepSitting.js'
import { passCount } from './sweepStore.js'

/** Robustness sweeps: those that wait, the one that computes, and those on disk. */
export interface Sweeps {
  /** Newest first. */
  list(): SweepRecord[]
  /** @throws LabError `probe.missing` */
  get(id: SweepId): SweepRecord
  passes(id: SweepId): Promise<RobustnessPass[]>
  /** The pass that is begun and not finished, as it was stored last; null where there is none. */
  underWay(id: SweepId): Promise<{ model: ProbedModel; seed: number; stored: StoredPass } | null>
  /** @throws LabError as models and their files are refused, `shape.mismatch` for a model of other images */
  submit(request: RobustnessRequest): Promise<SweepRecord>
  /** Resolves when the sweep is stored. @throws LabError `probe.state` */
  pause(id: SweepId): Promise<SweepRecord>
  /** @throws LabError `probe.state` */
  resume(id: SweepId): Promise<SweepRecord>
  remove(id: SweepId): Promise<void>
  /** Stores the running sweep and marks it interrupted; within `limitMs`, else its thread is ended by the caller. */
  close(limitMs: number): Promise<void>
}

/** Refuses before anything is stored what no pass could attack. @throws LabError `shape.mismatch` */
function expectFittingModels(subjects: readonly ProbeSubjectInput[], { dataset }: RobustnessRequest): void {
  const shape = imageShape(dataset)
  const entries = shape.reduce((product, length) => product * length, 1)
  for (const { model, record: { facts } } of subjects) {
    if (facts.inputSize !== entries) throw new LabError('shape.mismatch', `${model.label} expects images of ${facts.inputSize} entries, but those of ${dataset.kind} have ${shape.join(' x ')} = ${entries}`, { model: model.model })
  }
}

/** Opens the sweeps of an archive; one that was running or waiting when the program ended is interrupted. */
export async function openSweeps(services: Omit<SweepServices, 'changed' | 'all'>, options: { bus: EventBus; versions: Record<string, string>; readOnly?: boolean }): Promise<Sweeps> {
  const { store } = services
  const records = new Map<SweepId, SweepRecord>()
  for (const record of await store.list()) {
    const unfinished = options.readOnly !== true && (record.state === 'running' || record.state === 'queued')
    const opened: SweepRecord = unfinished ? { ...record, state: 'interrupted', secondsLeft: null } : record
    if (unfinished) await store.save(opened)
    records.set(record.id, opened)
  }
  const inTurn = createTurns()
  let sitting: SweepSitting | null = null
  let closed = false

  const keep = (record: SweepRecord): SweepRecord => {
    records.set(record.id, record)
    options.bus.emit('robustness.changed', { record })
    return record
  }
  const known = (id: SweepId): SweepRecord => {
    const record = records.get(id)
    if (record === undefined) throw new LabError('probe.missing', `no sweep has the id ${id}`, { id })
    return record
  }
  const setState = async (id: SweepId, state: SweepRecord['state']): Promise<SweepRecord> => {
    const record = keep({ ...known(id), state, secondsLeft: null })
    await store.save(record)
    return record
  }
  /** Computes when those before are done, unless it was paused meanwhile. */
  const enqueue = (id: SweepId): void => void inTurn(async () => {
    if (closed || records.get(id)?.state !== 'queued') return
    sitting = startSweepSitting({ ...services, changed: keep, all: () => [...records.values()] }, known(id))
    await sitting.ended
    sitting = null
  })
  return {
    list: () => [...records.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0)),
    get: known,
    passes: async (id) => (await store.passes(known(id))).filter((pass) => pass !== null),
    underWay: async (id) => {
      const { models, request: { seeds } } = known(id)
      const index = (await store.passes(known(id))).indexOf(null)
      const [model, seed] = [models[Math.floor(index / seeds.length)], seeds[index % seeds.length]]
      const stored = index < 0 ? null : await store.readProgress(id, index)
      return stored === null || model === undefined || seed === undefined ? null : { model, seed, stored }
    },
    submit: async (request) => {
      const subjects = await probeSubjects(services.models, request.models, request.imageNorm)
      expectFittingModels(subjects, request)
      const twins = twinFault(subjects.map(({ model }) => model))
      if (twins !== null) throw new LabError('value.range', twins)
      const warnings = attackWarnings(request.attack, request.grid)
      const record: SweepRecord = {
        id: `a-${randomBytes(4).toString('hex')}`, version: 1, createdAt: new Date().toISOString(), seconds: 0, executor: null, versions: options.versions, datasetHashes: {}, dataset: request.dataset,
        split: request.split, request, models: subjects.map(({ model }) => model), state: 'queued', done: 0, total: passCount({ request }) * 1000, text: '', secondsLeft: null, error: null, ...(warnings.length === 0 ? {} : { warnings }),
      }
      await store.save(record)
      keep(record)
      enqueue(record.id)
      return record
    },
    pause: async (id) => {
      const { state } = known(id)
      if (sitting?.id === id) {
        sitting.end('paused')
        return sitting.ended
      }
      if (state !== 'queued') throw new LabError('probe.state', `${id} is ${state} and cannot be paused`, { id, state })
      return setState(id, 'paused')
    },
    resume: async (id) => {
      const { state } = known(id)
      if (state !== 'paused' && state !== 'interrupted' && state !== 'failed') throw new LabError('probe.state', `${id} is ${state} and cannot be resumed`, { id, state })
      const record = await setState(id, 'queued')
      enqueue(id)
      return record
    },
    remove: async (id) => {
      const { state } = known(id)
      if (state === 'running') throw new LabError('probe.state', `${id} is running and cannot be removed; pause it first`, { id, state })
      records.delete(id)
      await store.remove(id)
      options.bus.emit('robustness.removed', { id })
    },
    close: async (limitMs) => {
      closed = true
      sitting?.end('interrupted')
      let timer: NodeJS.Timeout | undefined
      await Promise.race([sitting?.ended, new Promise((resolve) => {
        timer = setTimeout(resolve, limitMs)
      })])
      clearTimeout(timer)
      for (const record of records.values()) if (record.state === 'queued' || record.state === 'running') await setState(record.id, 'interrupted').catch(() => undefined)
    },
  }
}
