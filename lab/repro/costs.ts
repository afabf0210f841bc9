import {
  attackOf,
  DATASETS,
  learningSteps,
  regularisersCost,
  type ClassifierSpec,
  type DatasetSpec,
  type LocalLearningSpec,
} from '../../contract/index.js'
import type { ReproAttack, ReproModel, ReproPlan } from './plan.js'

/** Multiplications and additions a second in products on two quiet cores, and what a step costs beside them (docs/PERFORMANCE.md). */
const PRODUCT_RATE = 1.5e11
const STEP_SECONDS = 0.004
/** Normal numbers a second, one thread. */
const NORMALS_RATE = 3e7
/** Seconds of the eigenvalues of a 2000 x 2000 matrix; they grow with the cube. */
const EIGENVALUE_SECONDS = 1

const facts = ({ kind, imageLimit }: DatasetSpec): { inputs: number; images: number; tested: number } => {
  const { shape, trainImages, testImages } = DATASETS[kind]
  return {
    inputs: shape[0] * shape[1] * shape[2],
    images: Math.min(imageLimit ?? trainImages, trainImages),
    tested: testImages,
  }
}
const product = (rows: number, inner: number, columns: number): number => (2 * rows * inner * columns) / PRODUCT_RATE
const cubes = (size: number, seconds: number): number => seconds * (size / 2000) ** 3

/** Units of a model of the plan. */
export function unitsOf({ layer, models }: ReproPlan, model: ReproModel): number {
  const { model: network } = models[model]
  return 'hiddenUnits' in network ? network.hiddenUnits : layer.layer.hiddenUnits
}

/** Seconds of the layer's training: one product a step, and the rows that won. */
export function layerSeconds({ dataset, layer, rule, schedule }: LocalLearningSpec): number {
  const { inputs, images } = facts(dataset)
  const steps = learningSteps(rule, images, schedule.batchSize) * schedule.epochs
  return steps * (STEP_SECONDS / 4) + schedule.epochs * product(images, inputs, layer.hiddenUnits)
}

/** Seconds of a classifier's training with its tests. */
export function classifierSeconds({ dataset, model, regularisers, schedule }: ClassifierSpec, units: number): number {
  const { inputs, images, tested } = facts(dataset)
  const { epochs, batchSize } = schedule
  const steps = Math.ceil(images / batchSize) * epochs
  if (model.kind === 'hybrid')
    return (
      product(images + tested, inputs, units) +
      epochs * (product(images * 3 + tested, units, 20) + (images * units) / 1.5e8)
    )
  const { operations, normals } = regularisersCost(regularisers, {
    units,
    inputSize: inputs,
    images,
    testImages: tested,
    batchSize,
    epochs,
  })
  return (
    steps * (STEP_SECONDS + (units * inputs) / 9e8) +
    epochs * product(2 * images + tested, inputs, units) +
    operations / PRODUCT_RATE +
    normals / NORMALS_RATE
  )
}

/** Share of the sizes of a sweep of noise that are computed; at the others it certainly does nothing (docs/PERFORMANCE.md). */
const COMPUTED_SHARE = 0.6

/** Seconds of one sweep: gradients are taken once by a single step, at every step by an iterative attack; noise costs its drawing. */
export function sweepSeconds(
  { layer, robustness, ...plan }: ReproPlan,
  attack: ReproAttack,
  model: ReproModel,
): number {
  const { inputs, tested } = facts(layer.dataset)
  const images = Math.min(robustness.images ?? tested, tested) * (robustness.images === null ? 0.5 : 1)
  const once = product(images, inputs, unitsOf({ layer, robustness, ...plan }, model))
  const sizes = robustness.grids[attack].count
  const drawn = (images * inputs * sizes) / NORMALS_RATE
  return (
    {
      noise: COMPUTED_SHARE * (sizes * once + drawn),
      singleStep: 3 * once + drawn / 4,
      iterative: sizes * robustness.steps * 2 * once,
    }[attackOf(attack).method] + product(tested, inputs, 400)
  )
}

/** Seconds of a spectrum: the covariance, and eigenvalues for each number of units. */
export function spectrumSeconds({ layer, spectra }: ReproPlan, width: number): number {
  const { inputs } = facts(layer.dataset)
  const counts = (width === inputs ? spectra.entries : spectra.units).filter((count) => count <= width)
  return (
    product(spectra.images, inputs, width) +
    product(spectra.images, width, width) +
    counts.reduce((sum, count) => sum + cubes(count, EIGENVALUE_SECONDS), 0)
  )
}

/** Seconds of the map of one model over the plane. */
export function planeSeconds(plan: ReproPlan, model: ReproModel): number {
  return 0.5 + product(plan.plane.size ** 2, facts(plan.layer.dataset).inputs, unitsOf(plan, model))
}
