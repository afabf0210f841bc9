import { z } from 'zod'
import { attackSpec, drawsNumbers, sizeFault, type AttackSpec } from './attacks/index.js'
import { classesFault, type DatasetSpec, type DatasetSplit } from './dataset.js'
import { field } from './field.js'
import {
  modelName,
  probeImages,
  probeModel,
  probeSeed,
  sizeGrid,
  type Interval,
  type ProbedModel,
  type ProbeOrigin,
  type ProbeProgress,
} from './probe.js'

/** A robustness sweep: every size of the grid against the images that each model classifies correctly (section 1.5). */
export const robustnessRequest = z
  .strictObject({
    name: field(z.string().trim().min(1).max(200), {
      label: 'Name',
      help: 'Shown in lists and figure legends.',
      source: '13',
    }),
    models: z.array(probeModel).min(1).max(64),
    ...probeImages,
    images: field(z.int().min(1).max(60_000).nullable(), {
      label: 'Images',
      unit: 'images',
      help: 'Attack the first N correctly classified images; leave empty for all.',
      source: '1.5',
      empty: 'all',
    }),
    attack: attackSpec,
    grid: sizeGrid,
    seeds: field(z.array(probeSeed).min(1).max(64), {
      label: 'Seeds',
      range: '0, 1, 2 …',
      help: 'One pass per seed; results are pooled. Deterministic attacks need only one.',
      source: '1.4',
    }),
    criticalOnly: field(z.boolean(), {
      label: 'Critical values only',
      help: 'Stop attacking an image once it is fooled. Faster, but the accuracy at each exact ε is not recorded.',
      source: '6',
      advanced: true,
    }),
    batchSize: field(z.int().min(1).max(10_000), {
      label: 'Batch size',
      unit: 'images',
      help: 'Images per batch. Affects speed and memory only, not results.',
      source: '1.3',
      advanced: true,
    }),
    level: field(z.number().min(0.5).max(0.999), {
      label: 'Confidence level',
      help: 'Level of the Wilson and bootstrap intervals.',
      source: '6',
      advanced: true,
    }),
    resamples: field(z.int().min(0).max(10_000), {
      label: 'Bootstrap resamples',
      help: 'Number of resamples for the intervals of medians and quartiles; 0 turns them off.',
      source: '6',
      advanced: true,
    }),
  })
  .superRefine(({ attack, grid, seeds }, context) => {
    const fault = sizeFault(attack, grid.to)
    if (fault !== null) context.addIssue({ code: 'custom', path: ['grid', 'to'], message: fault })
    if (!drawsNumbers(attack) && seeds.length > 1)
      context.addIssue({ code: 'custom', path: ['seeds'], message: 'This attack is deterministic. Use one seed.' })
    if (new Set(seeds).size !== seeds.length)
      context.addIssue({ code: 'custom', path: ['seeds'], message: 'Seeds must be unique.' })
  })
export type RobustnessRequest = z.infer<typeof robustnessRequest>

/** A sweep to start: only sets with classes. Sweeps of older programs over noise can still be read. */
export const newRobustnessRequest = robustnessRequest.superRefine(({ dataset }, context) => {
  const unlabelled = classesFault(dataset, 'correctly classified image')
  if (unlabelled !== null) context.addIssue({ code: 'custom', path: ['dataset', 'kind'], message: unlabelled })
})

/** `a-` and hexadecimal digits: `a-19d0e26c`. */
export type SweepId = string

/** Progress of a sweep; the results of its finished passes, and of the one in progress, can be asked for at any time. */
export interface SweepRecord extends ProbeOrigin, ProbeProgress {
  id: SweepId
  request: RobustnessRequest
  models: ProbedModel[]
  /** What to know of the attack before the numbers are read (`attackWarnings`); absent in records of older programs. */
  warnings?: string[]
  /** Passes, counted model by model and seed by seed, that another sweep had measured already, with that sweep. */
  taken?: Record<number, SweepId>
}

/** What fell out against one model and one seed. K kept images, E sizes. */
export interface RobustnessPass {
  model: ProbedModel
  seed: number
  /** Images of the split that were classified, and how many of them correctly. */
  images: number
  cleanAccuracy: number
  /** Numbers of the kept images in the split, K, ascending; class and label of each are the same. */
  keptIndices: Int32Array
  labels: Uint8Array
  epsilons: Float64Array
  /** Share of the kept images against which the attack fails at exactly this size, E; NaN for a sweep of critical values only. */
  relativeAccuracy: Float64Array
  /** Share of the kept images that no size up to this one has fooled, E. Never above `relativeAccuracy`. */
  neverFooledYet: Float64Array
  /** First size that fooled the image, K; NaN where none did. */
  criticalEpsilon: Float64Array
  /** ‖x - x_adv‖₂ of that perturbation, K; NaN where none did. */
  criticalNorm: Float64Array
  /** Kept images whose gradient at the image is exactly zero in every entry; null for an attack without gradients. */
  zeroGradients: number | null
}

/** The part of a pass in progress that is measured: the sizes that some of its images were attacked with. E sizes. */
export interface PartialPass {
  model: ProbedModel
  seed: number
  /** Images of the split that were classified, and the share of them that is correct. */
  images: number
  cleanAccuracy: number
  /** Images that the pass is to attack. */
  keptImages: number
  /** The first sizes of the grid. */
  epsilons: Float64Array
  /** Images that each size was tried on so far, E; never rises. */
  attacked: Int32Array
  /** As in a finished pass, but shares of `attacked`. */
  relativeAccuracy: Float64Array
  neverFooledYet: Float64Array
}

/** Quartiles of the critical norm over fooled images (linear interpolation), whiskers within 1.5 interquartile ranges. */
export interface CriticalNormBox {
  lowerWhisker: number
  firstQuartile: number
  median: number
  thirdQuartile: number
  upperWhisker: number
  /** Bootstrap over images; null when there were no resamples. */
  medianInterval: Interval | null
  firstQuartileInterval: Interval | null
  thirdQuartileInterval: Interval | null
}

/** One line of the charts: all passes of one label together. */
export interface RobustnessSeries {
  label: string
  models: ProbedModel[]
  seeds: number[]
  /** Mean over its models. */
  cleanAccuracy: number
  /** Kept images, all passes added. */
  keptImages: number
  neverFooled: number
  epsilons: Float64Array
  relativeAccuracy: Float64Array
  /** Wilson interval of `relativeAccuracy`. */
  relativeLower: Float64Array
  relativeUpper: Float64Array
  neverFooledYet: Float64Array
  /** Mean over passes of clean accuracy times relative accuracy. */
  absoluteAccuracy: Float64Array
  /** ε at which the relative accuracy falls through 0.5 (`crossing`; below the first size it is known by that alone, see `foundSize`); null when it does not. */
  epsilonAtHalf: number | null
  medianCriticalEpsilon: number | null
  /** Null when no image was fooled. */
  criticalNorm: CriticalNormBox | null
  /** Standard deviation of the median over passes; null for one pass. */
  medianSpread: number | null
}

/**
 * Passes that say something of their own: the same model (sha256, norm of its images) with the same seed of the attack is one sample,
 * by whatever names it was given under one label.
 */
export function distinctPasses<Pass extends { model: Pick<ProbedModel, 'label' | 'hash' | 'imageNorm'>; seed: number }>(
  passes: readonly Pass[],
): Pass[] {
  const keys = passes.map(({ model: { label, hash, imageNorm }, seed }) =>
    JSON.stringify([label, hash, imageNorm, seed]),
  )
  return passes.filter((_, place) => keys.indexOf(keys[place] ?? '') === place)
}

/** Models of one label that are the same model, in words; null where all differ. */
export function twinFault(models: readonly Pick<ProbedModel, 'label' | 'model' | 'hash'>[]): string | null {
  const twin = models.find(
    ({ label, hash }, place) => models.findIndex((other) => other.label === label && other.hash === hash) < place,
  )
  const first = models.find(({ label, hash }) => label === twin?.label && hash === twin.hash)
  return twin === undefined || first === undefined
    ? null
    : `${first.model} and ${twin.model} are the same model (sha256 ${twin.hash.slice(0, 12)}), but models with the same label (${twin.label}) count as different seeds. Pass each model once, or give it another label.`
}

/** A finding about gradients that cannot be trusted. `passed` null: it could not be tried. */
export interface MaskingCheck {
  check: 'zeroGradients' | 'randomBeatsFgsm' | 'fgsmBeatsPgd' | 'moreStepsWeaker' | 'allFooled'
  label: string
  passed: boolean | null
  /** One sentence with the numbers. */
  text: string
}

/** A sweep as far as it has come. */
export interface RobustnessResult {
  record: SweepRecord
  /** What to know of the attack before the numbers are read. */
  warnings: string[]
  passes: RobustnessPass[]
  series: RobustnessSeries[]
  checks: { label: string; checks: MaskingCheck[] }[]
}

/** Adversarial images of one sweep, to look at. */
export const galleryRequest = z.strictObject({
  id: z.string(),
  /** Labels of the request's models, in the order of the rows. */
  models: z.array(z.string()).min(1).max(16),
  /** Image numbers of the split. */
  images: z.array(z.int().min(0)).min(1).max(200),
  /** Null takes the critical size of each image and model. */
  epsilon: z.number().min(0).nullable(),
})
export type GalleryRequest = z.infer<typeof galleryRequest>

/** N images of d entries, C classes. */
export interface GalleryRow {
  model: ProbedModel
  /** Size that was used, N; NaN where an image was never fooled and its critical size was asked for: it is shown unchanged. */
  epsilons: Float64Array
  /** Pixels 0 to 255, N x d: undone normalisation, rounded and cut to the range. */
  adversarial: Uint8Array
  /** x_adv - x on the scale of the normalised images, N x d. */
  difference: Float32Array
  /** Factor that brings the largest change to 1: how much a picture of the difference is magnified, N. */
  magnification: Float64Array
  /** ‖x_adv - x‖₂, N. */
  norms: Float64Array
  cleanProbabilities: Float32Array
  adversarialProbabilities: Float32Array
  cleanClasses: Uint8Array
  adversarialClasses: Uint8Array
  /** Of the sweep; NaN where never fooled or not among its images, N. */
  criticalEpsilon: Float64Array
  criticalNorm: Float64Array
}

export interface Gallery {
  shape: readonly [height: number, width: number, channels: number]
  classNames: readonly string[]
  images: Int32Array
  labels: Uint8Array
  /** N x d. */
  clean: Uint8Array
  rows: GalleryRow[]
}

/** What the card of a model is made from: its finished sweeps on these images, and the checks, which are always recomputed. */
export const cardRequest = z
  .strictObject({
    model: modelName,
    ...probeImages,
    /** The checks attack the first images that the model gets right, up to this number. */
    images: z.int().min(10).max(10_000),
    seed: probeSeed,
  })
  .superRefine(({ dataset }, context) => {
    const unlabelled = classesFault(dataset, 'accuracy')
    if (unlabelled !== null) context.addIssue({ code: 'custom', path: ['dataset', 'kind'], message: unlabelled })
  })
export type CardRequest = z.infer<typeof cardRequest>

/** The robustness of one model on one page. */
export interface RobustnessCard {
  model: ProbedModel
  dataset: DatasetSpec
  split: DatasetSplit
  images: number
  cleanAccuracy: number
  attacks: {
    id: SweepId
    attack: AttackSpec
    /** What to know of the attack before its numbers are read. */ warnings: string[]
    series: RobustnessSeries
  }[]
  checks: MaskingCheck[]
  /** Failed checks in words. */
  warnings: string[]
}
