import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { afterAll, describe, expect, it } from 'vitest'
import { FIGURE_FORMATS, type FigureContent, type FigureFormat } from '../../contract/index.js'
import { blend } from '../../figures/colour.js'
import { flatten, type Scene } from '../../figures/index.js'
import { realEmbedder } from '../../figures/node/fonts.js'
import { embeddedFonts } from '../../figures/preflight/embeddedFonts.js'
import { ascii85 } from '../../figures/writers/ascii85.js'
import { averaged } from '../../figures/writers/averaged.js'
import { crisp } from '../../figures/writers/crisp.js'
import { epsText } from '../../figures/writers/eps.js'
import { pdfBytes } from '../../figures/writers/pdf.js'
import { exportFigure } from '../../lab/figureExport.js'
import { EXAMPLES, exampleProvenance } from './examples.js'
import { difference, has, ink, paintWithGhostscript, paintWithPoppler } from './pixels.js'

const folder = mkdtempSync(join(tmpdir(), 'workbench-figures-'))
afterAll(() => rmSync(folder, { recursive: true }))
const ghostscript = has('gs')
const poppler = has('pdftotext')
/* eslint-disable no-console */
if (!ghostscript)
  console.warn('Ghostscript is missing: EPS and PDF are not compared as pixels (apt-get install ghostscript).')
if (!poppler) console.warn('poppler is missing: no other program reads the PDF files (apt-get install poppler-utils).')
/* eslint-enable no-console */

const press = (content: FigureContent, dpi = 300) =>
  exportFigure({ ...content, style: 'IJoCV', provenance: exampleProvenance(content.figure) }, FIGURE_FORMATS, dpi)
const DPI = 240
const pressed = new Map(EXAMPLES.map((content) => [content.figure, press(content, DPI)]))
const bytesOf = (figure: FigureContent['figure'], format: FigureFormat): Uint8Array =>
  pressed.get(figure)?.files.find((file) => file.format === format)?.bytes ?? new Uint8Array(0)
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
const path = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

/**
 * Mean difference from our PNG over the mean ink of the page, both of 255: a page that is filled differs in more places. The contour lines of Figure 4 are a third of a
 * pixel wide: our PNG has their share of ink, Ghostscript a fifth more, since it paints whatever a line touches (9.0 and 10.9 of 255 on a page of these lines alone).
 */
const MEAN_LIMIT = { '1': 0.065, '2': 0.055, '3': 0.055, '4': 0.035, A1: 0.038, A2: 0.08 } as const
const FAR_LIMIT = 0.002

describe.each(EXAMPLES.map(({ figure }) => figure))('Figure %s', (figure) => {
  const { rendered } = pressed.get(figure)!
  const ours = PNG.sync.read(Buffer.from(bytesOf(figure, 'png')))
  const canvas = {
    widthPt: (rendered.widthMm / 25.4) * 72,
    heightPt: (rendered.heightMm / 25.4) * 72,
    width: ours.width,
    height: ours.height,
  }

  it.skipIf(!ghostscript)('looks the same as EPS and as PNG, pixel by pixel', () => {
    const { mean, far } = difference(ours, paintWithGhostscript(bytesOf(figure, 'eps'), 'eps', canvas, folder))
    expect(mean / ink(ours)).toBeLessThan(MEAN_LIMIT[figure])
    expect(far).toBeLessThan(FAR_LIMIT)
  })
  it.skipIf(!poppler)('looks the same as PDF and as PNG, pixel by pixel', () => {
    const { mean, far } = difference(ours, paintWithPoppler(bytesOf(figure, 'pdf'), canvas, folder))
    expect(mean / ink(ours)).toBeLessThan(MEAN_LIMIT[figure])
    expect(far).toBeLessThan(FAR_LIMIT)
  })
  it.skipIf(!ghostscript)('stays inside the bounding box of its EPS', () => {
    const box = spawnSync(
      'gs',
      ['-q', '-dNOPAUSE', '-dBATCH', '-dSAFER', '-sDEVICE=bbox', path('box.eps', bytesOf(figure, 'eps'))],
      { encoding: 'utf8' },
    ).stderr
    const [left = -1, bottom = -1, right = 999, top = 9999] = (/%%BoundingBox: (.*)/.exec(box)?.[1] ?? '')
      .split(' ')
      .map(Number)
    expect(Math.min(left, bottom)).toBeGreaterThanOrEqual(0)
    expect(right).toBeLessThanOrEqual(Math.ceil(canvas.widthPt))
    expect(top).toBeLessThanOrEqual(Math.ceil(canvas.heightPt - 1e-9))
  })
  it.skipIf(!poppler)('is a PDF of its exact size with embedded fonts and words to be found', () => {
    const file = path('a.pdf', bytesOf(figure, 'pdf'))
    expect(execFileSync('pdfinfo', [file], { encoding: 'utf8' })).toMatch(
      new RegExp(`Page size: +396\\.077 x ${Number(canvas.heightPt.toFixed(3))} pts`),
    )
    const fonts = execFileSync('pdffonts', [file], { encoding: 'utf8' }).trim().split('\n').slice(2)
    for (const font of fonts) expect(font).toMatch(/CID TrueType +Identity-H +yes yes yes/)
    const found = execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' }).replace(/\s+/g, ' ')
    const wanted = {
      '1': ['SpecReg', 'Rel. accuracy', 'Random Perturbation'],
      '2': ['CIFAR10', 'α = −1.47 ± 0.00', 'Dimension n'],
      '3': ['JacReg', 'α = −4.11 ± 0.01'],
      '4': ['KHModel', 'SpecReg'],
      A1: ['Weight variance distribution', '0.001'],
      A2: ['Test accuracy', '0.45'],
    }
    for (const word of wanted[figure]) expect(found).toContain(word)
  })
  it('is the same bytes twice in every format', () => {
    const content = EXAMPLES.find((example) => example.figure === figure)!
    for (const { format, bytes } of press(content, DPI).files)
      expect(Buffer.compare(bytes, bytesOf(figure, format)), format).toBe(0)
  })
  it('carries run, seed and style in every format', () => {
    for (const format of FIGURE_FORMATS) expect(latin1(bytesOf(figure, format)), format).toContain('r-00000001')
  })
  it('passes the check of embedded fonts', () => {
    expect(
      rendered.findings.filter(({ text }) => text.startsWith('Fonts are embedded')).map(({ level }) => level),
    ).toEqual(['pass', 'pass'])
  })
})

describe('EPS', () => {
  it('has the exact bounding box and level 3, and is plain ASCII', () => {
    // 5.50107 x 3.3 inches of 72 points.
    const eps = latin1(bytesOf('A1', 'eps'))
    expect(eps).toMatch(
      /^%!PS-Adobe-3\.0 EPSF-3\.0\n%%BoundingBox: 0 0 397 238\n%%HiResBoundingBox: 0 0 396\.077 237\.6\n%%LanguageLevel: 3\n/,
    )
    expect(eps).not.toMatch(/[^\x20-\x7e\n]/)
  })
  it('holds the blended colour of the histogram and no transparency', () => {
    // #01665e at 0.3 over white.
    expect(blend('#01665e', 0.3, '#ffffff')).toBe('#b3d1cf')
    const channels = [0xb3, 0xd1, 0xcf].map((value) => String(Math.round((value / 255) * 1000) / 1000)).join(' ')
    expect(latin1(bytesOf('A1', 'eps'))).toContain(`${channels} k`)
  })
  it('refuses what it cannot hold', () => {
    const scene = (opacity: number, over?: string): Scene => ({
      widthPt: 10,
      heightPt: 10,
      title: '',
      items: [
        { kind: 'path', segments: [], fill: { colour: '#112233', opacity, ...(over === undefined ? {} : { over }) } },
      ],
    })
    const about = { creator: '', createdAt: '', lines: [] }
    expect(() => epsText(scene(0.5, '#ffffff'), realEmbedder, about)).toThrow(/does not support transparency/)
    expect(() => flatten(scene(0.5))).toThrow(/has no known background/)
    const missing: Scene = {
      widthPt: 10,
      heightPt: 10,
      title: '',
      items: [
        {
          kind: 'text',
          x: 0,
          y: 0,
          anchor: 'start',
          turn: 0,
          colour: '#000000',
          runs: [{ text: '漢', font: 'serif', sizePt: 9 }],
        },
      ],
    }
    expect(() => epsText(missing, realEmbedder, about)).toThrow(/has no character "漢"/)
    expect(() => pdfBytes(missing, realEmbedder, { creator: '', createdAt: '', description: '' })).toThrow(
      /no character/,
    )
  })
  it('ASCII85 as in its definition', () => {
    expect(ascii85(new TextEncoder().encode('Man '))).toBe('9jqo^~>')
    expect(ascii85(Uint8Array.of(0, 0, 0, 0))).toBe('z~>')
    expect(ascii85(Uint8Array.of(77))).toBe('9`~>')
  })
})

describe('PDF', () => {
  const about = { creator: 'test', createdAt: '2026-01-02T03:04:05.678Z', description: 'λ & (brackets)' }
  const picture: Scene = {
    widthPt: 30,
    heightPt: 20,
    title: 'A \\ title',
    items: [
      {
        kind: 'path',
        segments: [{ kind: 'move', x: 0, y: 0 }, { kind: 'line', x: 9, y: 9 }, { kind: 'close' }],
        fill: { colour: '#ff0000', opacity: 0.25 },
        stroke: { colour: '#000000', widthPt: 1, opacity: 0.5 },
      },
      {
        kind: 'image',
        box: { x: 0, y: 0, width: 10, height: 10 },
        pixelWidth: 1,
        pixelHeight: 2,
        rgb: Uint8Array.of(255, 0, 0, 0, 0, 255),
        alpha: { opacity: Uint8Array.of(255, 51), over: '#ffffff' },
      },
    ],
  }
  it('keeps transparency as states of the page and as soft masks', () => {
    const text = latin1(pdfBytes(picture, realEmbedder, about))
    expect(text).toContain('/ExtGState << /G1 << /Type /ExtGState /ca 0.25 /CA 0.5 >> >>')
    expect(text).toMatch(/\/ColorSpace \/DeviceRGB [^\n]*\/SMask \d+ 0 R/)
    expect(text).toContain('/MediaBox [0 0 30 20]')
  })
  it('says its origin twice: as information of the document and as XMP', () => {
    const text = Buffer.from(pdfBytes(picture, realEmbedder, about)).toString('utf8')
    expect(text).toContain('/Title (A \\\\ title)')
    expect(text).toContain('/CreationDate (D:20260102030405Z)')
    expect(text).toContain('/Subject <FEFF03BB')
    expect(text).toContain('<rdf:li xml:lang="x-default">λ &amp; (brackets)</rdf:li>')
  })
  it('points to every object where it lies', () => {
    const text = latin1(bytesOf('4', 'pdf'))
    const start = Number(/startxref\n(\d+)/.exec(text)?.[1])
    const rows = text
      .slice(start)
      .split('\n')
      .slice(3)
      .filter((row) => row.endsWith(' n '))
    expect(rows.length).toBeGreaterThan(20)
    rows.forEach((row, index) =>
      expect(text.slice(Number(row.slice(0, 10))).startsWith(`${index + 1} 0 obj\n`)).toBe(true),
    )
  })
  it('is found out when a font is missing', () => {
    const text = latin1(bytesOf('A2', 'pdf')).replace(/\/FontFile2 \d+ 0 R/, '')
    expect(
      embeddedFonts(
        'pdf',
        Uint8Array.from(text, (character) => character.charCodeAt(0)),
      ),
    ).toMatchObject({ level: 'fail', value: '1 of 2' })
    const eps = latin1(bytesOf('A2', 'eps')).replace('/FontType 42 def', '/FontType 1 def')
    expect(
      embeddedFonts(
        'eps',
        Uint8Array.from(eps, (character) => character.charCodeAt(0)),
      ),
    ).toMatchObject({ level: 'fail', value: '1 of 2' })
  })
})

describe('PNG and SVG', () => {
  it('PNG has the size and resolution that were asked for', () => {
    const bytes = Buffer.from(bytesOf('A1', 'png'))
    const png = PNG.sync.read(bytes)
    // 5.50107 x 3.3 inches of 240 dots.
    expect([png.width, png.height]).toEqual([1320, 792])
    expect(bytes.readUInt32BE(bytes.indexOf('pHYs') + 4)).toBe(Math.round(DPI / 0.0254))
  })
  it('the screen shows the same scene with its fonts inside', () => {
    const { svg, widthMm, heightMm } = pressed.get('A1')!.rendered
    expect(svg).toContain('@font-face')
    expect(widthMm).toBeCloseTo(5.50107 * 25.4, 6)
    expect(heightMm).toBeCloseTo(3.3 * 25.4, 6)
  })
})

describe('pictures', () => {
  it('repeat whole cells until they have 600 an inch', () => {
    // 2 cells in a tenth of an inch are 20 an inch: 30 times as many.
    const { pixelWidth, pixelHeight, rgb } = crisp({
      kind: 'image',
      box: { x: 0, y: 0, width: 7.2, height: 7.2 },
      pixelWidth: 2,
      pixelHeight: 1,
      rgb: Uint8Array.of(1, 2, 3, 4, 5, 6),
    })
    expect([pixelWidth, pixelHeight]).toEqual([60, 1])
    expect([...rgb.subarray(29 * 3, 31 * 3)]).toEqual([1, 2, 3, 4, 5, 6])
  })
  it('painted finer are averaged, each pixel over what it covers', () => {
    // 5 x 4 painted twice finer: the last column is left over, and rounds to a third pixel of its own.
    const rgba = Uint8Array.from({ length: 4 * 5 * 4 }, (_, place) =>
      place % 4 === 3 ? 255 : 10 * (Math.floor(place / 4) % 5) + (place % 4),
    )
    const { width, height, rgb } = averaged(rgba, 5, 4, 2)
    expect([width, height]).toEqual([3, 2])
    expect([...rgb.subarray(0, 9)]).toEqual([5, 6, 7, 25, 26, 27, 40, 41, 42])
    expect(averaged(rgba, 5, 4, 1).rgb.subarray(0, 3)).toEqual(Uint8Array.of(0, 1, 2))
  })
  it('blend onto what lies below for formats without transparency', () => {
    const [item] = flatten({
      widthPt: 1,
      heightPt: 1,
      title: '',
      items: [
        {
          kind: 'image',
          box: { x: 0, y: 0, width: 1, height: 1 },
          pixelWidth: 1,
          pixelHeight: 1,
          rgb: Uint8Array.of(0, 100, 255),
          alpha: { opacity: Uint8Array.of(51), over: '#ffffff' },
        },
      ],
    }).items
    // 51 / 255 = 0.2: 255 - 0.2 * (255 - value).
    expect(item).toMatchObject({ rgb: Uint8Array.of(204, 224, 255) })
    expect(item).not.toHaveProperty('alpha')
  })
})
