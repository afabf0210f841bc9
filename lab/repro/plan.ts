import { z } from 'zod'
import {
  classifierSpec,
  issuesText,
  LabError,
  localLearningSpec,
  parseExperiment,
  wholeSet,
  type ClassifierSpec,
  type DatasetSpec,
  type DatasetStatus,
  type LocalLearningSpec,
  type Preset,
  type ReproScale,
} from '../../contract/index.js'
import { probesPlan } from './probesPlan.js'
import { PRESETS_OF_SCALE, PROBES_OF_SCALE, smallClassifier, smallLayer, SMOKE_IMAGES } from './scales.js'

/** The models of section 3.6 in its order; the last is trained, but in none of the figures. */
export const REPRO_MODELS = ['KH', 'BP', 'L2', 'JReg', 'SpecReg', 'SpecReg-KH'] as const
export type ReproModel = (typeof REPRO_MODELS)[number]

/** The models that are attacked and drawn. */
export const SHOWN_MODELS = ['KH', 'BP', 'L2', 'JReg', 'SpecReg'] as const satisfies readonly ReproModel[]
export type ShownModel = (typeof SHOWN_MODELS)[number]

/** The attacks of section 6 in the order of the figures. */
export const REPRO_ATTACKS = ['random', 'fgsm', 'pgd'] as const
export type ReproAttack = (typeof REPRO_ATTACKS)[number]

const models = z.strictObject({
  KH: classifierSpec,
  BP: classifierSpec,
  L2: classifierSpec,
  JReg: classifierSpec,
  SpecReg: classifierSpec,
  'SpecReg-KH': classifierSpec,
})

/** Everything that determines a replay; every value can be set from the command line. */
const reproPlan = z.strictObject({ layer: localLearningSpec, models, ...probesPlan.shape })
export type ReproPlan = z.infer<typeof reproPlan> & {
  scale: ReproScale
  seed: number
  /** In file names: `cifar10`, or `scenes` when the built-in scenes replace it. */
  set: 'cifar10' | 'scenes'
  note: string
}

/** Presets of the models at the published size. */
const PAPER_PRESETS = {
  KH: 'cifar10-kh',
  BP: 'cifar10-bp',
  L2: 'cifar10-l2',
  JReg: 'cifar10-jreg',
  SpecReg: 'cifar10-specreg',
  'SpecReg-KH': 'cifar10-specreg-kh',
} as const satisfies Record<ReproModel, string>

function presetSpec(presets: readonly Preset[], id: string): LocalLearningSpec | ClassifierSpec {
  const preset = presets.find((candidate) => candidate.id === id)
  if (preset === undefined) throw new LabError('internal', `the preset ${id} is missing`)
  return structuredClone(preset.spec)
}

function layerSpec(scale: ReproScale, presets: readonly Preset[]): LocalLearningSpec {
  const spec = presetSpec(presets, PRESETS_OF_SCALE[scale])
  if (spec.kind !== 'localLearning')
    throw new LabError('internal', `the preset ${PRESETS_OF_SCALE[scale]} is not a receptive-field layer`)
  return scale === 'smoke' ? smallLayer(spec) : spec
}

function modelSpec(scale: ReproScale, model: ReproModel, presets: readonly Preset[]): ClassifierSpec {
  const spec = presetSpec(presets, PAPER_PRESETS[model])
  if (spec.kind !== 'classifier')
    throw new LabError('internal', `the preset ${PAPER_PRESETS[model]} is not a classifier`)
  return scale === 'full' ? spec : smallClassifier(scale, spec)
}

/**
 * The plan of a replay before anything is changed by hand.
 *
 * @param scale - `smoke` takes 4000 images of CIFAR-10 if it is here, else the built-in scenes; `demo` and `full` want CIFAR-10
 * @param seed - of weights, shuffling, noise, image and plane
 * @throws LabError `dataset.missing` when CIFAR-10 is needed and not here
 */
export function makePlan(
  scale: ReproScale,
  seed: number,
  presets: readonly Preset[],
  cifar10: DatasetStatus,
): ReproPlan {
  const here = cifar10.state === 'here'
  if (!here && scale !== 'smoke')
    throw new LabError('dataset.missing', `the scale ${scale} needs CIFAR-10: ${cifar10.note}`, { dataset: 'cifar10' })
  const imageLimit = scale === 'smoke' ? SMOKE_IMAGES : null
  const dataset: DatasetSpec = here ? { kind: 'cifar10', imageLimit } : { ...wholeSet('syntheticScenes'), imageLimit }
  const named = (what: string) => ({ name: `Replay, ${scale}: ${what}`, seed, dataset })
  // The demo's layer sees fewer images more often, which is what lets it converge; classifiers take all of them.
  const layerOf = (spec: LocalLearningSpec): LocalLearningSpec => ({
    ...spec,
    ...named('layer'),
    dataset: scale === 'demo' ? { ...dataset, imageLimit: spec.dataset.imageLimit } : dataset,
  })
  const specs = Object.fromEntries(
    REPRO_MODELS.map((model) => [model, { ...modelSpec(scale, model, presets), ...named(model) }]),
  ) as Record<ReproModel, ClassifierSpec>
  const which = imageLimit === null ? 'all 50 000 images of CIFAR-10' : `the first ${imageLimit} images of CIFAR-10`
  return {
    scale,
    seed,
    set: here ? 'cifar10' : 'scenes',
    note: here ? which : 'the built-in scenes, because CIFAR-10 is not available',
    layer: layerOf(layerSpec(scale, presets)),
    models: specs,
    ...structuredClone(PROBES_OF_SCALE[scale]),
  }
}

/**
 * Checks a plan again after values were set by hand.
 *
 * @throws LabError `spec.invalid`, `spec.unknownKey`, naming the value
 */
export function checkPlan(plan: ReproPlan): ReproPlan {
  for (const spec of [plan.layer, ...REPRO_MODELS.map((model) => plan.models[model])]) parseExperiment(spec)
  const { scale, seed, set, note, ...rest } = plan
  const parsed = reproPlan.safeParse(rest)
  if (!parsed.success) throw new LabError('spec.invalid', issuesText(parsed.error.issues, 'plan'))
  return { ...parsed.data, scale, seed, set, note }
}
