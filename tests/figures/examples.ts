import type {
  Figure1Data,
  Figure4Data,
  FigureA1Data,
  FigureA2Data,
  FigureContent,
  FigureProvenance,
  FigureSpectra,
  FigureSpectraData,
  PowerLawFit,
} from '../../contract/index.js'
import { randomStream } from '../../engine/random/index.js'

/** Data of the size and shape of the published figures (section 11 of the specification), made from a seed. */
const LABELS = ['KH', 'BP', 'L2', 'JReg', 'SpecReg']
const models = LABELS.map((label) => ({ label, colour: null }))
const logGrid = (from: number, to: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, index) => 10 ** (from + ((to - from) * index) / (count - 1)))

/** Sizes at half accuracy and median critical norms as published. */
const ATTACKS = [
  {
    label: 'Random Perturbation',
    half: [0.175, 0.058, 0.132, 0.088, 0.033],
    median: [3.15, 1.14, 2.6, 1.77, 0.95],
    to: Math.log(2.5),
    floor: 0.1,
  },
  {
    label: 'FGSM',
    half: [2.1e-3, 7.2e-4, 1.8e-3, 1.16e-3, 6.5e-4],
    median: [0.123, 0.04, 0.104, 0.068, 0.037],
    to: -1.5,
    floor: 0,
  },
  {
    label: 'PGD',
    half: [2.1e-3, 6.9e-4, 1.8e-3, 1.16e-3, 6.5e-4],
    median: [0.12, 0.039, 0.101, 0.065, 0.036],
    to: -1.5,
    floor: 0,
  },
]

export function figure1Example(images = 2000, sizes = 400): Figure1Data {
  const random = randomStream(1, 'figure 1 example')
  return {
    models,
    attacks: ATTACKS.map(({ label, half, median, to, floor }) => ({
      label,
      sweeps: half.map((middle, model) => {
        const epsilons = logGrid(-6, to, sizes)
        return {
          epsilons,
          relativeAccuracy: Float64Array.from(epsilons, (epsilon) =>
            Math.min(
              1,
              Math.max(
                0,
                floor +
                  (1 - floor) / (1 + (epsilon / middle) ** 2.2) +
                  (floor > 0 && epsilon > middle ? 0.008 * random.normal() : 0),
              ),
            ),
          ),
          criticalNorms: Float64Array.from({ length: images }, (_, image) =>
            image % 97 === 0 ? NaN : (median[model] ?? 1) * Math.exp(0.93 * random.normal()),
          ),
        }
      }),
    })),
  }
}

const windowOf = (last: number): readonly [number, number] => [11, last]
const fitOf = (slope: number, standardError: number, intercept: number, last: number): PowerLawFit => ({
  slope,
  standardError,
  intercept,
  rValue: -0.99,
  rSquared: 0.98,
  pValue: 0,
  window: windowOf(last),
})

function spectraExample(
  slope: number,
  standardError: number,
  last: number,
  units: readonly number[],
  shape: (rank: number, share: number) => number,
): FigureSpectra {
  const most = units.at(-1) ?? 1
  const reference = shape(Math.sqrt(11 * last), Math.sqrt(11 * last) / most)
  return {
    curves: units.map((count) => ({
      units: count,
      eigenvalues: Float64Array.from({ length: count }, (_, index) => shape(index + 1, (index + 1) / count)),
    })),
    fit: fitOf(
      slope,
      standardError,
      Math.log(reference / shape(1, 1 / most)) - slope * Math.log(Math.sqrt(11 * last)),
      last,
    ),
  }
}
const UNITS = [10, 50, 100, 500, 1000, 1500, 2000]
/** A power law that breaks off near the last rank. */
const law =
  (slope: number, steep: number) =>
  (rank: number, share: number): number =>
    40 * (0.6 + rank) ** slope * Math.exp(-steep * share ** 4)
const noise =
  (slope: number, first: number) =>
  (rank: number, share: number): number =>
    (rank === 1 ? first : 1) * rank ** slope * Math.exp(-1.6 * share ** 6)
/** A shoulder at n = 500 to 800, as the KH layer has it. */
const shoulder = (rank: number, share: number): number =>
  30 * (((rank + 3) / 4) ** -2.67 + 4e-6 / (1 + (rank / 800) ** 4)) * Math.exp(-3 * share ** 6)

export function figure2Example(): FigureSpectraData {
  const all = [...UNITS, 3072]
  return {
    datasetLabel: 'CIFAR-10',
    withPublished: true,
    rows: [
      {
        label: 'Dataset',
        dataset: spectraExample(-1.47, 0.004, 500, all, law(-1.47, 2)),
        noise: spectraExample(-0.05, 0.003, 100, all, noise(-0.05, 1.02)),
      },
      {
        label: 'Initialized',
        dataset: spectraExample(-1.53, 0.007, 500, UNITS, law(-1.53, 3)),
        noise: spectraExample(-0.11, 0.002, 100, UNITS, noise(-0.11, 1.1)),
      },
      {
        label: 'KH',
        dataset: spectraExample(-2.67, 0.012, 500, UNITS, shoulder),
        noise: spectraExample(-1.29, 0.004, 100, UNITS, noise(-1.29, 6)),
      },
    ],
  }
}

export function figure3Example(): FigureSpectraData {
  const slopes = [
    [-2.67, -1.29],
    [-2.92, -0.97],
    [-4.11, -2.46],
    [-3.54, -1.42],
    [-1.53, -0.11],
  ]
  return {
    datasetLabel: 'CIFAR-10',
    withPublished: true,
    rows: LABELS.map((label, index) => {
      const [data = -1, gauss = -1] = slopes[index] ?? []
      const breaking =
        label === 'BP' ? (rank: number, share: number) => law(-2.92, 2)(rank / 3 + 1, share) : law(data, 2)
      return {
        label,
        dataset: spectraExample(data, 0.01, 500, UNITS, label === 'KH' ? shoulder : breaking),
        noise: spectraExample(gauss, 0.03, 100, UNITS, noise(gauss, 2)),
      }
    }),
  }
}

/** Regions of classes around random centres, and a Jacobian norm that grows across the plane. */
export function figure4Example(size = 100): Figure4Data {
  const axis = Float64Array.from({ length: size }, (_, index) => -20 + (40 * index) / (size - 1))
  const ranges = [
    [15, 28],
    [79, 88],
    [10, 13],
    [14, 16],
    [43, 46],
  ]
  return {
    epsilonAxis: axis,
    xiAxis: axis,
    classCount: 10,
    planes: models.map((model, index) => {
      const random = randomStream(index + 3, 'figure 4 example')
      const centres = Array.from({ length: 10 }, () => [9 * random.normal(), 9 * random.normal()] as const)
      const sharpness = [0.25, 1.2, 0.4, 0.5, 0.9][index] ?? 1
      const [low = 0, high = 1] = ranges[index] ?? []
      const classes = new Uint8Array(size * size)
      const confidence = new Float32Array(size * size)
      const jacobianNorm = new Float32Array(size * size)
      axis.forEach((xi, row) =>
        axis.forEach((epsilon, column) => {
          const logits = centres.map(
            ([x, y], k) =>
              sharpness *
              (-Math.hypot(epsilon - x, xi - y) +
                (index === 4
                  ? 6 *
                    Math.sin(epsilon * (0.5 + k / 12)) *
                    Math.cos(xi * (0.4 + k / 15)) *
                    Math.exp(-(epsilon ** 2 + xi ** 2) / 90)
                  : 0)),
          )
          const top = Math.max(...logits)
          const cell = row * size + column
          classes[cell] = logits.indexOf(top)
          confidence[cell] = 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0)
          const wave =
            index === 0
              ? Math.hypot(epsilon + 20, xi - 20) / 57
              : 0.5 + 0.25 * Math.cos(7 * Math.atan2(xi, epsilon)) + 0.25 * Math.sin(Math.hypot(xi, epsilon))
          jacobianNorm[cell] = low + (high - low) * Math.min(1, Math.max(0, wave))
        }),
      )
      return { model, classes, confidence, jacobianNorm }
    }),
  }
}

/** A layer of waves of growing frequency, with eight units of noise. */
export function figureA1Example(hiddenUnits = 400): FigureA1Data {
  const random = randomStream(1, 'figure test')
  const rawWeights = Float32Array.from({ length: hiddenUnits * 3072 }, (_, index) => {
    const unit = Math.floor(index / 3072)
    const pixel = Math.floor((index % 3072) / 3)
    if (unit % 50 === 11) return 0.05 * random.normal()
    return (
      0.06 +
      0.03 *
        Math.sin(((pixel % 32) * (1 + (unit % 7)) + (index % 3)) / 9) *
        Math.cos((Math.floor(pixel / 32) * (1 + (unit % 5))) / 9)
    )
  })
  const prunedWeights = rawWeights.slice()
  for (let unit = 11; unit < hiddenUnits; unit += 50) prunedWeights.fill(0, unit * 3072, (unit + 1) * 3072)
  const power = (scale: number, exponent: number): Float64Array =>
    Float64Array.from({ length: hiddenUnits }, (_, index) => scale * (index + 1) ** exponent)
  return {
    imageShape: [32, 32, 3],
    hiddenUnits,
    units: null,
    rawWeights,
    prunedWeights,
    cutoff: 0.00157,
    datasetLabel: 'CIFAR-10',
    variances: Float64Array.from({ length: hiddenUnits }, (_, unit) =>
      unit % 50 === 11 ? 0.002 + 0.0001 * random.normal() : 0.0008 + 0.0002 * random.normal(),
    ),
    spectra: {
      datasetRaw: power(30, -2.2),
      datasetPruned: power(20, -2.6),
      noiseRaw: power(9000, -1.3),
      noisePruned: power(80, -0.7),
    },
  }
}

/** The published accuracies and medians. */
export function figureA2Example(): FigureA2Data {
  const accuracies = [0.472, 0.562, 0.519, 0.559, 0.448]
  const [random, , pgd] = ATTACKS
  return {
    models: models.map((model, index) => ({
      model,
      testAccuracy: accuracies[index] ?? 0,
      medianCriticalNorm: { random: random?.median[index] ?? null, pgd: pgd?.median[index] ?? null },
    })),
  }
}

/** Every figure of full size. */
export const EXAMPLES: readonly FigureContent[] = [
  { figure: '1', data: figure1Example() },
  { figure: '2', data: figure2Example() },
  { figure: '3', data: figure3Example() },
  { figure: '4', data: figure4Example() },
  { figure: 'A1', data: figureA1Example() },
  { figure: 'A2', data: figureA2Example() },
]

export const exampleProvenance = (figure: FigureContent['figure']): FigureProvenance => ({
  figure,
  runs: ['r-00000001'],
  seeds: [1],
  style: 'IJoCV',
  program: 'LocalLearning Workbench test',
  drawnAt: '2026-01-01T00:00:00.000Z',
  sources: [],
  results: [],
})
