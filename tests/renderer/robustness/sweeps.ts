import type {
  Gallery,
  PartialPass,
  ProbedModel,
  RobustnessPass,
  RobustnessResult,
  RobustnessSeries,
  SweepRecord,
} from '../../../contract/index.js'

/** Sizes of every sweep of these tests. */
export const SIZES = Float64Array.of(0.001, 0.01, 0.1)

export const modelOf = (label: string): ProbedModel => ({
  model: `r-${label}`,
  label,
  hash: `hash of ${label}`,
  imageNorm: 3,
})

/** Four kept images of eight: fooled at the first, second and third size, and never. At the third size the first one is right again. */
export function passOf(label: string, changes: Partial<RobustnessPass> = {}): RobustnessPass {
  return {
    model: modelOf(label),
    seed: 0,
    images: 8,
    cleanAccuracy: 0.5,
    keptIndices: Int32Array.of(2, 3, 5, 7),
    labels: Uint8Array.of(1, 0, 1, 0),
    epsilons: SIZES,
    relativeAccuracy: Float64Array.of(0.75, 0.5, 0.5),
    neverFooledYet: Float64Array.of(0.75, 0.5, 0.25),
    criticalEpsilon: Float64Array.of(0.001, 0.01, 0.1, NaN),
    criticalNorm: Float64Array.of(0.05, 0.5, 5, NaN),
    zeroGradients: 0,
    ...changes,
  }
}

/** Four of eight kept images, attacked with the first sizes. */
export const partialPassOf = (label: string, sizes: number): PartialPass => ({
  model: modelOf(label),
  seed: 0,
  images: 8,
  cleanAccuracy: 0.5,
  keptImages: 8,
  epsilons: SIZES.slice(0, sizes),
  attacked: new Int32Array(sizes).fill(4),
  relativeAccuracy: Float64Array.of(0.75, 0.5, 0.5).slice(0, sizes),
  neverFooledYet: Float64Array.of(0.75, 0.5, 0.25).slice(0, sizes),
})

export function seriesOf(label: string, changes: Partial<RobustnessSeries> = {}): RobustnessSeries {
  return {
    label,
    models: [modelOf(label)],
    seeds: [0],
    cleanAccuracy: 0.5,
    keptImages: 4,
    neverFooled: 1,
    epsilons: SIZES,
    relativeAccuracy: Float64Array.of(0.75, 0.5, 0.5),
    relativeLower: Float64Array.of(0.3, 0.15, 0.15),
    relativeUpper: Float64Array.of(0.95, 0.85, 0.85),
    neverFooledYet: Float64Array.of(0.75, 0.5, 0.25),
    absoluteAccuracy: Float64Array.of(0.375, 0.25, 0.25),
    epsilonAtHalf: null,
    medianCriticalEpsilon: 0.01,
    criticalNorm: {
      lowerWhisker: 0.05,
      firstQuartile: 0.275,
      median: 0.5,
      thirdQuartile: 2.75,
      upperWhisker: 5,
      medianInterval: { lower: 0.05, upper: 5 },
      firstQuartileInterval: null,
      thirdQuartileInterval: null,
    },
    medianSpread: null,
    ...changes,
  }
}

export function recordOf(labels: readonly string[], changes: Partial<SweepRecord> = {}): SweepRecord {
  return {
    id: 'a-00000001',
    version: 1,
    createdAt: '2026-11-25T10:00:00.000Z',
    seconds: 1,
    executor: 'wasm',
    versions: {},
    datasetHashes: {},
    dataset: { kind: 'cifar10', imageLimit: null },
    split: 'test',
    request: {
      name: 'PGD',
      models: labels.map((label) => ({ model: `r-${label}`, label })),
      dataset: { kind: 'cifar10', imageLimit: null },
      split: 'test',
      imageNorm: null,
      executor: 'auto',
      images: 4,
      attack: {
        kind: 'pgd',
        norm: 'linf',
        target: null,
        steps: 20,
        stepSize: 0.01,
        stepSizeRatio: 0.1,
        randomStart: false,
      },
      grid: { from: 0.001, to: 0.1, count: 3, spacing: 'log' },
      seeds: [0],
      criticalOnly: false,
      batchSize: 1000,
      level: 0.95,
      resamples: 1000,
    },
    models: labels.map(modelOf),
    state: 'finished',
    done: 1000,
    total: 1000,
    text: '',
    secondsLeft: null,
    error: null,
    ...changes,
  }
}

export function resultOf(labels: readonly string[], changes: Partial<RobustnessResult> = {}): RobustnessResult {
  return {
    record: recordOf(labels),
    warnings: [],
    passes: labels.map((label) => passOf(label)),
    series: labels.map((label) => seriesOf(label)),
    checks: labels.map((label, index) => ({
      label,
      checks: [
        {
          check: 'zeroGradients',
          label: 'No zero gradients',
          passed: index === 0,
          text: `${index} of 4 images have a gradient of exactly 0.`,
        },
        { check: 'moreStepsWeaker', label: 'More PGD steps are never weaker', passed: null, text: 'Not tried.' },
      ],
    })),
    ...changes,
  }
}

/** A gallery of images of 1 x 2 x 3 entries: the second class is flipped to the first. */
export function galleryOf(labels: readonly string[], images: readonly number[], epsilon: number | null): Gallery {
  const count = images.length
  return {
    shape: [1, 2, 3],
    classNames: ['airplane', 'automobile'],
    images: Int32Array.from(images),
    labels: new Uint8Array(count).fill(1),
    clean: new Uint8Array(6 * count).fill(100),
    rows: labels.map((label) => ({
      model: modelOf(label),
      epsilons: new Float64Array(count).fill(epsilon ?? 0.02),
      adversarial: new Uint8Array(6 * count).fill(101),
      difference: new Float32Array(6 * count).fill(0.004),
      magnification: new Float64Array(count).fill(250),
      norms: new Float64Array(count).fill(0.0098),
      cleanProbabilities: Float32Array.from({ length: 2 * count }, (_, index) => (index % 2 === 0 ? 0.2 : 0.8)),
      adversarialProbabilities: Float32Array.from({ length: 2 * count }, (_, index) => (index % 2 === 0 ? 0.7 : 0.3)),
      cleanClasses: new Uint8Array(count).fill(1),
      adversarialClasses: new Uint8Array(count),
      criticalEpsilon: new Float64Array(count).fill(0.02),
      criticalNorm: new Float64Array(count).fill(0.05),
    })),
  }
}
