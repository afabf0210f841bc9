import { describe, expect, it } from 'vitest'
import { crossing, robustnessRequest, type AttackSpec, type SweepRecord } from '../../../contract/index.js'
import { accuracyCurves, partialCurve, nearestSize, openingSize } from '../../../renderer/charts/robustnessCurves.js'
import { LIGHT_DIVERGING } from '../../../renderer/charts/diverging.js'
import { differencePicture, differenceScale } from '../../../renderer/pages/robustness/differencePicture.js'
import { galleryImages } from '../../../renderer/pages/robustness/galleryImages.js'
import { plainJson } from '../../../renderer/pages/robustness/plainJson.js'
import { sweepCommand } from '../../../renderer/pages/robustness/sweepCommand.js'
import { figureSweeps } from '../../../renderer/pages/robustness/sweepFigures.js'
import { FIRST_SWEEP } from '../../../renderer/pages/robustness/sweepForm.js'
import { attackRows, publishedOf, sweepLine } from '../../../renderer/pages/robustness/sweepWords.js'
import { passOf, recordOf, resultOf, seriesOf, SIZES, partialPassOf } from './sweeps.js'
import { attackForCheck, missingSweepPath } from '../../../renderer/pages/robustness/checkAttack.js'

const only = <Value>(list: readonly Value[]): Value => {
  if (list.length !== 1) throw new Error(`expected one, got ${list.length}`)
  return list[0] as Value
}
const curveOf = (share: 'relative' | 'absolute', meaning: 'exact' | 'first', result = resultOf(['BP'])) =>
  only(accuracyCurves(result, new Map([['BP', 1]]), share, meaning))

describe('curves of a sweep', () => {
  it('are as measured for exactly each size, relative', () => {
    const curve = curveOf('relative', 'exact')
    expect([...curve.accuracy, ...curve.lower, curve.slot, curve.epsilonAtHalf]).toEqual([
      0.75,
      0.5,
      0.5,
      0.3,
      0.15,
      0.15,
      1,
      null,
    ])
  })
  it('count what was never fooled, and all images of the split', () => {
    expect([...curveOf('relative', 'first').accuracy]).toEqual([0.75, 0.5, 0.25])
    // Three, two and two of the four kept images, of eight.
    expect([...curveOf('absolute', 'exact').accuracy]).toEqual([0.375, 0.25, 0.25])
    expect([...curveOf('absolute', 'first').accuracy]).toEqual([0.375, 0.25, 0.125])
  })
  it('pool seeds by their images', () => {
    const second = passOf('BP', {
      seed: 1,
      keptIndices: Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      neverFooledYet: Float64Array.of(1, 0.5, 0),
      images: 8,
      cleanAccuracy: 1,
    })
    const result = resultOf(['BP'], { passes: [passOf('BP'), second] })
    const shares = [(3 + 8) / 12, (2 + 4) / 12, (1 + 0) / 12]
    curveOf('relative', 'first', result).accuracy.forEach((value, index) =>
      expect(value).toBeCloseTo(shares[index] ?? NaN, 14),
    )
    expect(curveOf('absolute', 'first', result).accuracy[0]).toBeCloseTo(11 / 16, 14)
  })
  it('have Wilson intervals: of 2 in 4 from 0.1500 to 0.8500', () => {
    // z = 1.95996: (0.5 + z²/8 ± z √(1/16 + z²/64)) / (1 + z²/4), which is 0.5 ± 0.34996.
    const { lower, upper } = curveOf('relative', 'first')
    expect(lower[1]).toBeCloseTo(0.15004, 4)
    expect(upper[1]).toBeCloseTo(0.84996, 4)
    const whole = curveOf(
      'relative',
      'first',
      resultOf(['BP'], { passes: [passOf('BP', { neverFooledYet: Float64Array.of(1, 1, 0) })] }),
    )
    expect([whole.upper[0], whole.lower[2]]).toEqual([1, 0])
  })
  it('of a pass in progress: shares of the images attacked so far, and of all images with the error of the clean accuracy', () => {
    const options = { slot: 1, words: 'in progress', level: 0.95 } as const
    const pass = partialPassOf('BP', 2)
    const whole = partialCurve(pass, { ...options, share: 'relative', meaning: 'first' })
    expect([whole.label, [...whole.accuracy], whole.inProgress]).toEqual(['BP, in progress', [0.75, 0.5], true])
    // 2 of 4, as above; of all images times 4 of 8, whose own interval is 0.5 ± 0.28478.
    expect(whole.lower[1]).toBeCloseTo(0.15004, 4)
    const all = partialCurve(pass, { ...options, share: 'absolute', meaning: 'exact' })
    expect(all.accuracy[1]).toBe(0.25)
    expect(all.lower[1]).toBeCloseTo(0.25 - Math.hypot(0.5 * 0.28478, 0.5 * 0.34996), 4)
  })
  it('fall through a level between sizes, linearly in ln ε', () => {
    expect(crossing(SIZES, Float64Array.of(1, 0.75, 0.25), 0.5)).toBeCloseTo(Math.sqrt(0.01 * 0.1), 12)
    expect(crossing(SIZES, Float64Array.of(1, 0.75, 0.5), 0.5)).toBeNull()
    expect(crossing(Float64Array.of(0, 1), Float64Array.of(1, 0), 0.5)).toBe(0.5)
  })
  it("find the nearest size by ratio, and open where half of every model's images are fooled", () => {
    expect(nearestSize(SIZES, 0.0031)).toBe(0)
    expect(nearestSize(SIZES, 0.0033)).toBe(1)
    expect(openingSize([seriesOf('BP'), seriesOf('KH', { medianCriticalEpsilon: 0.05 })])).toBe(0.1)
    expect(openingSize([seriesOf('BP', { medianCriticalEpsilon: null })])).toBe(0.1)
    expect(openingSize([])).toBeNull()
  })
})

describe('images of a gallery', () => {
  it('are those that every model gets right, in four orders; never fooled is strongest', () => {
    const first = passOf('BP')
    const second = passOf('KH', {
      keptIndices: Int32Array.of(3, 5, 7),
      labels: Uint8Array.of(0, 1, 0),
      criticalNorm: Float64Array.of(1, 2, 3),
    })
    const numbers = (order: Parameters<typeof galleryImages>[1]) =>
      galleryImages([first, second], order).map(({ image }) => image)
    expect(numbers('index')).toEqual([3, 5, 7])
    expect(numbers('weakest')).toEqual([3, 5, 7])
    expect(numbers('strongest')).toEqual([7, 5, 3])
    expect(numbers('classes')).toEqual([3, 5, 7])
    expect(galleryImages([first], 'classes').map(({ label }) => label)).toEqual([0, 1, 0, 1])
    expect(galleryImages([], 'index')).toEqual([])
  })
  it('a difference is on one scale for the row: of the size where nothing is larger, else of the largest change', () => {
    const row = {
      epsilons: Float64Array.of(0.01, 0.03, NaN),
      magnification: Float64Array.of(200, 50, 1),
      norms: Float64Array.of(0.1, 0.2, 0),
    }
    expect(differenceScale(row, true)).toBe(0.03)
    expect(differenceScale(row, false)).toBe(1 / 50)
    expect(
      differenceScale(
        { epsilons: Float64Array.of(NaN), magnification: Float64Array.of(1), norms: Float64Array.of(0) },
        true,
      ),
    ).toBe(1)
  })
  it('a difference is in signed colours, whose zero is no change', () => {
    const of = (...change: number[]): number[] => [
      ...differencePicture(Float32Array.of(9, ...change), 1, [1, 1, 1], 0.5, LIGHT_DIVERGING),
    ]
    expect(of(0)).toEqual([245, 245, 244, 255])
    expect(of(0.5)).toEqual([194, 69, 30, 255])
    expect(of(-0.5)).toEqual([43, 108, 176, 255])
    expect(of(7)).toEqual(of(0.5))
    // Half of the size is half of the way: not saturated.
    expect(of(0.25)).toEqual([220, 157, 137, 255])
    expect([...differencePicture(Float32Array.of(0.75, 0.25, 0.5), 0, [1, 1, 3], 1, LIGHT_DIVERGING)]).toEqual(of(0.25))
  })
})

describe('words of a sweep', () => {
  it('say which images, and every number of the attack', () => {
    expect(sweepLine(recordOf(['KH', 'BP']))).toBe(
      '2 models, first 4 correctly classified CIFAR-10 test images of each, untargeted',
    )
    expect(attackRows(recordOf(['KH']).request).map(({ label, value }) => `${label}: ${value}`)).toContain(
      'Step size: 0.1 *ε* below 0.01',
    )
    const { request } = recordOf(['KH'])
    expect(attackRows({ ...request, attack: { kind: 'random' } }).map(({ label }) => label)).toEqual([
      'Noise',
      'ε values',
      'Clamp',
      'Seed',
    ])
  })
  it("know the published numbers of the paper's own sweeps only", () => {
    const { request } = recordOf(['KH'])
    expect(publishedOf(request, 'KH')).toEqual({
      epsilonAtHalf: 2.1e-3,
      firstQuartile: 0.058,
      median: 0.12,
      thirdQuartile: 0.207,
      accuracy: 0.472,
    })
    expect(publishedOf(request, 'mine')).toBeNull()
    expect(publishedOf({ ...request, dataset: { kind: 'mnist', imageLimit: null } }, 'KH')).toBeNull()
    expect(publishedOf({ ...request, attack: { kind: 'fgsm', norm: 2, target: null } }, 'KH')).toBeNull()
  })
  it('are JSON without typed arrays and NaN', () => {
    expect(JSON.parse(plainJson({ a: Float64Array.of(1, NaN), b: [1] }))).toEqual({ a: [1, null], b: [1] })
  })
})

describe('the same sweep from a terminal', () => {
  const request = recordOf(['KH', 'my model']).request
  it('names models with their labels and leaves out what is usual', () => {
    expect(sweepCommand(request)?.split(' \\\n  ')).toEqual([
      'lab robustness',
      '--model KH=r-KH',
      "--model 'my model=r-my model'",
      '--attack pgd',
      '--grid 0.001:0.1:3',
      '--images 4',
    ])
  })
  it('writes what is not', () => {
    const lines = sweepCommand({
      ...request,
      attack: { kind: 'pgd', norm: 2, target: 'next', steps: 7, stepSize: 0.02, stepSizeRatio: 0.1, randomStart: true },
      dataset: { kind: 'syntheticScenes', imageLimit: null, dataSeed: 5 },
      seeds: [3, 4],
      criticalOnly: true,
      images: null,
      grid: { from: 0, to: 1, count: 5, spacing: 'lin' },
    })?.split(' \\\n  ')
    expect(lines).toEqual(
      expect.arrayContaining([
        '--norm l2',
        '--target next',
        '--steps 7',
        '--step-size 0.02',
        '--random-start',
        '--grid 0:1:5:lin',
        '--dataset syntheticScenes',
        '--data-seed 5',
        '--seed 3',
        '--seeds 2',
        '--critical-only',
      ]),
    )
    expect(lines?.some((line) => line.startsWith('--images'))).toBe(false)
  })
  it('has no words for seeds with gaps', () => {
    expect(sweepCommand({ ...request, seeds: [3, 5] })).toBeNull()
  })
})

describe('sweeps for a figure', () => {
  const attacked = (
    id: string,
    attack: AttackSpec,
    changes: Partial<SweepRecord> = {},
    criticalOnly = false,
  ): SweepRecord =>
    recordOf(['KH', 'BP'], { id, request: { ...recordOf([]).request, attack, criticalOnly }, ...changes })
  const aim = { norm: 'linf', target: null } as const
  const pgd = attacked('a-00000001', {
    kind: 'pgd',
    ...aim,
    steps: 20,
    stepSize: 0.01,
    stepSizeRatio: 0.1,
    randomStart: false,
  })
  const [fgsm, random] = [attacked('a-00000002', { kind: 'fgsm', ...aim }), attacked('a-00000003', { kind: 'random' })]
  it('are the finished ones of every attack on the same models, in the order of the rows', () => {
    expect(figureSweeps('1', fgsm, [pgd, fgsm, random])).toEqual({ ids: [random.id, fgsm.id, pgd.id], missing: [] })
    expect(figureSweeps('A2', fgsm, [pgd, fgsm, random])).toEqual({ ids: [random.id, pgd.id], missing: [] })
  })
  it('are older ones where the newest is not finished, or of critical values alone', () => {
    const [stopped, quick] = [
      attacked('a-00000005', { kind: 'random' }, { state: 'failed' }),
      attacked('a-00000006', { kind: 'random' }, {}, true),
    ]
    expect(figureSweeps('1', fgsm, [stopped, quick, pgd, fgsm, random])).toEqual({
      ids: [random.id, fgsm.id, pgd.id],
      missing: [],
    })
    expect(figureSweeps('A2', fgsm, [stopped, quick, pgd, fgsm, random]).ids).toEqual([quick.id, pgd.id])
    expect(figureSweeps('1', stopped, [stopped, pgd, fgsm, random]).missing).toEqual(['random'])
  })
  it('lack what is not finished, of other models, or of critical values alone', () => {
    expect(figureSweeps('1', fgsm, [fgsm, { ...pgd, state: 'paused' }, { ...random, models: [] }])).toEqual({
      ids: [fgsm.id],
      missing: ['random', 'pgd'],
    })
    const quick = attacked('a-00000004', { kind: 'random' }, {}, true)
    expect(figureSweeps('1', fgsm, [pgd, fgsm, quick]).missing).toEqual(['random'])
    expect(figureSweeps('A2', fgsm, [pgd, fgsm, quick])).toEqual({ ids: [quick.id, pgd.id], missing: [] })
  })
})

describe("the form's first sweep", () => {
  it('is a request once a model is chosen', () => {
    expect(robustnessRequest.safeParse({ ...FIRST_SWEEP, models: [{ model: 'a', label: 'A' }] }).success).toBe(true)
    expect(robustnessRequest.safeParse(FIRST_SWEEP).success).toBe(false)
  })
})

describe('the attack that a masking check lacks', () => {
  const pgd = { kind: 'pgd', steps: 10 } as never
  it('is the other one of a comparison, or the same with more steps', () => {
    expect(attackForCheck('randomBeatsFgsm', { kind: 'random' })).toEqual({ kind: 'fgsm', steps: null })
    expect(attackForCheck('randomBeatsFgsm', pgd)).toEqual({ kind: 'random', steps: null })
    expect(attackForCheck('fgsmBeatsPgd', pgd)).toEqual({ kind: 'fgsm', steps: null })
    expect(attackForCheck('moreStepsWeaker', pgd)).toEqual({ kind: 'pgd', steps: 40 })
    expect(attackForCheck('allFooled', pgd)).toBeNull()
    expect(missingSweepPath('a-00000001', { kind: 'pgd', steps: 40 })).toBe(
      '/robustness/new?from=a-00000001&attack=pgd&steps=40',
    )
  })
})
