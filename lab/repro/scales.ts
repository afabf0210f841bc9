import { LabError, parseExperiment, type DatasetStatus, type ExperimentSpec, type LocalLearningSpec, type Preset } from '../../contract/index.js'

/** How much of the paper is replayed: a check that everything works, something to look at, or the published sizes. */
export const REPRO_SCALES = ['smoke', 'demo', 'full'] as const
export type ReproScale = (typeof REPRO_SCALES)[number]

/** Stages of section 9 that this release knows, in their order. */
export const REPRO_STAGES = ['layer', 'prune'] as const
export type ReproStage = (typeof REPRO_STAGES)[number]

/** The layer experiment of a scale, and the stem of its model files. */
export interface ReproPlan {
  spec: LocalLearningSpec
  /** `fkhl3_cifar10`, or `fkhl3_scenes` when the built-in scenes stand in. */
  stem: string
  note: string
}

const PRESET_OF_SCALE = { smoke: 'cifar10-demo', demo: 'cifar10-demo', full: 'cifar10-paper' } as const satisfies Record<ReproScale, string>

/** Small enough for a minute on two slow cores, figure included; too short to converge, and the verdict says so. */
function smokeSized(spec: LocalLearningSpec, limit: number): LocalLearningSpec {
  return {
    ...spec,
    layer: { ...spec.layer, hiddenUnits: 100 },
    schedule: { ...spec.schedule, epochs: 40, batchSize: 50 },
    probes: { ...spec.probes, spectrumEvery: 20, spectrumImages: Math.min(1000, limit), windowEnd: 60 },
    checkpoints: { ...spec.checkpoints, every: 20 },
  }
}

/** Checks a plan as any other experiment is checked. */
function parseLayer(spec: LocalLearningSpec): LocalLearningSpec {
  const parsed: ExperimentSpec = parseExperiment(spec)
  if (parsed.kind !== 'localLearning') throw new LabError('internal', 'expected a layer experiment')
  return parsed
}

/**
 * Chooses what the layer stage learns from.
 *
 * @param scale - `smoke` takes 4000 images of the set that is here, else the built-in scenes; `demo` and `full` want CIFAR-10
 * @param seed - of weights and shuffling
 * @throws LabError `dataset.missing` when CIFAR-10 is needed and not here
 */
export function planLayer(scale: ReproScale, seed: number, presets: readonly Preset[], cifar10: DatasetStatus): ReproPlan {
  const preset = presets.find((candidate) => candidate.id === PRESET_OF_SCALE[scale])
  if (preset?.spec.kind !== 'localLearning') throw new LabError('internal', `expected the preset ${PRESET_OF_SCALE[scale]} of a layer`)
  const here = cifar10.state === 'here'
  if (!here && scale !== 'smoke') throw new LabError('dataset.missing', `the scale ${scale} needs CIFAR-10: ${cifar10.note}`, { dataset: 'cifar10' })
  const named: LocalLearningSpec = { ...preset.spec, name: `Replay, ${scale}: layer`, seed }
  if (scale !== 'smoke') return { spec: parseLayer(named), stem: 'fkhl3_cifar10', note: 'CIFAR-10, all 50 000 images' }
  const limit = 4000
  const dataset = here ? { kind: 'cifar10', imageLimit: limit } as const : { kind: 'syntheticScenes', imageLimit: limit, dataSeed: 1 } as const
  return {
    spec: parseLayer({ ...smokeSized(named, limit), dataset }),
    stem: here ? 'fkhl3_cifar10' : 'fkhl3_scenes',
    note: here ? `the first ${limit} images of CIFAR-10` : 'CIFAR-10 is not here; the built-in scenes stand in',
  }
}
