import { randomBytes } from 'node:crypto'
import {
  attackWarnings,
  imageShape,
  LabError,
  twinFault,
  type ProbedModel,
  type RobustnessPass,
  type RobustnessRequest,
  type SweepId,
  type SweepRecord,
} from '../../contract/index.js'
import type { ProbeSubjectInput, StoredPass } from '../compute/probeJobs.js'
import type { EventBus } from '../eventBus.js'
import { openScheduler, type Scheduler } from '../jobs/scheduler.js'
import { probeSubjects } from './subjects.js'
import { PARTS, sweepKind, type SweepServices } from './sweepKind.js'
import { passCount } from './sweepStore.js'

/** Robustness sweeps: those that wait, those that compute, and those on disk. */
export interface Sweeps extends Pick<
  Scheduler<SweepRecord>,
  'pause' | 'resume' | 'remove' | 'begin' | 'look' | 'close'
> {
  /** Newest first. */
  list(): SweepRecord[]
  /** @throws LabError `probe.missing` */
  get(id: SweepId): SweepRecord
  passes(id: SweepId): Promise<RobustnessPass[]>
  /** The pass that is begun and not finished, as it was stored last; null where there is none. */
  partialPass(id: SweepId): Promise<{ model: ProbedModel; seed: number; stored: StoredPass } | null>
  /** @throws LabError as models and their files are refused, `shape.mismatch` for a model of other images */
  submit(request: RobustnessRequest): Promise<SweepRecord>
}

/** How sweeps are opened. */
export interface SweepOptions {
  bus: EventBus
  versions: Record<string, string>
  readOnly: boolean
  /** Number of sweeps that compute at once. */
  slots: () => number
}

/** Refuses before anything is stored what no pass could attack. @throws LabError `shape.mismatch` */
function expectFittingModels(subjects: readonly ProbeSubjectInput[], { dataset }: RobustnessRequest): void {
  const shape = imageShape(dataset)
  const entries = shape.reduce((product, length) => product * length, 1)
  for (const {
    model,
    record: { facts },
  } of subjects) {
    if (facts.inputSize !== entries)
      throw new LabError(
        'shape.mismatch',
        `${model.label} expects images of ${facts.inputSize} entries, but those of ${dataset.kind} have ${shape.join(' x ')} = ${entries}`,
        { model: model.model },
      )
  }
}

/** The record of a new sweep. @throws LabError as models and their files are refused, `value.range`, `shape.mismatch` */
async function newRecord(
  { models }: Pick<SweepServices, 'models'>,
  request: RobustnessRequest,
  versions: Record<string, string>,
): Promise<SweepRecord> {
  const subjects = await probeSubjects(models, request.models, request.imageNorm)
  expectFittingModels(subjects, request)
  const twins = twinFault(subjects.map(({ model }) => model))
  if (twins !== null) throw new LabError('value.range', twins)
  const warnings = attackWarnings(request.attack, request.grid)
  return {
    id: `a-${randomBytes(4).toString('hex')}`,
    version: 1,
    createdAt: new Date().toISOString(),
    seconds: 0,
    executor: null,
    versions,
    datasetHashes: {},
    dataset: request.dataset,
    split: request.split,
    request,
    models: subjects.map(({ model }) => model),
    state: 'queued',
    done: 0,
    total: passCount({ request }) * PARTS,
    text: '',
    secondsLeft: null,
    error: null,
    ...(warnings.length === 0 ? {} : { warnings }),
  }
}

/** Opens the sweeps of an archive; one that was running or waiting when the program ended is interrupted. */
export async function openSweeps(
  services: Omit<SweepServices, 'changed'>,
  { bus, versions, readOnly, slots }: SweepOptions,
): Promise<Sweeps> {
  const { store } = services
  const scheduler = await openScheduler<SweepRecord>({
    kind: sweepKind({ ...services, changed: (record) => bus.emit('robustness.changed', { record }) }),
    slots,
    held: false,
    order: null,
    startOld: false,
    resumed: 'last',
    readOnly,
    orderChanged: () => undefined,
    removed: (id) => bus.emit('robustness.removed', { id }),
  })
  const get = (id: SweepId): SweepRecord => {
    const record = store.find(id)
    if (record === null) throw new LabError('probe.missing', `no sweep has the id ${id}`, { id })
    return scheduler.sessions.live(record)
  }
  /** Refuses an id that no sweep has, in the words of sweeps. */
  const known =
    <Result>(work: (id: SweepId) => Promise<Result>) =>
    async (id: SweepId): Promise<Result> => {
      get(id)
      return work(id)
    }
  return {
    get,
    list: () =>
      store
        .all()
        .map(scheduler.sessions.live)
        .sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0)),
    passes: async (id) => (await store.passes(get(id))).filter((pass) => pass !== null),
    partialPass: async (id) => {
      const record = get(id)
      const {
        models,
        request: { seeds },
      } = record
      const index = (await store.passes(record)).indexOf(null)
      const [model, seed] = [models[Math.floor(index / seeds.length)], seeds[index % seeds.length]]
      const stored = index < 0 ? null : await store.readProgress(id, index)
      return stored === null || model === undefined || seed === undefined ? null : { model, seed, stored }
    },
    submit: async (request) => {
      const record = await newRecord(services, request, versions)
      return scheduler.submit(1, () => store.create(record), false)
    },
    pause: known(scheduler.pause),
    resume: known((id) => scheduler.resume(id)),
    remove: known(scheduler.remove),
    begin: scheduler.begin,
    look: scheduler.look,
    close: scheduler.close,
  }
}
