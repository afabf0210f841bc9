import {
  assignLooks,
  LabError,
  type Looks,
  type CommandInput,
  type CommandName,
  type CommandOutput,
  type ClassifierSpec,
  type EventName,
  type Events,
  type ExecutorStatus,
  type LabLink,
  type LocalLearningSpec,
  type LinkState,
  type Preset,
  type RunRecord,
} from '../../contract/index.js'
import type { RunSummary } from '../../contract/library/summary.js'
import { fakeLibrary } from './fakeLibrary.js'
import cifar10Demo from '../../resources/presets/cifar10-demo.json'
import cifar10Paper from '../../resources/presets/cifar10-paper.json'
import mnistPaper from '../../resources/presets/mnist-paper.json'
import quickLook from '../../resources/presets/quick-look.json'
import { DATASETS, DATASET_KINDS, parseExperiment, type DatasetStatus } from '../../contract/index.js'

const PROCESSOR = { kind: 'processor', name: 'EPYC', memoryBytes: 16e9 } as const

/** A machine without a graphics processor, whose native library is damaged. */
export const EXECUTOR_STATUSES: ExecutorStatus[] = [
  {
    name: 'onnx-cuda',
    works: false,
    detail: 'onnx-cuda failed to start: no NVIDIA GPU was found',
    remedy: 'Needs an NVIDIA card.',
    device: null,
  },
  {
    name: 'onnx-cpu',
    works: false,
    detail: 'onnx-cpu failed to start: libonnxruntime.so.1 is truncated',
    remedy: 'Run `npm ci` and restart the workbench.',
    device: null,
  },
  { name: 'wasm', works: true, detail: 'WebAssembly, 1 thread', remedy: null, device: PROCESSOR },
  { name: 'cpu', works: true, detail: 'JavaScript, 1 thread', remedy: null, device: PROCESSOR },
]

/** The presets of the program, read from their files and checked. */
export const PRESETS: readonly Preset[] = [quickLook, cifar10Demo, cifar10Paper, mnistPaper].map((preset) => ({
  ...preset,
  spec: parseExperiment(preset.spec),
}))

/** The experiment of a layer's preset by its id. */
export function presetSpec(id: string): LocalLearningSpec {
  const spec = PRESETS.find((candidate) => candidate.id === id)?.spec
  if (spec?.kind !== 'localLearning') throw new Error(`no preset ${id} of a layer`)
  return structuredClone(spec)
}

/** A small classifier with every kind of penalty, checked as the lab does. */
export function classifierSpecOf(changes: Partial<ClassifierSpec> = {}): ClassifierSpec {
  const spec = parseExperiment({
    version: 1,
    kind: 'classifier',
    name: 'Scenes, three penalties',
    seed: 7,
    executor: 'auto',
    dataset: { kind: 'syntheticScenes', imageLimit: null, dataSeed: 1 },
    model: { kind: 'perceptron', hiddenUnits: 100, activationExponent: 1, batchNorm: true, imageNorm: 3 },
    regularisers: [
      { kind: 'lebesgue', strength: 0.0005, lebesgueNorm: 2 },
      { kind: 'jacobian', strength: 0.001, estimator: 'exact', projections: 1 },
      { kind: 'spectral', strength: 1, estimator: 'corrected', exponent: 1, firstIndex: 10 },
    ],
    schedule: {
      epochs: 200,
      batchSize: 250,
      rate: {
        kind: 'steps',
        learningRate: 0.001,
        steps: [
          { after: 30, learningRate: 0.0005 },
          { after: 90, learningRate: 0.0002 },
        ],
      },
    },
    optimiser: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    evaluation: { every: 1, mode: 'corrected', mistakes: 12 },
    probes: { spectrumEvery: 5, spectrumImages: 1000, windowStart: 11, windowEnd: 60, fieldsEvery: 1 },
    checkpoints: { every: 10, keep: 3 },
    ...changes,
  })
  if (spec.kind !== 'classifier') throw new Error('no classifier')
  return spec
}

/** Starting points of both kinds. */
export const ALL_PRESETS: readonly Preset[] = [
  ...PRESETS,
  {
    id: 'scenes-classifier',
    label: 'Scenes classifier',
    description: 'small, three penalties',
    spec: classifierSpecOf(),
  },
]

/** A run's record as the archive makes one. */
export function runRecord(changes: Partial<RunRecord> = {}): RunRecord {
  return {
    id: 'r-00000001',
    version: 1,
    name: 'a run',
    kind: 'localLearning',
    state: 'queued',
    createdAt: '2026-11-24T10:00:00.000Z',
    startedAt: null,
    finishedAt: null,
    computeSeconds: 0,
    seed: 1,
    executorAsked: null,
    executor: null,
    executorNote: null,
    device: null,
    versions: {},
    datasetHashes: {},
    epoch: 0,
    epochs: 10,
    step: 0,
    stepsPerEpoch: 5,
    secondsLeft: null,
    checkpoints: [],
    resumedAt: [],
    verdict: null,
    spectrumSlope: null,
    spectrumStandardError: null,
    pruning: null,
    testAccuracy: null,
    trainAccuracy: null,
    layer: null,
    group: null,
    tags: [],
    error: null,
    ...changes,
  }
}

/** A dataset's status with everything in order. */
export function datasetStatus(
  kind: (typeof DATASET_KINDS)[number],
  changes: Partial<DatasetStatus> = {},
): DatasetStatus {
  return {
    kind,
    facts: DATASETS[kind],
    state: 'here',
    folder: null,
    verified: true,
    files: [],
    note: '',
    downloadBytes: null,
    ...changes,
  }
}

type Answers = {
  [Name in CommandName]?: (input: CommandInput<Name>) => CommandOutput<Name> | Promise<CommandOutput<Name>>
}

/** A link whose answers a test writes; what it has no answer for is refused, so that nothing passes unseen. */
export interface FakeLab extends LabLink {
  readonly calls: { name: CommandName; input: unknown }[]
  emit<Name extends EventName>(name: Name, payload: Events[Name]): void
  setState(state: LinkState): void
  inputs<Name extends CommandName>(name: Name): CommandInput<Name>[]
}

/**
 * The quiet lab of a fresh archive, with some answers replaced.
 *
 * @param summaries - reduced curves of runs, which comparisons and the library read
 */
export function fakeLab(answers: Answers = {}, summaries: Readonly<Record<string, RunSummary>> = {}): FakeLab {
  let looks: Looks = {}
  const library = fakeLibrary({
    records: async () => (await table['run.list']?.(null)) ?? [],
    spec: async (id) => {
      try {
        return (await table['run.get']?.({ id }))?.spec ?? null
      } catch {
        return null
      }
    },
    changed: (payload) => {
      for (const listener of listeners.get('library.changed') ?? []) listener(payload)
    },
    summary: (id) => summaries[id] ?? {},
  })
  const table: Answers = {
    ...library,
    'look.assign': ({ things }) => {
      looks = assignLooks(looks, things)
      return Object.fromEntries(things.map(({ identity }) => [identity, looks[identity] ?? 0]))
    },
    'lab.info': () => ({
      version: '0.1.0',
      archiveFolder: '/archive',
      storeFolder: '/datasetStore',
      executor: 'wasm',
      executorNote: 'fastest of 2',
      executors: EXECUTOR_STATUSES,
      threads: 2,
      platform: 'linux x64',
      host: 'browser',
      totalMemoryBytes: 16e9,
    }),
    'lab.vitals': () => ({
      processMemoryBytes: 1.4e9,
      totalMemoryBytes: 16e9,
      freeDiskBytes: 38.2e9,
      runningRun: null,
      queuedRuns: 0,
      archiveProblems: [],
    }),
    'settings.get': () => ({
      theme: 'system',
      density: 'normal',
      railLabels: true,
      queueHeld: false,
      executor: 'auto',
      slots: 1,
      threadsPerSlot: null,
    }),
    'preset.list': () => [...ALL_PRESETS],
    'run.list': () => [],
    'queue.get': () => ({ ids: [], held: false }),
    'activity.list': () => [],
    'robustness.list': () => [],
    'compare.probes': () => ({ spectra: [], attacks: [], problems: [] }),
    'run.columns': async ({ ids }) => {
      const wanted = ids ?? ((await table['run.list']?.(null)) ?? []).map(({ id }) => id)
      const found = await Promise.all(
        wanted.map(async (id) => {
          const spec = (await table['run.get']?.({ id }))?.spec
          return spec === undefined
            ? []
            : [
                [
                  id,
                  {
                    dataset: spec.dataset.kind,
                    hiddenUnits:
                      spec.kind === 'localLearning'
                        ? spec.layer.hiddenUnits
                        : 'hiddenUnits' in spec.model
                          ? spec.model.hiddenUnits
                          : null,
                  },
                ] as const,
              ]
        }),
      )
      return Object.fromEntries(found.flat())
    },
    'run.specs': async ({ ids }) => {
      const found = await Promise.all(
        ids.map(async (id) => {
          try {
            const answer = await table['run.get']?.({ id })
            return answer === undefined ? [] : [[id, answer.spec] as const]
          } catch {
            return []
          }
        }),
      )
      return Object.fromEntries(found.flat())
    },
    'replay.list': () => [],
    'replay.scales': () => [],
    'dataset.list': () => DATASET_KINDS.map((kind) => datasetStatus(kind)),
    'run.estimate': () => ({
      steps: 60_000,
      stepsPerEpoch: 500,
      seconds: 720,
      idleSeconds: null,
      secondsNote: 'measured on this machine',
      memoryBytes: 0.9e9,
      diskBytes: 66e6,
      checkpointCount: 12,
    }),
    ...answers,
  }
  const calls: FakeLab['calls'] = []
  const listeners = new Map<EventName, Set<(payload: unknown) => void>>()
  const stateListeners = new Set<(state: LinkState) => void>()
  let state: LinkState = 'open'
  return {
    calls,
    get state() {
      return state
    },
    call: async (name, input) => {
      calls.push({ name, input })
      const answer = table[name] as ((input: unknown) => unknown) | undefined
      if (answer === undefined) throw new LabError('link.unknownCommand', `the test gave no answer to ${name}`)
      return (await answer(input)) as CommandOutput<typeof name>
    },
    listen: <Name extends EventName>(
      name: Name,
      listener: (payload: Events[Name]) => void,
      _onGap?: () => void,
      of?: string,
    ) => {
      const own = listeners.get(name) ?? new Set()
      // As the lab: with an id only what has it.
      const filtered = (payload: unknown): void => {
        if (of === undefined || (payload as { id?: unknown }).id === of)
          (listener as (payload: unknown) => void)(payload)
      }
      listeners.set(name, own.add(filtered))
      return () => own.delete(filtered)
    },
    onState: (listener) => {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },
    close: () => undefined,
    emit: (name, payload) => {
      for (const listener of listeners.get(name) ?? []) listener(payload)
    },
    setState: (next) => {
      state = next
      for (const listener of stateListeners) listener(next)
    },
    inputs: (name) => calls.filter((call) => call.name === name).map(({ input }) => input as CommandInput<typeof name>),
  }
}
