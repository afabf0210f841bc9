import { describe, expect, it } from 'vitest'
import {
  absoluteEnds,
  effectiveImages,
  groupAgreement,
  seedStatistics,
  wilsonEnds,
  type Interval,
  type PlaneAgreement,
  type RobustnessPass,
} from '../../contract/index.js'
import { symmetricEigenvalues } from '../../engine/linalg/symmetricEigen.js'
import { fitPowerLaw, participationRatio } from '../../engine/probes/powerLawFit.js'
import { criticalBox } from '../../engine/probes/robustness/statistics.js'
import { bootstrapInterval, bootstrapRatioInterval } from '../../engine/probes/spectra/resampling.js'
import { randomStream, type RandomStream } from '../../engine/random/index.js'
import { seedInterval } from '../../renderer/groups/seedStatistics.js'

/** Every interval of the program holds the true value in 95 % of simulated measurements, to 1.5 % (docs/SOURCES.md, "Intervals"). */
const Z = 1.959964
const TOLERANCE = 0.015

/** Share of the repetitions whose interval holds the truth. */
function coverage(
  name: string,
  repetitions: number,
  measure: (random: RandomStream) => { interval: Interval | null; truth: number },
): number {
  let held = 0
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const { interval, truth } = measure(randomStream(1, `coverage ${name}`, repetition))
    if (interval !== null && interval.lower <= truth && truth <= interval.upper) held += 1
  }
  return held / repetitions
}
const expectCoverage = (share: number): void => {
  expect(share).toBeGreaterThan(0.95 - TOLERANCE)
  expect(share).toBeLessThan(0.95 + TOLERANCE)
}
const binomial = (random: RandomStream, count: number, share: number): number => {
  let hits = 0
  for (let trial = 0; trial < count; trial++) if (random.uniform() < share) hits += 1
  return hits
}
const around = (mean: number, halfWidth: number | null): Interval | null =>
  halfWidth === null ? null : { lower: mean - halfWidth, upper: mean + halfWidth }
/** Shares from everywhere, so that the steps of a binomial average out. */
const anyShare = (random: RandomStream): number => 0.05 + 0.9 * random.uniform()

describe('shares', () => {
  it.each([40, 200, 1000])('relative accuracy of %d images, Wilson', (images) => {
    expectCoverage(
      coverage(`wilson ${images}`, 4000, (random) => {
        const truth = anyShare(random)
        return { truth, interval: wilsonEnds(binomial(random, images, truth) / images, images, Z) }
      }),
    )
  })
  it.each([
    [200, 10_000],
    [200, 400],
    [50, 2000],
  ])('absolute accuracy of %d attacked images of %d, clean accuracy with its own error', (attacked, all) => {
    expectCoverage(
      coverage(`absolute ${attacked} ${all}`, 4000, (random) => {
        const [clean, relative] = [0.3 + 0.6 * random.uniform(), anyShare(random)]
        const found = { share: binomial(random, all, clean) / all, images: all }
        return {
          truth: clean * relative,
          interval: absoluteEnds(
            found,
            { share: binomial(random, attacked, relative) / attacked, images: attacked },
            Z,
          ),
        }
      }),
    )
  })
  it.each([
    [60, 5],
    [200, 3],
  ])('relative accuracy of %d images attacked with %d seeds, which fall together', (images, seeds) => {
    expectCoverage(
      coverage(`clusters ${images} ${seeds}`, 4000, (random) => {
        const truth = 0.1 + 0.8 * random.uniform()
        const passes = Array.from(
          { length: seeds },
          (): Pick<RobustnessPass, 'keptIndices' | 'criticalEpsilon' | 'epsilons'> => ({
            keptIndices: Int32Array.from({ length: images }, (_, image) => image),
            criticalEpsilon: new Float64Array(images).fill(NaN),
            epsilons: Float64Array.of(0.1),
          }),
        )
        let right = 0
        for (let image = 0; image < images; image++) {
          // A share of the images is the same for all seeds, the others fall on their own.
          const common = random.uniform() < 0.6 ? Number(random.uniform() < truth) : null
          for (const { criticalEpsilon } of passes) {
            const resists = common ?? Number(random.uniform() < truth)
            right += resists
            if (resists === 0) criticalEpsilon[image] = 0.1
          }
        }
        return { truth, interval: wilsonEnds(right / (images * seeds), effectiveImages(passes)[0] ?? NaN, Z) }
      }),
    )
  })
})

describe('means over seeds', () => {
  it.each([2, 3, 5, 10, 40])('of %d seeds, Student', (seeds) => {
    const measure =
      (interval: (values: number[]) => { mean: number; halfWidth: number | null } | null) => (random: RandomStream) => {
        const found = interval(Array.from({ length: seeds }, () => 3 + 0.2 * random.normal()))
        return { truth: 3, interval: found === null ? null : around(found.mean, found.halfWidth) }
      }
    expectCoverage(coverage(`student ${seeds}`, 6000, measure(seedStatistics)))
    expect(coverage(`student ${seeds}`, 500, measure(seedInterval))).toBe(
      coverage(`student ${seeds}`, 500, measure(seedStatistics)),
    )
  })
  const pairsOf = (count: number, of: (first: number, second: number) => number): PlaneAgreement[] =>
    Array.from({ length: count }, (_, a) =>
      Array.from({ length: count - a - 1 }, (_other, gap): PlaneAgreement => {
        const value = of(a, a + gap + 1)
        return {
          a: '',
          b: '',
          agreement: value,
          intersectionOverUnion: Float64Array.of(value),
          meanIntersectionOverUnion: value,
        }
      }),
    ).flat()
  it.each([4, 8])('agreement among the planes of %d seeds, jackknife', (seeds) => {
    expectCoverage(
      coverage(`jackknife ${seeds}`, 4000, (random) => {
        const own = Array.from({ length: seeds }, () => 0.05 * random.normal())
        const models = own.map((_, seed) => ({ label: 'A', hash: String(seed) }))
        const [group] = groupAgreement(
          models,
          pairsOf(seeds, (a, b) => 0.7 + (own[a] as number) + (own[b] as number)),
        )
        return { truth: 0.7, interval: around(group?.agreement.mean ?? NaN, group?.agreement.halfWidth ?? null) }
      }),
    )
  })
  it('agreement between the planes of 6 and 9 seeds, Welch', () => {
    expectCoverage(
      coverage('welch', 4000, (random) => {
        const own = Array.from({ length: 15 }, (_, seed) => (seed < 6 ? 0.05 : 0.02) * random.normal())
        const models = own.map((_, seed) => ({ label: seed < 6 ? 'A' : 'B', hash: String(seed) }))
        const group = groupAgreement(
          models,
          pairsOf(15, (a, b) => 0.7 + (own[a] as number) + (own[b] as number)),
        ).find(({ a, b }) => a === 'A' && b === 'B')
        return { truth: 0.7, interval: around(group?.agreement.mean ?? NaN, group?.agreement.halfWidth ?? null) }
      }),
    )
  })
})

describe('quartiles of critical norms', () => {
  const QUARTILES = [
    ['firstQuartileInterval', -0.6744898],
    ['medianInterval', 0],
    ['thirdQuartileInterval', 0.6744898],
  ] as const
  it.each([50, 200])('of %d images, bootstrap', (images) => {
    const boxes = Array.from({ length: 2500 }, (_, repetition) => {
      const random = randomStream(1, `coverage quartiles ${images}`, repetition)
      return criticalBox(
        Float64Array.from({ length: images }, () => Math.exp(0.6 * random.normal())),
        300,
        0.95,
        random.below(2 ** 31),
      )
    })
    for (const [which, quantile] of QUARTILES) {
      let place = 0
      expectCoverage(
        coverage(which, boxes.length, () => ({
          truth: Math.exp(0.6 * quantile),
          interval: boxes[place++]?.[which] ?? null,
        })),
      )
    }
  })
  it('of 60 images attacked with 4 seeds, drawn image by image', () => {
    expectCoverage(
      coverage('quartiles of clusters', 2000, (random) => {
        const own = Array.from({ length: 60 }, () => 0.6 * random.normal())
        const values = Float64Array.from({ length: 240 }, (_, index) =>
          Math.exp((own[index % 60] as number) + 0.2 * random.normal()),
        )
        const box = criticalBox(
          values,
          300,
          0.95,
          random.below(2 ** 31),
          Int32Array.from({ length: 240 }, (_, index) => index % 60),
        )
        return { truth: 1, interval: box?.medianInterval ?? null }
      }),
    )
  })
})

describe('spectra', () => {
  const [WIDTH, IMAGES, RESAMPLES] = [6, 500, 60]
  const law = Float64Array.from({ length: WIDTH }, (_, index) => (index + 1) ** -1.2)
  const spectrumOf = (rows: Float64Array, pick: (row: number) => number): Float64Array => {
    const means = new Float64Array(WIDTH)
    const products = new Float64Array(WIDTH * WIDTH)
    for (let row = 0; row < IMAGES; row++)
      for (let column = 0; column < WIDTH; column++)
        means[column] = (means[column] as number) + (rows[pick(row) * WIDTH + column] as number) / IMAGES
    for (let row = 0; row < IMAGES; row++) {
      const from = pick(row) * WIDTH
      for (let a = 0; a < WIDTH; a++) {
        const deviation = (rows[from + a] as number) - (means[a] as number)
        for (let b = 0; b < WIDTH; b++)
          products[a * WIDTH + b] =
            (products[a * WIDTH + b] as number) +
            (deviation * ((rows[from + b] as number) - (means[b] as number))) / (IMAGES - 1)
      }
    }
    return symmetricEigenvalues(products, WIDTH)
  }
  it('exponent and participation ratio, bootstrap without its bias', { timeout: 300_000 }, () => {
    const slope = (values: Float64Array): number => fitPowerLaw(values, [1, WIDTH]).slope
    const repetitions = 800
    const held = { slope: 0, ratio: 0 }
    const inside = ({ lower, upper }: Interval, truth: number): number => Number(lower <= truth && truth <= upper)
    for (let repetition = 0; repetition < repetitions; repetition++) {
      const random = randomStream(1, 'coverage spectra', repetition)
      const rows = Float64Array.from(
        { length: IMAGES * WIDTH },
        (_, index) => Math.sqrt(law[index % WIDTH] as number) * random.normal(),
      )
      const found = spectrumOf(rows, (row) => row)
      const resampled = Array.from({ length: RESAMPLES }, () => {
        const drawn = Int32Array.from({ length: IMAGES }, () => random.below(IMAGES))
        return spectrumOf(rows, (row) => drawn[row] as number)
      })
      held.slope += inside(bootstrapInterval(slope(found), resampled.map(slope), 0.95), slope(law))
      held.ratio += inside(
        bootstrapRatioInterval(participationRatio(found), resampled.map(participationRatio), 0.95),
        participationRatio(law),
      )
    }
    for (const count of Object.values(held)) expectCoverage(count / repetitions)
  })
})
