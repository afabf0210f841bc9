import { Resvg } from '@resvg/resvg-js'
import {
  FIGURE_FACTS,
  figureFileText,
  smallestOf,
  type FigureContent,
  type FigureFormat,
  type FigureProvenance,
  type PreflightFinding,
  type StyleName,
} from '../contract/index.js'
import { drawFigure, flatten, plottedNumbers, svgText, type Scene } from '../figures/index.js'
import { fontFaces, fontPath, outlineOf, PLAIN_FONTS, realEmbedder, realMeasure } from '../figures/node/fonts.js'
import { embeddedFonts } from '../figures/preflight/embeddedFonts.js'
import { FONT_NAMES, type FontName, type TextRun } from '../figures/scene.js'
import { averaged } from '../figures/writers/averaged.js'
import { crisp } from '../figures/writers/crisp.js'
import { epsText } from '../figures/writers/eps.js'
import { pdfBytes } from '../figures/writers/pdf.js'
import { describePng, writePng } from '../figures/writers/png.js'

const MM_PER_POINT = 25.4 / 72
const POINTS_PER_INCH = 72

/** What is to be drawn, and how. */
export type FigureOrder = FigureContent & {
  style: StyleName
  provenance: FigureProvenance
}

/** A figure for the screen, with its size and what a journal would notice. */
export interface RenderedFigure {
  svg: string
  widthMm: number
  heightMm: number
  findings: PreflightFinding[]
}

export interface ExportedFile {
  format: FigureFormat
  fileName: string
  bytes: Uint8Array
}

const fontsOf = (scene: Scene): FontName[] =>
  FONT_NAMES.filter((font) =>
    scene.items.some((item) => item.kind === 'text' && item.runs.some((run) => run.font === font)),
  )

/** The paint program draws lines of a pixel or less too light, and edges inside pictures by whole pixels; painted finer and averaged, every pixel holds its share. */
const FINEST = 4
const FINER_FOR_PICTURES = 3
/** Maximum number of pixels painted: 128 MB. */
const MOST_PIXELS = 32_000_000

/** How many times finer a scene is painted. */
function finerTimes({ items }: Scene, dpi: number, pixels: number): number {
  const thinnest = smallestOf(
    items.map((item) => (item.kind === 'path' ? (item.stroke?.widthPt ?? Infinity) : Infinity)),
  )
  const forLines = Math.floor(POINTS_PER_INCH / (thinnest * dpi)) + 1
  const wanted = Math.min(
    FINEST,
    Math.max(forLines, items.some(({ kind }) => kind === 'image') ? FINER_FOR_PICTURES : 1),
  )
  return Math.max(1, Math.min(wanted, Math.floor(Math.sqrt(MOST_PIXELS / pixels))))
}

function pngBytes(scene: Scene, dpi: number, provenance: string): Uint8Array {
  const describe = (png: Uint8Array): Uint8Array =>
    describePng(png, dpi, { Title: scene.title, Software: 'LocalLearning Workbench', Description: provenance })
  const [width, height] = [scene.widthPt, scene.heightPt].map((points) =>
    Math.round((points * dpi) / POINTS_PER_INCH),
  ) as [number, number]
  const times = finerTimes(scene, dpi, width * height)
  const crisped = { ...scene, items: scene.items.map((item) => (item.kind === 'image' ? crisp(item) : item)) }
  // The paint program loads TrueType files only; what is set in other fonts is painted as outlines.
  const outlined = (run: TextRun): string | null => (PLAIN_FONTS.includes(run.font) ? null : outlineOf(run))
  const painted = new Resvg(svgText(crisped, realMeasure, { outlineOf: outlined }), {
    font: { fontFiles: PLAIN_FONTS.map(fontPath), loadSystemFonts: false, defaultFontFamily: 'KaTeX_Main' },
    fitTo: { mode: 'width', value: width * times },
    imageRendering: 0,
    textRendering: 2,
  }).render()
  if (times === 1) return describe(painted.asPng())
  const picture = averaged(painted.pixels, painted.width, painted.height, times)
  return describe(writePng(picture.width, picture.height, picture.rgb))
}

/** How each format is written. */
const FORMAT_WRITERS = {
  eps: (scene, provenance) =>
    new TextEncoder().encode(
      epsText(flatten(scene), realEmbedder, {
        creator: provenance.program,
        createdAt: provenance.drawnAt,
        lines: [JSON.stringify(provenance)],
      }),
    ),
  pdf: (scene, provenance) =>
    pdfBytes(scene, realEmbedder, {
      creator: provenance.program,
      createdAt: provenance.drawnAt,
      description: JSON.stringify(provenance),
    }),
  svg: (scene, provenance) =>
    new TextEncoder().encode(
      svgText(scene, realMeasure, { fontFaces: fontFaces(fontsOf(scene)), metadata: JSON.stringify(provenance) }),
    ),
  png: (scene, provenance, dpi) => pngBytes(scene, dpi, JSON.stringify(provenance)),
} as const satisfies Record<FigureFormat, (scene: Scene, provenance: FigureProvenance, dpi: number) => Uint8Array>

/** The numbers that a figure plots, in the form from which it can be drawn again (docs/FILES.md). */
export const numbersText = (content: FigureContent): string => figureFileText(plottedNumbers(content))

/** A drawn figure: for the screen, and as files. */
export interface ExportedFigure {
  rendered: RenderedFigure
  files: ExportedFile[]
}

/**
 * Draws a figure once, for the screen and in several formats.
 *
 * @param order - figure, its data, style and provenance
 * @param formats - each becomes one file, named as in the paper (section 9)
 * @param dpi - resolution of PNG, dots per inch
 * @returns the SVG brings its fonts along, so it looks as it prints; the findings on fonts are read from the EPS and PDF themselves
 * @throws LabError `figure.unsupported`
 */
export function exportFigure(
  { style, provenance, ...content }: FigureOrder,
  formats: readonly FigureFormat[],
  dpi: number,
): ExportedFigure {
  const { scene, findings } = drawFigure(content.figure, content.data, style, realMeasure)
  const press = (format: FigureFormat): ExportedFile => ({
    format,
    fileName: `${FIGURE_FACTS[content.figure].fileStem}.${format}`,
    bytes: FORMAT_WRITERS[format](scene, provenance, dpi),
  })
  const files = formats.map(press)
  const checked = (['eps', 'pdf'] as const).map((format) =>
    embeddedFonts(format, (files.find((file) => file.format === format) ?? press(format)).bytes),
  )
  const svg = svgText(scene, realMeasure, {
    fontFaces: fontFaces(fontsOf(scene)),
    metadata: JSON.stringify(provenance),
  })
  return {
    rendered: {
      svg,
      widthMm: scene.widthPt * MM_PER_POINT,
      heightMm: scene.heightPt * MM_PER_POINT,
      findings: [...findings, ...checked],
    },
    files,
  }
}
