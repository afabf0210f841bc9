import { describe, expect, it } from 'vitest'
import {
  FIGURE_NAMES,
  STYLE_NAMES,
  figureFileText,
  parseFigureFile,
  type FigureContent,
  type FigureSpectraData,
} from '../../contract/index.js'
import { drawFigure, plottedNumbers, svgText } from '../../figures/index.js'
import { modelColours } from '../../figures/models.js'
import { inkBox } from '../../figures/kit/bounds.js'
import { realMeasure } from '../../figures/node/fonts.js'
import { leavesCanvas } from '../../figures/preflight/index.js'
import { overlaps } from '../../figures/preflight/overlaps.js'
import { shownUnits } from '../../figures/shownUnits.js'
import type { ImageItem, PathItem, Scene, SceneItem, TextItem } from '../../figures/scene.js'
import {
  EXAMPLES,
  figure1Example,
  figure2Example,
  figure3Example,
  figure4Example,
  figureA1Example,
  figureA2Example,
} from './examples.js'

const texts = (scene: Scene): TextItem[] => scene.items.filter((item): item is TextItem => item.kind === 'text')
const words = (scene: Scene): string[] => texts(scene).map((item) => item.runs.map((run) => run.text).join(''))
const images = (scene: Scene): ImageItem[] => scene.items.filter((item): item is ImageItem => item.kind === 'image')
const paths = (scene: Scene): PathItem[] => scene.items.filter((item): item is PathItem => item.kind === 'path')
const sceneOf = (content: FigureContent, style: (typeof STYLE_NAMES)[number] = 'IJoCV'): Scene =>
  drawFigure(content.figure, content.data, style, realMeasure).scene
const findingsOf = (content: FigureContent): string[] =>
  drawFigure(content.figure, content.data, 'IJoCV', realMeasure).findings.map(({ text }) => text)

/** The same figures with few numbers, so that their pictures can be kept beside the tests. */
const thin = (data: FigureSpectraData): FigureSpectraData => ({
  ...data,
  rows: data.rows.map((row) => ({
    ...row,
    dataset: { ...row.dataset, curves: row.dataset.curves.slice(0, 3) },
    noise: { ...row.noise, curves: row.noise.curves.slice(0, 3) },
  })),
})
const SMALL: readonly FigureContent[] = [
  { figure: '1', data: figure1Example(40, 20) },
  { figure: '2', data: thin(figure2Example()) },
  { figure: '3', data: thin(figure3Example()) },
  { figure: '4', data: figure4Example(12) },
  { figure: 'A1', data: figureA1Example(40) },
  { figure: 'A2', data: figureA2Example() },
]

describe.each(SMALL)('Figure $figure', (content) => {
  it('is the same scene as before', async () => {
    await expect(svgText(sceneOf(content), realMeasure)).toMatchFileSnapshot(`snapshots/figure${content.figure}.svg`)
  })
  it.each(STYLE_NAMES)('draws in the style sheet %s at its width', (style) => {
    const { findings } = drawFigure(content.figure, content.data, style, realMeasure)
    expect(findings.find(({ text }) => text === 'Width matches the style sheet')?.level).toBe('pass')
  })
  it('reads its own numbers back and draws the same', () => {
    const again = parseFigureFile(JSON.parse(figureFileText(plottedNumbers(content))))
    expect(svgText(sceneOf(again), realMeasure)).toBe(svgText(sceneOf(content), realMeasure))
  })
})

describe.each(EXAMPLES)('Figure $figure of full size', (content) => {
  const scene = sceneOf(content)
  it('has the published size', () => {
    const heights = { '1': 6, '2': 5, '3': 8, '4': 2, A1: 3.3, A2: 1.5 }
    expect([scene.widthPt / 72, scene.heightPt / 72]).toEqual([5.50107, expect.closeTo(heights[content.figure], 9)])
  })
  it("keeps all text inside the canvas on the paper's sheet", () => {
    expect(texts(scene).filter((item) => leavesCanvas(item, scene, realMeasure))).toEqual([])
  })
  it('has no text on another or on a picture', () => {
    const found = overlaps(scene, realMeasure)
    expect([...found.texts, ...found.images].map(({ text }) => text.runs.map((run) => run.text).join(''))).toEqual([])
  })
  it('uses real minus signs', () => {
    expect(words(scene).filter((word) => /-\d/.test(word))).toEqual([])
  })
})

describe.each(EXAMPLES)('Figure $figure in every style sheet', (content) => {
  it.each(STYLE_NAMES)('%s: nothing overlaps or leaves the page, and the panels reach its edges', (style) => {
    const { scene, findings } = drawFigure(content.figure, content.data, style, realMeasure)
    expect(
      findings.filter(({ level, text }) => level === 'fail' || text === 'Labels lie on curves, dots or bars'),
    ).toEqual([])
    expect(findings.find(({ text }) => text === 'Smallest text')?.level).toBe('pass')
    const ink = inkBox(scene.items, realMeasure)!
    const blank = [ink.x, scene.widthPt - ink.x - ink.width, ink.y, scene.heightPt - ink.y - ink.height]
    expect(Math.max(...blank), blank.join(' ')).toBeLessThan(0.03 * scene.widthPt)
    expect(Math.min(...blank), blank.join(' ')).toBeGreaterThanOrEqual(0)
  })
})

describe('texts that lie on each other', () => {
  const word = (x: number, y: number, turn = 0): TextItem => ({
    kind: 'text',
    x,
    y,
    anchor: 'middle',
    turn,
    colour: '#000000',
    runs: [{ text: 'word', font: 'serif', sizePt: 10 }],
  })
  it('are found, turned ones too', () => {
    // A word of about 20 points, capitals of 6.8.
    const pairs = (...items: TextItem[]): number =>
      overlaps({ widthPt: 100, heightPt: 100, title: '', items }, realMeasure).texts.length
    expect(pairs(word(50, 50), word(50, 57))).toBe(0)
    expect(pairs(word(50, 50), word(50, 56))).toBe(1)
    expect(pairs(word(50, 50, 90), word(50, 57))).toBe(1)
    expect(pairs(word(50, 50, 90), word(50, 75))).toBe(0)
  })
  it('and texts on pictures, curves, dots and bars, but not outside their clip and not on white', () => {
    const on = (item: SceneItem) => {
      const { images, paths: inks } = overlaps(
        { widthPt: 100, heightPt: 100, title: '', items: [word(50, 50), item] },
        realMeasure,
      )
      return [images.length, inks.length]
    }
    const path = (
      segments: PathItem['segments'],
      changes: Partial<PathItem> = { stroke: { colour: '#000000', widthPt: 1 } },
    ): PathItem => ({ kind: 'path', segments, ...changes })
    const across = [
      { kind: 'move', x: 0, y: 0 },
      { kind: 'line', x: 100, y: 96 },
    ] as const
    const square = [
      { kind: 'move', x: 30, y: 30 },
      { kind: 'line', x: 70, y: 30 },
      { kind: 'line', x: 70, y: 70 },
      { kind: 'line', x: 30, y: 70 },
      { kind: 'close' },
    ] as const
    expect(
      on({
        kind: 'image',
        box: { x: 40, y: 40, width: 20, height: 20 },
        pixelWidth: 1,
        pixelHeight: 1,
        rgb: new Uint8Array(3),
      }),
    ).toEqual([1, 0])
    expect(on(path(across))).toEqual([0, 1])
    expect(
      on(path(across, { stroke: { colour: '#000000', widthPt: 1 }, clip: { x: 0, y: 0, width: 30, height: 30 } })),
    ).toEqual([0, 0])
    expect(on(path(across, { stroke: { colour: '#ffffff', widthPt: 1 } }))).toEqual([0, 0])
    expect(on(path(square))).toEqual([0, 0])
    expect(on(path(square, { fill: { colour: '#336699' } }))).toEqual([0, 1])
    expect(
      on(
        path(
          [
            { kind: 'move', x: 50, y: 48 },
            { kind: 'line', x: 50, y: 48 },
          ],
          { stroke: { colour: '#000000', widthPt: 3, cap: 'round' } },
        ),
      ),
    ).toEqual([0, 1])
  })
})

describe('Figure 1', () => {
  it('names rows, axes and models, and draws one box for each model and attack', () => {
    const scene = sceneOf({ figure: '1', data: figure1Example() })
    expect(words(scene)).toEqual(
      expect.arrayContaining([
        'Random Perturbation',
        'FGSM',
        'PGD',
        'Rel. accuracy',
        'ε',
        '∥Δx∥crit',
        '0.00',
        '0.25',
        '0.50',
        '0.75',
        '1.00',
        'KH',
        'BP',
        'L2',
        'JReg',
        'SpecReg',
      ]),
    )
    expect(paths(scene).filter(({ stroke }) => stroke?.colour === '#ff7f0e')).toHaveLength(15)
    for (const colour of ['#1b9e77', '#d95f02', '#7570b3', '#e7298a', '#66a61e'])
      expect(paths(scene).filter(({ stroke }) => stroke?.colour === colour)).toHaveLength(6)
  })
  it('keeps names clear of the ticks of the norms when these have a decimal', () => {
    const data = figure1Example(200, 60)
    const norms = Float64Array.from({ length: 200 }, (_, index) => 0.05 + (0.55 * index) / 199)
    const decimal = {
      ...data,
      attacks: data.attacks.map((attack) => ({
        ...attack,
        sweeps: attack.sweeps.map((sweep) => ({ ...sweep, criticalNorms: norms })),
      })),
    }
    for (const style of STYLE_NAMES)
      expect(
        drawFigure('1', decimal, style, realMeasure).findings.filter(({ level }) => level === 'fail'),
        style,
      ).toEqual([])
  })
  it('puts the legend below its panels where the curves leave no corner free', () => {
    const data = figure1Example(20, 10)
    const zigzag = {
      ...data,
      attacks: data.attacks.map((attack) => ({
        ...attack,
        sweeps: attack.sweeps.map((sweep) => ({
          ...sweep,
          relativeAccuracy: sweep.relativeAccuracy.map((_, index) => index % 2),
        })),
      })),
    }
    const names = (figure: typeof data): string[] =>
      words(sceneOf({ figure: '1', data: figure })).filter((word) => word === 'SpecReg')
    // Once below every row's boxes, and in the legends.
    expect([names(data).length, names(zigzag).length]).toEqual([6, 4])
    expect(findingsOf({ figure: '1', data: zigzag })).not.toContain('Labels lie on curves, dots or bars')
  })
  it('takes other models and fewer attacks, and says who was never fooled', () => {
    const { models, attacks } = figure1Example(20, 10)
    const [first] = attacks
    const sweep = first!.sweeps[0]!
    const data = {
      models: [...models.slice(0, 1), { label: 'Mine', colour: null }],
      attacks: [{ label: 'FGSM', sweeps: [sweep, { ...sweep, criticalNorms: new Float64Array(5).fill(NaN) }] }],
    }
    expect(findingsOf({ figure: '1', data })).toContain('FGSM never fooled Mine')
    expect(paths(sceneOf({ figure: '1', data })).filter(({ stroke }) => stroke?.colour === '#ff7f0e')).toHaveLength(1)
    // One row of the published height, and the published margins.
    expect(sceneOf({ figure: '1', data }).heightPt).toBeCloseTo(432 * (0.11 + 0.12 + 0.77 / 3), 9)
  })
})

describe('Figures 2 and 3', () => {
  it('print slopes, titles and row names', () => {
    expect(words(sceneOf({ figure: '2', data: figure2Example() }))).toEqual(
      expect.arrayContaining([
        'CIFAR10',
        'ξ(t)',
        'Dataset',
        'Initialized',
        'KH Layer',
        'Dimension n',
        'λn/λ1',
        'α = −1.47 ± 0.00',
        'α = −2.67 ± 0.01',
      ]),
    )
    expect(words(sceneOf({ figure: '3', data: figure3Example() }))).toEqual(
      expect.arrayContaining(['KH Layer', 'SHLP', 'L2', 'JacReg', 'SpecReg']),
    )
  })
  it('draw smaller layers paler: 0.3 + 0.7 i / last', () => {
    const dots = paths(sceneOf({ figure: '2', data: figure2Example() })).filter(
      ({ stroke }) => stroke?.colour === '#01665e',
    )
    expect(dots.slice(0, 8).map(({ stroke }) => stroke?.opacity)).toEqual(
      Array.from({ length: 8 }, (_, index) => expect.closeTo(0.3 + (0.7 * index) / 7, 9)),
    )
    expect(dots.every(({ stroke }) => stroke?.widthPt === 3.5 && stroke.cap === 'round')).toBe(true)
  })
  it('draw the fit from rank 10 for the window from 11', () => {
    const scene = sceneOf({ figure: '2', data: { ...figure2Example(), rows: figure2Example().rows.slice(0, 1) } })
    const fits = paths(scene).filter(({ stroke, clip }) => stroke?.colour === '#000000' && clip !== undefined)
    expect(fits).toHaveLength(2)
    const [from, to] = fits[0]!.segments
    if (from?.kind !== 'move' || to?.kind !== 'line') throw new Error('a fit is one straight line')
    // Slope on paper: 1.47 decades of y (of 6 in the panel) for each decade of x (of log10 3072 with margins of a twentieth on both sides).
    const { width, height } = fits[0]!.clip!
    const slope = (((to.y - from.y) / height) * 6) / (((to.x - from.x) / width) * 1.1 * Math.log10(3072))
    expect(slope).toBeCloseTo(1.47, 6)
    expect(((to.x - from.x) / width) * 1.1 * Math.log10(3072)).toBeCloseTo(Math.log10(50), 6)
  })
  it('leave the line out where nothing was fitted, and say so', () => {
    const [row] = figure2Example().rows
    expect(
      findingsOf({
        figure: '2',
        data: { datasetLabel: 'MNIST', rows: [{ ...row!, noise: { ...row!.noise, fit: null } }] },
      }),
    ).toContain('No fit is available: Dataset, noise')
  })
})

describe('Figure 4', () => {
  it('has two maps and a colour bar for each model, row 0 at the bottom', () => {
    const data = figure4Example(10)
    const scene = sceneOf({ figure: '4', data })
    expect(images(scene)).toHaveLength(15)
    const map = images(scene).find(({ alpha }) => alpha !== undefined)!
    const [plane] = data.planes
    expect(map.alpha!.opacity[90]).toBe(Math.round(255 * plane!.confidence[0]!))
    expect(map.alpha!.opacity[0]).toBe(Math.round(255 * plane!.confidence[90]!))
  })
  it('names the classes where the data do', () => {
    const classNames = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']
    const data = { ...figure4Example(10), classNames }
    for (const style of STYLE_NAMES) {
      const found = drawFigure('4', data, style, realMeasure)
      expect(words(found.scene), style).toEqual(expect.arrayContaining(['airplane', 'truck']))
      expect(
        found.findings.filter(({ level }) => level === 'fail'),
        style,
      ).toEqual([])
    }
    expect(() =>
      parseFigureFile(JSON.parse(figureFileText({ figure: '4', data: { ...data, classNames: classNames.slice(1) } }))),
    ).toThrow(/expected 10 names/)
    expect(svgText(sceneOf(parseFigureFile(JSON.parse(figureFileText({ figure: '4', data })))), realMeasure)).toBe(
      svgText(sceneOf({ figure: '4', data }), realMeasure),
    )
  })
  it.each([1, 2, 3, 7, 20])('of %s models fills the width with larger or smaller maps', (count) => {
    const { planes, ...rest } = figure4Example(10)
    const many = Array.from({ length: count }, (_, index) => ({
      ...planes[index % 5]!,
      model: { label: `model ${index}`, colour: null },
    }))
    for (const style of STYLE_NAMES) {
      const { scene, findings } = drawFigure('4', { ...rest, planes: many }, style, realMeasure)
      expect(
        findings.filter(({ level }) => level === 'fail'),
        style,
      ).toEqual([])
      const ink = inkBox(scene.items, realMeasure)!
      expect(ink.width / scene.widthPt, style).toBeGreaterThan(0.9)
    }
    const map = images(sceneOf({ figure: '4', data: { ...rest, planes: many } }))[0]!
    expect(map.box.width).toBeGreaterThan(count <= 3 ? 110 : 25)
  })
  it('numbers the classes beside their bands', () => {
    expect(words(sceneOf({ figure: '4', data: figure4Example(10) }))).toEqual(
      expect.arrayContaining(['KHModel', 'SHLP', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']),
    )
  })
  it('writes numbers of four digits in powers of ten, so that no bar runs into the next map', () => {
    const data = figure4Example(10)
    const large = {
      ...data,
      planes: data.planes.map((plane, index) =>
        index === 0 ? { ...plane, jacobianNorm: plane.jacobianNorm.map((_, at) => 30 * at) } : plane,
      ),
    }
    const [plain, reported] = [words(sceneOf({ figure: '4', data })), words(sceneOf({ figure: '4', data: large }))]
    expect(plain.some((word) => word.includes('×10'))).toBe(false)
    expect(
      reported.filter((word) => !plain.includes(word)),
      reported.join(' '),
    ).toContain('×103')
    expect(reported.some((word) => /^\d000$/.test(word))).toBe(false)
  })
  it('stays a figure when nothing varies', () => {
    const data = figure4Example(5)
    const flat = {
      ...data,
      planes: data.planes.map((plane) => ({
        ...plane,
        confidence: new Float32Array(25).fill(1),
        jacobianNorm: new Float32Array(25).fill(3),
      })),
    }
    expect(findingsOf({ figure: '4', data: flat })).toContain('The confidence of KH is the same everywhere')
  })
})

describe('Figure A1', () => {
  it('shows the published units, or sixteen of a smaller layer with removed ones in proportion', () => {
    const unitsOf = (hiddenUnits: number): number[] => shownUnits(figureA1Example(hiddenUnits)).units
    expect(unitsOf(800)).toEqual(Array.from({ length: 16 }, (_, index) => 761 + index))
    // Of 400 units, 11, 61, … 361 were removed: two in a hundred, so that one is shown.
    expect(shownUnits(figureA1Example(400)).removed).toBe(1)
    expect(unitsOf(400).filter((unit) => unit % 50 === 11)).toEqual([11])
    expect(new Set(unitsOf(400)).size).toBe(16)
    expect(unitsOf(5)).toEqual([0, 1, 2, 3, 4])
    expect(unitsOf(12)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })
  it('shows as many removed units as were removed in proportion, and never none', () => {
    const example = figureA1Example(40)
    const removing = (count: number): number => {
      const prunedWeights = example.rawWeights.slice()
      prunedWeights.fill(0, 0, count * 3072)
      return shownUnits({ ...example, prunedWeights }).units.filter((unit) => unit < count).length
    }
    expect([0, 1, 10, 20, 39, 40].map(removing)).toEqual([0, 1, 4, 8, 15, 16])
  })
  it('shows given units, also after its numbers were saved', () => {
    const data = { ...figureA1Example(400), shownUnits: [399, 1, 5, 9] }
    expect(shownUnits(data).units).toEqual([399, 1, 5, 9])
    const [raw] = images(sceneOf({ figure: 'A1', data }))
    expect([raw?.pixelWidth, raw?.pixelHeight]).toEqual([64, 64])
    const again = parseFigureFile(JSON.parse(figureFileText(plottedNumbers({ figure: 'A1', data }))))
    expect(svgText(sceneOf(again), realMeasure)).toBe(svgText(sceneOf({ figure: 'A1', data }), realMeasure))
    const finding = drawFigure('A1', data, 'IJoCV', realMeasure).findings.find(
      ({ text }) => text === 'The mosaics show other units than the paper',
    )
    expect(finding?.detail).toBe('They show the units 399, 1, 5, 9.')
  })
  it('draws files of earlier versions, whose weights are those of the shown units', () => {
    const { shownUnits: _, ...old } = plottedNumbers({ figure: 'A1', data: figureA1Example(400) }).data as ReturnType<
      typeof figureA1Example
    >
    expect(shownUnits(old).units).toEqual(old.units)
  })
  it('reports what differs from the published look', () => {
    const data = figureA1Example()
    expect(
      findingsOf({
        figure: 'A1',
        data: { ...data, cutoff: null, variances: data.variances.map((variance) => variance * 10) },
      }),
    ).toEqual(expect.arrayContaining(['Nothing was pruned', 'The variance axis is wider than published']))
  })
  it('keeps in its numbers the weights of the shown units only', () => {
    const numbers = plottedNumbers({ figure: 'A1', data: figureA1Example() })
    if (numbers.figure !== 'A1') throw new Error('another figure')
    expect(numbers.data.rawWeights).toHaveLength(16 * 3072)
    const [, second = 0] = numbers.data.units ?? []
    expect(numbers.data.rawWeights.subarray(3072, 6144)).toEqual(
      figureA1Example().rawWeights.subarray(second * 3072, (second + 1) * 3072),
    )
  })
})

describe('long data', () => {
  it('of more images and models than fit on a stack are drawn', () => {
    const [attack] = figure1Example(3, 5).attacks
    const norms = Float64Array.from({ length: 300_000 }, (_, index) => 1 + (index % 97))
    const one = {
      models: [{ label: 'KH', colour: null }],
      attacks: [{ label: 'FGSM', sweeps: [{ ...attack!.sweeps[0]!, criticalNorms: norms }] }],
    }
    expect(paths(sceneOf({ figure: '1', data: one })).length).toBeGreaterThan(5)
    const length = 200_000
    const epsilons = Float64Array.from({ length }, (_, index) => 1e-6 * (index + 1))
    const fine = {
      ...one,
      attacks: [
        {
          label: 'FGSM',
          sweeps: [
            { epsilons, relativeAccuracy: epsilons.map((epsilon) => 1 - epsilon), criticalNorms: norms.subarray(0, 9) },
          ],
        },
      ],
    }
    expect(paths(sceneOf({ figure: '1', data: fine })).length).toBeGreaterThan(5)
  })
})

describe('Figure A2', () => {
  it('has the published limits, wider ones where a model lies outside, and says so', () => {
    const data = figureA2Example()
    expect(findingsOf({ figure: 'A2', data })).not.toContain('The axes are wider than published')
    const [first, ...others] = data.models
    const wide = { models: [{ ...first!, testAccuracy: 0.7, medianCriticalNorm: { random: 3, pgd: null } }, ...others] }
    expect(findingsOf({ figure: 'A2', data: wide })).toEqual(
      expect.arrayContaining(['The axes are wider than published', 'KH has no dot for PGD']),
    )
  })
})

describe("the paper's values beside ours", () => {
  it('are rings at half accuracy and bands behind the boxes, for its own models only', () => {
    const data = figure1Example(40, 20)
    const scene = sceneOf({
      figure: '1',
      data: { ...data, withPublished: true, models: [...data.models.slice(0, 4), { label: 'Mine', colour: null }] },
    })
    expect(paths(scene).filter(({ fill }) => fill?.colour === '#808080')).toHaveLength(12)
    expect(paths(scene).filter(({ segments }) => segments.some(({ kind }) => kind === 'curve'))).toHaveLength(12)
    expect(paths(sceneOf({ figure: '1', data })).filter(({ fill }) => fill !== undefined)).toEqual([])
  })
  it('are where the numbers are: the example of Figure A2 has the published ones', () => {
    const scene = sceneOf({ figure: 'A2', data: { ...figureA2Example(), withPublished: true } })
    const rings = paths(scene).filter(({ segments }) => segments.some(({ kind }) => kind === 'curve'))
    const dots = paths(scene).filter(({ stroke, clip }) => stroke?.cap === 'round' && clip !== undefined)
    expect([rings.length, dots.length]).toEqual([10, 10])
    rings.forEach(({ segments: [right, bottom] }, index) => {
      const [dot] = dots[index]!.segments
      if (right?.kind !== 'move' || bottom?.kind !== 'curve' || dot?.kind !== 'move')
        throw new Error('a ring begins at its right')
      expect(bottom.x).toBeCloseTo(dot.x, 9)
      expect(right.y).toBeCloseTo(dot.y, 9)
    })
  })
})

describe('colours of models', () => {
  it("are the paper's by label, the next free ones for others, and given ones as given", () => {
    expect(
      modelColours([
        { label: 'L2', colour: null },
        { label: 'Mine', colour: null },
        { label: 'Yours', colour: '#123456' },
      ]),
    ).toEqual(['#7570b3', '#e6ab02', '#123456'])
    const many = Array.from({ length: 12 }, (_, index) => ({ label: `model ${index}`, colour: null }))
    expect(new Set(modelColours(many)).size).toBe(8)
  })
})

describe('data of a figure from a file', () => {
  const file = (figure: string, data: unknown): unknown => ({ version: 1, figure, data })
  const good = JSON.parse(figureFileText({ figure: '1', data: figure1Example(3, 4) })) as {
    data: { attacks: { sweeps: { epsilons: number[] }[] }[] }
  }
  it.each<[string, unknown, RegExp]>([
    ['an unknown figure', file('7', {}), /figure/],
    ['a later version', { version: 9, figure: '1', data: {} }, /version 1, got version 9/],
    ['an unknown key', file('A2', { models: [], colour: 1 }), /data.*colour|colour/i],
    [
      'sizes that do not rise',
      file('1', {
        ...good.data,
        attacks: good.data.attacks.map((attack) => ({
          ...attack,
          sweeps: attack.sweeps.map((sweep) => ({ ...sweep, epsilons: [...sweep.epsilons].reverse() })),
        })),
      }),
      /attacks\.0\.sweeps\.0\.epsilons: expected increasing perturbation sizes ε, at least one/,
    ],
    [
      'a sweep that is missing',
      file('1', {
        ...good.data,
        attacks: good.data.attacks.map((attack) => ({ ...attack, sweeps: attack.sweeps.slice(1) })),
      }),
      /expected 5 sweeps, one per model, got 4/,
    ],
    [
      'a class that the bar does not show',
      file('4', {
        epsilonAxis: [0, 1],
        xiAxis: [0, 1],
        classCount: 3,
        planes: [
          {
            model: { label: 'KH', colour: null },
            classes: [0, 1, 2, 3],
            confidence: [1, 1, 1, 1],
            jacobianNorm: [1, 1, 1, 1],
          },
        ],
      }),
      /expected classes below 3, got 3/,
    ],
    [
      'accuracies in per cent',
      file('A2', {
        models: [
          { model: { label: 'KH', colour: null }, testAccuracy: 47.2, medianCriticalNorm: { random: 1, pgd: 1 } },
        ],
      }),
      /testAccuracy/,
    ],
  ])('refuses %s', (_, value, pattern) => {
    expect(() => parseFigureFile(value)).toThrow(pattern)
  })
  it('covers every figure', () => expect(EXAMPLES.map(({ figure }) => figure)).toEqual([...FIGURE_NAMES]))
})

describe('models with the dashes of the window', () => {
  const models = [0, 1, 2, 3].map((dash) => ({
    label: `seed ${dash}`,
    colour: '#0d63ab',
    ...(dash === 0 ? {} : { dash }),
  }))
  it('have dashed curves and legends in Figure 1, each its own', () => {
    const example = figure1Example(20, 10)
    const scene = sceneOf({
      figure: '1',
      data: {
        models,
        attacks: example.attacks.map((attack) => ({
          ...attack,
          sweeps: models.map((_, index) => attack.sweeps[index] ?? attack.sweeps[0]!),
        })),
      },
    })
    const dashes = paths(scene)
      .filter(({ stroke }) => stroke?.colour === '#0d63ab')
      .map(({ stroke }) => stroke?.dash?.join(' ') ?? 'solid')
    expect(new Set(dashes).size).toBe(4)
    // A curve and a line of the legend for each attack.
    for (const dash of new Set(dashes))
      expect(dashes.filter((each) => each === dash)).toHaveLength(2 * example.attacks.length)
  })
  it('have dots of different shapes in Figure A2, in panels and legend', () => {
    const scene = sceneOf({
      figure: 'A2',
      data: {
        models: models.map((model, index) => ({
          model,
          testAccuracy: 0.45 + 0.02 * index,
          medianCriticalNorm: { random: 1 + 0.3 * index, pgd: 0.05 + 0.01 * index },
        })),
      },
    })
    const own = paths(scene).filter(({ stroke, fill }) => (stroke ?? fill)?.colour === '#0d63ab')
    expect(own.map(({ segments }) => segments.length).sort()).toEqual([2, 2, 2, 4, 4, 4, 5, 5, 5, 5, 5, 5])
  })
})
