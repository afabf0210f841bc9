import { describe, expect, it } from 'vitest'
import { planeRequest, type PlaneAgreement, type PlaneRequest, type PlaneResult } from '../../../contract/index.js'
import { agreementOf, seedsAndModels } from '../../../renderer/pages/plane/agreement.js'
import { mapPixels, strength } from '../../../renderer/pages/plane/mapPixels.js'
import {
  cellAt,
  frameOf,
  interpolated,
  nearestOther,
  nearestPoint,
  placeOf,
  probabilitiesAt,
  type PlaneFrame,
} from '../../../renderer/pages/plane/planeGrid.js'
import { footInPlane, imageAt, trianglePlaces, unitImage } from '../../../renderer/pages/plane/planeImages.js'
import { jacobianRangeOf } from '../../../renderer/pages/plane/jacobianRange.js'
import { boundaryLines, isolineLevels, lead, levelLines, smoothed } from '../../../renderer/pages/plane/planeLines.js'
import { jacobianSection, softmaxSection } from '../../../renderer/pages/plane/planeSection.js'
import {
  commandOf,
  FIRST_SETUP,
  requestOf,
  setupOf,
  type PlaneSetup,
} from '../../../renderer/pages/plane/planeSetup.js'
import {
  panned,
  sameView,
  toPixel,
  toPlane,
  windowAbout,
  zoomed,
  type PlaneView,
} from '../../../renderer/pages/plane/planeView.js'
import { regionNames } from '../../../renderer/pages/plane/regionNames.js'
import { roundValues } from '../../../renderer/pages/plane/roundValues.js'
import { halves } from './halves.js'

const view: PlaneView = { first: [-2, 4], second: [-1, 2] }
const box = { left: 50, top: 20, width: 300, height: 150 }
/** Five points a side from -2 to 2. */
const frame: PlaneFrame = { size: 5, window: windowAbout([0, 0], 2) }

describe('places on screen', () => {
  it('ξ rises upwards, and a pixel leads back to its place', () => {
    expect(toPixel(view, box, [-2, -1])).toEqual([50, 170])
    expect(toPixel(view, box, [1, 0.5])).toEqual([200, 95])
    expect(toPlane(view, box, [200, 95])).toEqual([1, 0.5])
  })
  it('a zoom keeps the place under the pointer', () => {
    const nearer = zoomed(view, view, [1, 1], 0.5)
    expect(nearer).toEqual({ first: [-0.5, 2.5], second: [0, 1.5] })
    expect(toPixel(nearer, box, [1, 1])).toEqual(toPixel(view, box, [1, 1]))
  })
  it('a zoom ends at four times the window and at a thousandth of it', () => {
    const far = zoomed(view, view, [0, 0], 100)
    expect(far.first[1] - far.first[0]).toBeCloseTo(24, 9)
    const near = zoomed(view, view, [0, 0], 1e-9)
    expect(near.first[1] - near.first[0]).toBeCloseTo(6e-3, 12)
  })
  it('a pan keeps the middle over what was computed', () => {
    const moved = panned(view, view, [100, 0.5])
    expect(moved).toEqual({ first: [1, 7], second: [-0.5, 2.5] })
    expect(sameView(moved, view)).toBe(false)
    expect(sameView(view, { first: [-2 + 1e-12, 4], second: [-1, 2] })).toBe(true)
  })
  it('ticks are 1, 2 or 5 times a power of ten, ends included', () => {
    expect(roundValues([-2.2, 4.2], 8)).toEqual([-2, -1, 0, 1, 2, 3, 4])
    expect(roundValues([0, 0.3], 3)).toEqual([0, 0.1, 0.2, 0.3])
    expect(roundValues([1, 1], 5)).toEqual([])
  })
})

describe('points of a map', () => {
  it('the ends of the window are points, and cells lead back to places', () => {
    expect(cellAt(frame, [2, -2])).toEqual([4, 0])
    expect(placeOf(frame, [1, 3])).toEqual([-1, 1])
    expect(
      frameOf({ size: 3, firstAxis: Float64Array.of(-1, 0, 1), secondAxis: Float64Array.of(2, 4, 6) }).window,
    ).toEqual({ first: [-1, 1], second: [2, 6] })
  })
  it('the nearest point is that of row ξ and column ε; beyond half a step there is none', () => {
    expect(nearestPoint(frame, [1.1, -0.9])).toBe(5 + 3)
    expect([nearestPoint(frame, [2.4, 0]), nearestPoint(frame, [2.6, 0])]).toEqual([14, null])
  })
  it('a linear map is read between its points exactly', () => {
    const linear = Float64Array.from({ length: 25 }, (_, point) => 3 * (point % 5) + 7 * Math.floor(point / 5))
    expect(interpolated(linear, frame, [0.25, -1.5])).toBeCloseTo(3 * 2.25 + 7 * 0.5, 12)
    expect(interpolated(linear, frame, [2, 2])).toBe(40)
    expect(interpolated(linear, frame, [2.01, 0])).toBeNaN()
  })
  it('probabilities between points still sum to one', () => {
    const values = probabilitiesAt(halves(5, 2).probabilities, frame, [0.3, 0.7])
    expect((values?.[0] ?? 0) + (values?.[1] ?? 0)).toBeCloseTo(1, 6)
    expect(values?.[1]).toBeCloseTo(0.48, 6)
    expect(probabilitiesAt(halves(5, 2).probabilities, frame, [3, 0])).toBeNull()
  })
  it('the nearest point of another class, by its distance', () => {
    expect(nearestOther(halves(5, 2).labels, frame, [-1, 0], 0)).toEqual({ class: 1, distance: 2, position: [1, 0] })
    expect(nearestOther(new Uint8Array(25), frame, [0, 0], 0)).toBeNull()
  })
})

describe('lines', () => {
  it('the lead of a class is its softmax less the next best', () => {
    expect(Array.from(lead(Float32Array.of(0.5, 0.25, 0.25, 0, 0.25, 0.75), 3, 0))).toEqual([0.25, -0.75])
  })
  it('the edge between two regions is found once, where both are as likely', () => {
    const lines = boundaryLines(halves(21, 2), 21)
    expect(lines).toHaveLength(1)
    expect(lines[0]?.points).toHaveLength(21)
    // ε = 0.5 of -2 to 2 is column 12.5 of 0 to 20.
    for (const [x] of lines[0]?.points ?? []) expect(x).toBeCloseTo(12.5, 4)
    expect(boundaryLines({ ...halves(5, 2), classShares: Float64Array.of(1, 0) }, 5)).toEqual([])
  })
  it('isolines are at round values inside the range', () => {
    expect(isolineLevels([8.6, 22])).toEqual([10, 15, 20])
    expect(isolineLevels([18, 23])).toEqual([19, 20, 21, 22])
    expect(isolineLevels([3, 3])).toEqual([])
    const [line] = levelLines(halves(5, 2).jacobianNorm, 5, [2.5])
    expect(line?.lines[0]?.points.map(([, y]) => y)).toEqual([2.5, 2.5, 2.5, 2.5, 2.5])
  })
  it('smoothing keeps a level, and spreads a spike evenly over its square', () => {
    expect(smoothed(new Float32Array(49).fill(4), 7, 2)).toEqual(new Float32Array(49).fill(4))
    const spike = new Float32Array(49)
    spike[24] = 9
    const result = smoothed(spike, 7, 1)
    expect([result[24], result[16], result[10]]).toEqual([1, 1, 0])
  })
  it('sections follow the horizontal hair', () => {
    const map = halves(5, 2)
    const curves = softmaxSection(map, frame, frame.window, 0, 9)
    expect(curves.map(({ label }) => label)).toEqual([0, 1])
    expect(curves[1]?.values[8]).toBeCloseTo(0.65, 6)
    expect(Array.from(jacobianSection(map, frame, frame.window, 0.5, 3).values)).toEqual([2.5, 2.5, 2.5])
  })
  it('a name is inside its region, not on a disc', () => {
    const { labels } = halves(21, 2)
    const big: PlaneFrame = { size: 21, window: frame.window }
    const names = regionNames(labels, big, frame.window, [[-0.75, 0]])
    expect(names.map(({ label }) => label).sort()).toEqual([0, 1])
    for (const { label, position } of names)
      expect(
        label === 1 ? position[0] > 0.5 : position[0] < 0.5 && Math.hypot(position[0] + 0.75, position[1]) > 0.1,
      ).toBe(true)
    expect(regionNames(new Uint8Array(441), big, windowAbout([9, 9], 1), [])).toEqual([])
  })
})

describe('images', () => {
  const geometry = {
    origin: Float32Array.of(0.5, 0.25, 0),
    u: Float32Array.of(1, 0, 0),
    v: Float32Array.of(0, 1, 0),
    pixelScale: 200,
  }
  it('the image at a place is x_A + ε û + ξ v̂ in pixels, rounded and cut', () => {
    expect(Array.from(imageAt(geometry, [0.1, -0.5], true))).toEqual([120, 0, 0])
    expect(Array.from(imageAt(geometry, [1, 0], true))).toEqual([255, 50, 0])
    expect(Array.from(imageAt(geometry, [-0.5, -0.25], false))).toEqual([128, 128, 128])
  })
  it('unit norm by definition', () => {
    expect(unitImage([3, 4], 2)[0]).toBeCloseTo(0.6, 12)
    expect(unitImage([10, 0, 20], 3).reduce((sum, value) => sum + value ** 3, 0)).toBeCloseTo(1, 12)
  })
  it('the foot of an image in the plane, and its height above it', () => {
    const { position, height } = footInPlane(Float64Array.of(1.5, 2.25, 3), geometry)
    expect(position).toEqual([1, 2])
    expect(height).toBeCloseTo(3, 9)
  })
  it('three images keep their distances in the plane', () => {
    const [a, b, c] = [Float64Array.of(0, 0, 1), Float64Array.of(3, 0, 1), Float64Array.of(1, 2, 3)] as const
    const places = trianglePlaces([a, b, c])
    expect(places?.[1]).toEqual([3, 0])
    expect(places?.[2]?.[0]).toBeCloseTo(1, 12)
    expect(places?.[2]?.[1]).toBeCloseTo(Math.sqrt(8), 12)
    expect(trianglePlaces([a, b, Float64Array.of(6, 0, 1)])).toBeNull()
    expect(trianglePlaces([a, a, b])).toBeNull()
  })
  it('a class fades towards the ground as the softmax falls to chance', () => {
    expect([strength(1, 10), strength(0.1, 10), strength(0.55, 10)]).toEqual([1, 0.12, expect.closeTo(0.56, 12)])
    const map = {
      ...halves(2, 1),
      labels: Uint8Array.of(0, 1, 1, 0),
      confidence: Float32Array.of(1, 1, 0.5, 0.5),
      classShares: Float64Array.of(0.5, 0.5),
    }
    const pixels = mapPixels(map, 2, 'class', [0, 1], { classes: ['#000000', '#ff0000'], ground: [255, 255, 255] })
    // The upper row of the picture is the higher ξ.
    expect(Array.from(pixels.subarray(8, 12))).toEqual([0, 0, 0, 255])
    expect(Array.from(pixels.subarray(0, 4))).toEqual([255, 224, 224, 255])
  })
})

describe('agreement', () => {
  const pair = (a: string, b: string, overlap: number): PlaneAgreement => ({
    a,
    b,
    agreement: overlap / 2,
    intersectionOverUnion: Float64Array.of(overlap),
    meanIntersectionOverUnion: overlap,
  })
  const compared = {
    maps: [{}, {}, {}] as unknown as PlaneResult['maps'],
    agreement: [pair('KH', 'KH', 0.8), pair('KH', 'BP', 0.2), pair('KH', 'BP', 0.4)],
  }
  it('a pair is found by the places of its maps, in either order', () => {
    expect(
      [
        agreementOf(compared, 0, 1),
        agreementOf(compared, 2, 0),
        agreementOf(compared, 1, 2),
        agreementOf(compared, 1, 1),
      ].map((found) => found?.meanIntersectionOverUnion),
    ).toEqual([0.8, 0.2, 0.4, undefined])
  })
  it('pairs of one name are seeds, pairs of two are models', () => {
    const { seeds, models } = seedsAndModels(compared)
    expect(seeds).toEqual({ agreement: 0.4, overlap: 0.8, pairs: 1 })
    expect(models?.pairs).toBe(2)
    expect(models?.overlap).toBeCloseTo(0.3, 12)
    expect(seedsAndModels({ maps: [], agreement: [] })).toEqual({ seeds: null, models: null })
  })
})

describe('what is asked', () => {
  const setup: PlaneSetup = {
    ...FIRST_SETUP,
    models: [
      { model: 'r-00000001', label: 'BP, 30 epochs' },
      { model: 'kh', label: 'KH' },
    ],
    images: [3, 17, 4],
    seed: 5,
  }
  const asked = (changes: Partial<PlaneSetup>, window = windowAbout([0, 0], 20)): PlaneRequest =>
    requestOf({ ...setup, ...changes }, window, null)
  it('every kind is a request that the lab takes, and leads back to its choices', () => {
    for (const kind of ['images', 'random', 'adversarial'] as const) {
      const request = asked({ kind, dataset: 'cifar10' })
      expect(planeRequest.parse(request)).toEqual(request)
      const back = setupOf(request, FIRST_SETUP)
      expect([back?.kind, back?.images[0], back?.models, back?.reach[kind]]).toEqual([kind, 3, setup.models, 20])
    }
    expect(
      setupOf(
        { ...asked({}), plane: { kind: 'directions', image: 0, u: new Float32Array(2), v: new Float32Array(2) } },
        FIRST_SETUP,
      ),
    ).toBeNull()
  })
  it('a window has as many digits as its length needs', () => {
    expect(asked({}, windowAbout([0.98765, 0.5], 3.2)).first).toEqual([-2.21, 4.19])
    expect(asked({}, windowAbout([0.98765, 0.5], 0.004)).first).toEqual([0.98365, 0.99165])
  })
  it('the command line says the same', () => {
    expect(commandOf(asked({ kind: 'random', jacobian: 'faithful', imageNorm: 2 }))).toBe(
      "lab plane --model 'BP, 30 epochs=r-00000001' --model KH=kh --dataset syntheticScenes --image-norm 2 --image 3 --seed 5 --extent 20 --size 200 --faithful",
    )
    expect(commandOf(asked({ dataset: 'cifar10', split: 'train' }, windowAbout([1, 0.5], 3)))).toBe(
      "lab plane --model 'BP, 30 epochs=r-00000001' --model KH=kh --dataset cifar10 --split train --through 3,17,4 --first=-2:4 --second=-2.5:3.5 --size 200",
    )
    expect(commandOf(asked({ kind: 'adversarial', epsilon: 0.05 }))).toContain(
      '--image 3 --adversarial 0.05 --seed 5 --extent 20',
    )
    const request = asked({ kind: 'adversarial' })
    expect(commandOf({ ...request, models: [...request.models].reverse() })).toBeNull()
  })
})

describe('the colours of Jacobian norms', () => {
  it('are not owned by one corner of the plane', () => {
    const norms = Float32Array.from({ length: 1000 }, (_, point) => (point < 10 ? 2406 : 11 + (point / 1000) * 90))
    const { range, clipped } = jacobianRangeOf(norms)
    expect(clipped).toBe(true)
    expect(range[0]).toBeCloseTo(11.9, 1)
    expect(range[1]).toBeLessThan(102)
  })
  it('reach the largest norm where that is not far beyond the others', () => {
    expect(jacobianRangeOf([1, 2, 3, 4])).toEqual({ range: [1, 4], clipped: false })
    expect(jacobianRangeOf([5, 5, 5])).toEqual({ range: [5, 5], clipped: false })
    expect(jacobianRangeOf([NaN, 1, 2])).toEqual({ range: [1, 2], clipped: false })
  })
})
