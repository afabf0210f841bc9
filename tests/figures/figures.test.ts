import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { afterAll, describe, expect, it } from 'vitest'
import { STYLE_NAMES, type FigureA1Data, type FigureProvenance } from '../../contract/index.js'
import { blend } from '../../figures/colour.js'
import { mosaicUnits } from '../../figures/figureA1.js'
import { drawFigure, flatten, svgText, type Scene } from '../../figures/index.js'
import { linearTicks, logTicks } from '../../figures/kit/scale.js'
import { realEmbedder, realMeasure } from '../../figures/node/fonts.js'
import { leavesCanvas } from '../../figures/preflight.js'
import type { TextItem } from '../../figures/scene.js'
import { ascii85 } from '../../figures/writers/ascii85.js'
import { epsText } from '../../figures/writers/eps.js'
import { pressFigure, renderFigure } from '../../lab/figurePress.js'
import { randomStream } from '../../engine/random/index.js'

const folder = mkdtempSync(join(tmpdir(), 'workbench-figures-'))
afterAll(() => rmSync(folder, { recursive: true }))
const has = (program: string): boolean => spawnSync(program, ['-v']).error === undefined
const ghostscript = has('gs')
if (!ghostscript) console.warn('Ghostscript is not here: EPS files are not compared as pixels in this run (apt-get install ghostscript).') // eslint-disable-line no-console

/** A layer of waves of growing frequency, with eight units of noise. */
function exampleData(hiddenUnits: number): FigureA1Data {
  const random = randomStream(1, 'figure test')
  const rawWeights = Float32Array.from({ length: hiddenUnits * 3072 }, (_, index) => {
    const unit = Math.floor(index / 3072)
    const pixel = Math.floor((index % 3072) / 3)
    if (unit % 50 === 11) return 0.05 * random.normal()
    return 0.06 + 0.03 * Math.sin(((pixel % 32) * (1 + (unit % 7)) + (index % 3)) / 9) * Math.cos((Math.floor(pixel / 32) * (1 + (unit % 5))) / 9)
  })
  const prunedWeights = rawWeights.slice()
  for (let unit = 11; unit < hiddenUnits; unit += 50) prunedWeights.fill(0, unit * 3072, (unit + 1) * 3072)
  const law = (scale: number, exponent: number): Float64Array => Float64Array.from({ length: hiddenUnits }, (_, index) => scale * (index + 1) ** exponent)
  return {
    imageShape: [32, 32, 3], hiddenUnits, rawWeights, prunedWeights, cutoff: 0.00157, datasetLabel: 'CIFAR-10',
    variances: Float64Array.from({ length: hiddenUnits }, (_, unit) => (unit % 50 === 11 ? 0.002 + 0.0001 * random.normal() : 0.0008 + 0.0002 * random.normal())),
    spectra: { datasetRaw: law(30, -2.2), datasetPruned: law(20, -2.6), noiseRaw: law(9000, -1.3), noisePruned: law(80, -0.7) },
  }
}
const provenance: FigureProvenance = { figure: 'A1', runs: ['r-00000001'], seeds: [1], style: 'IJoCV', program: 'LocalLearning Workbench test', drawnAt: '2026-01-01T00:00:00.000Z' }
const data = exampleData(400)
const order = { figure: 'A1', data, style: 'IJoCV', provenance } as const
const bytesOf = (format: 'eps' | 'png' | 'svg', dpi: number): Uint8Array => pressFigure(order, [format], dpi)[0]?.bytes ?? new Uint8Array(0)
const textOf = (format: 'eps' | 'svg'): string => new TextDecoder().decode(bytesOf(format, 300))

describe('Figure A1', () => {
  it('is the same scene as before', async () => {
    const { scene } = drawFigure('A1', exampleData(40), 'IJoCV', realMeasure)
    await expect(svgText(scene, realMeasure)).toMatchFileSnapshot('snapshots/figureA1.svg')
  })

  it('shows the published units, or sixteen spread over a smaller layer', () => {
    expect(mosaicUnits(2000)).toEqual(Array.from({ length: 16 }, (_, index) => 761 + index))
    expect(mosaicUnits(400)).toEqual([0, 25, 50, 75, 100, 125, 150, 175, 200, 225, 250, 275, 300, 325, 350, 375])
    expect(mosaicUnits(5)).toEqual([0, 1, 2, 3, 4])
  })

  it.each(STYLE_NAMES)('draws in the style sheet %s at its width', (style) => {
    const { scene, findings } = drawFigure('A1', data, style, realMeasure)
    expect(findings.find(({ text }) => text === 'Width equals the style sheet')?.level).toBe('pass')
    expect(scene.items.length).toBeGreaterThan(80)
  })

  it('keeps all text inside the canvas on the paper\'s sheet', () => {
    const { scene } = drawFigure('A1', data, 'IJoCV', realMeasure)
    const texts = scene.items.filter((item): item is TextItem => item.kind === 'text')
    expect(texts.filter((item) => leavesCanvas(item, scene, realMeasure))).toEqual([])
  })

  it('tells what differs from the published look', () => {
    const { findings } = drawFigure('A1', { ...data, cutoff: null, variances: data.variances.map((variance) => variance * 10) }, 'IJoCV', realMeasure)
    expect(findings.map(({ text }) => text)).toEqual(expect.arrayContaining(['Nothing was pruned', 'The variance axis is wider than published']))
  })
})

describe('EPS', () => {
  it('has the exact bounding box, level 3 and the provenance', () => {
    const eps = textOf('eps')
    // 5.50107 x 3.3 inches of 72 points.
    expect(eps).toMatch(/^%!PS-Adobe-3\.0 EPSF-3\.0\n%%BoundingBox: 0 0 397 238\n%%HiResBoundingBox: 0 0 396\.077 237\.6\n%%LanguageLevel: 3\n/)
    expect(eps).toContain('r-00000001')
    expect(eps).toContain('/FontType 42')
    expect(eps).not.toMatch(/[^\x20-\x7e\n]/)
  })
  it('is the same bytes twice', () => expect(textOf('eps')).toBe(textOf('eps')))
  it('holds the blended colour of the histogram and no transparency', () => {
    // #01665e at 0.3 over white.
    expect(blend('#01665e', 0.3, '#ffffff')).toBe('#b3d1cf')
    const channels = [0xb3, 0xd1, 0xcf].map((value) => String(Math.round((value / 255) * 1000) / 1000)).join(' ')
    expect(textOf('eps')).toContain(`${channels} k`)
  })
  it('refuses what it cannot hold', () => {
    const scene = (opacity: number, over?: string): Scene => ({
      widthPt: 10, heightPt: 10, title: '', items: [{ kind: 'path', segments: [], fill: { colour: '#112233', opacity, ...(over === undefined ? {} : { over }) } }],
    })
    const about = { creator: '', createdAt: '', lines: [] }
    expect(() => epsText(scene(0.5, '#ffffff'), realEmbedder, about)).toThrow(/no transparency/)
    expect(() => flatten(scene(0.5))).toThrow(/does not say what lies below/)
    const missing: Scene = { widthPt: 10, heightPt: 10, title: '', items: [{ kind: 'text', x: 0, y: 0, anchor: 'start', turn: 0, colour: '#000000', runs: [{ text: '漢', font: 'serif', sizePt: 9 }] }] }
    expect(() => epsText(missing, realEmbedder, about)).toThrow(/has no character "漢" \(U\+6F22\)/)
    expect(() => svgText(missing, realMeasure)).toThrow(/no character/)
  })
  it('ASCII85 as in its definition', () => {
    expect(ascii85(new TextEncoder().encode('Man '))).toBe('9jqo^~>')
    expect(ascii85(Uint8Array.of(0, 0, 0, 0))).toBe('z~>')
    expect(ascii85(Uint8Array.of(77))).toBe('9`~>')
  })

  it.skipIf(!ghostscript)('looks like the PNG of the same figure, pixel by pixel', () => {
    const dpi = 200
    const epsPath = join(folder, 'a1.eps')
    const gsPath = join(folder, 'gs.png')
    writeFileSync(epsPath, bytesOf('eps', dpi))
    const ours = PNG.sync.read(Buffer.from(bytesOf('png', dpi)))
    execFileSync('gs', ['-q', '-dNOPAUSE', '-dBATCH', '-dSAFER', '-dEPSCrop', '-sDEVICE=png16m', '-dTextAlphaBits=4', '-dGraphicsAlphaBits=4', `-r${(ours.width * 72) / 396.077}`, `-sOutputFile=${gsPath}`, epsPath])
    const theirs = PNG.sync.read(readFileSync(gsPath))
    expect(Math.abs(theirs.width - ours.width)).toBeLessThanOrEqual(3)
    const width = Math.min(ours.width, theirs.width)
    // The bounding box is rounded up at the top, so rows are compared from the bottom.
    const height = Math.min(ours.height, theirs.height)
    let sum = 0
    let far = 0
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        for (let channel = 0; channel < 3; channel++) {
          const a = ours.data[4 * ((ours.height - 1 - row) * ours.width + column) + channel] ?? 0
          const b = theirs.data[4 * ((theirs.height - 1 - row) * theirs.width + column) + channel] ?? 0
          sum += Math.abs(a - b)
          if (Math.abs(a - b) > 96) far += 1
        }
      }
    }
    expect(sum / (3 * width * height)).toBeLessThan(1.5)
    expect(far / (3 * width * height)).toBeLessThan(0.004)
  })

  it.skipIf(!ghostscript)('stays inside its bounding box, and its words can be found', () => {
    const epsPath = join(folder, 'words.eps')
    writeFileSync(epsPath, bytesOf('eps', 300))
    const box = spawnSync('gs', ['-q', '-dNOPAUSE', '-dBATCH', '-dSAFER', '-sDEVICE=bbox', epsPath], { encoding: 'utf8' }).stderr
    const [left = -1, bottom = -1, right = 999, top = 999] = (/%%BoundingBox: (.*)/.exec(box)?.[1] ?? '').split(' ').map(Number)
    expect(left).toBeGreaterThanOrEqual(0)
    expect(bottom).toBeGreaterThanOrEqual(0)
    expect(right).toBeLessThanOrEqual(397)
    expect(top).toBeLessThanOrEqual(238)
    if (!has('pdftotext')) return
    execFileSync('gs', ['-q', '-dNOPAUSE', '-dBATCH', '-dSAFER', '-dEPSCrop', '-sDEVICE=pdfwrite', `-sOutputFile=${join(folder, 'words.pdf')}`, epsPath])
    const words = execFileSync('pdftotext', ['-layout', join(folder, 'words.pdf'), '-'], { encoding: 'utf8' })
    for (const word of ['Raw', 'Pruned', 'CIFAR10', 'Frequency', 'Variance', 'Weight variance distribution', '0.001', 'Dimension']) expect(words).toContain(word)
  })
})

describe('PNG and SVG', () => {
  it('PNG has the size and resolution that were asked for, and its provenance', () => {
    const bytes = Buffer.from(bytesOf('png', 300))
    const png = PNG.sync.read(bytes)
    expect([png.width, png.height]).toEqual([1650, 990])
    expect(bytes.readUInt32BE(bytes.indexOf('pHYs') + 4)).toBe(Math.round(300 / 0.0254))
    expect(bytes.includes('r-00000001')).toBe(true)
  })
  it('the screen shows the same scene with its fonts inside', () => {
    const { svg, widthMm, heightMm } = renderFigure(order)
    expect(svg).toContain('@font-face')
    expect(widthMm).toBeCloseTo(5.50107 * 25.4, 6)
    expect(heightMm).toBeCloseTo(3.3 * 25.4, 6)
  })
})

describe('ticks', () => {
  it('of linear axes are round', () => {
    expect(linearTicks([0, 48], 3)).toEqual([0, 20, 40])
    expect(linearTicks([0, 0.9], 4).map((value) => Number(value.toPrecision(6)))).toEqual([0, 0.25, 0.5, 0.75])
  })
  it('of log axes are whole decades, every so many', () => {
    expect(logTicks([1e-6, 150], 3)).toEqual({ major: [-6, -3, 0], minor: [1e-5, 1e-4, 1e-2, 1e-1, 10, 100] })
    expect(logTicks([0.5, 50], 5)).toMatchObject({ major: [0, 1] })
  })
})
