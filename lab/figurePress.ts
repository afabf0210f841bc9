import { Resvg } from '@resvg/resvg-js'
import type { FigureA1Data, FigureFormat, FigureName, FigureProvenance, PreflightFinding, StyleName } from '../contract/index.js'
import { drawFigure, FIGURES, flatten, svgText, type Scene } from '../figures/index.js'
import { fontFaces, fontPath, realEmbedder, realMeasure } from '../figures/node/fonts.js'
import { FONT_NAMES, type FontName } from '../figures/scene.js'
import { epsText } from '../figures/writers/eps.js'
import { describePng } from '../figures/writers/png.js'

const MM_PER_POINT = 25.4 / 72
const POINTS_PER_INCH = 72

/** What is to be drawn, and how. */
export interface FigureOrder {
  figure: FigureName
  data: FigureA1Data
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

export interface PressedFile {
  format: FigureFormat
  fileName: string
  bytes: Uint8Array
}

const fontsOf = (scene: Scene): FontName[] => FONT_NAMES.filter((font) => scene.items.some((item) => item.kind === 'text' && item.runs.some((run) => run.font === font)))

function pngBytes(scene: Scene, dpi: number, provenance: string): Uint8Array {
  const picture = new Resvg(svgText(scene, realMeasure), {
    font: { fontFiles: FONT_NAMES.map(fontPath), loadSystemFonts: false, defaultFontFamily: 'KaTeX_Main' },
    fitTo: { mode: 'width', value: Math.round((scene.widthPt * dpi) / POINTS_PER_INCH) }, imageRendering: 1, textRendering: 2,
  }).render()
  return describePng(picture.asPng(), dpi, { Title: scene.title, Software: 'LocalLearning Workbench', Description: provenance })
}

/** How each format is written. */
const PRESSES = {
  svg: (scene, provenance) => new TextEncoder().encode(svgText(scene, realMeasure, { fontFaces: fontFaces(fontsOf(scene)), metadata: JSON.stringify(provenance) })),
  eps: (scene, provenance) => new TextEncoder().encode(epsText(flatten(scene), realEmbedder, { creator: provenance.program, createdAt: provenance.drawnAt, lines: [JSON.stringify(provenance)] })),
  png: (scene, provenance, dpi) => pngBytes(scene, dpi, JSON.stringify(provenance)),
} as const satisfies Record<FigureFormat, (scene: Scene, provenance: FigureProvenance, dpi: number) => Uint8Array>

/** Draws a figure for the screen: the SVG brings its fonts along, so it looks as it prints. */
export function renderFigure({ figure, data, style, provenance }: FigureOrder): RenderedFigure {
  const { scene, findings } = drawFigure(figure, data, style, realMeasure)
  const svg = svgText(scene, realMeasure, { fontFaces: fontFaces(fontsOf(scene)), metadata: JSON.stringify(provenance) })
  return { svg, widthMm: scene.widthPt * MM_PER_POINT, heightMm: scene.heightPt * MM_PER_POINT, findings }
}

/**
 * Writes a figure in several formats.
 *
 * @param formats - each becomes one file, named as in the paper (section 9)
 * @param dpi - resolution of PNG, dots per inch
 * @throws LabError `figure.unsupported`
 */
export function pressFigure({ figure, data, style, provenance }: FigureOrder, formats: readonly FigureFormat[], dpi: number): PressedFile[] {
  const { scene } = drawFigure(figure, data, style, realMeasure)
  return formats.map((format) => ({ format, fileName: `${FIGURES[figure].fileStem}.${format}`, bytes: PRESSES[format](scene, provenance, dpi) }))
}
