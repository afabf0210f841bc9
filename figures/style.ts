import type { StyleName } from '../contract/index.js'
import type { FontName } from './scene.js'

/** A style sheet of section 8.1; lengths in points, sizes of figures in inches. */
export interface FigureStyle {
  label: string
  widthInch: number
  heightInch: number
  fontSizePt: number
  labelSizePt: number
  titleSizePt: number
  legendSizePt: number
  tickSizePt: number
  lineWidthPt: number
  axesWidthPt: number
  tickLengthPt: number
  tickWidthPt: number
  minorTickLengthPt: number
  minorTickWidthPt: number
  labelPadPt: number
  tickPadPt: number
  fonts: { text: FontName; italic: FontName; maths: FontName; symbols: FontName }
}

const serif = { text: 'serif', italic: 'serifItalic', maths: 'maths', symbols: 'serif' } as const
const sans = { text: 'sans', italic: 'sansItalic', maths: 'maths', symbols: 'serif' } as const

const paper: FigureStyle = {
  label: 'IJCV, full text width',
  widthInch: 5.50107,
  heightInch: 1.83369,
  fontSizePt: 10,
  labelSizePt: 10,
  titleSizePt: 10,
  legendSizePt: 10,
  tickSizePt: 8,
  lineWidthPt: 1,
  axesWidthPt: 0.8,
  tickLengthPt: 3.5,
  tickWidthPt: 0.8,
  minorTickLengthPt: 2,
  minorTickWidthPt: 0.4,
  labelPadPt: 3,
  tickPadPt: 1.5,
  fonts: serif,
}

/** Every style sheet of the paper. */
export const STYLES = {
  IJoCV: paper,
  ICLRFullTextwidth: { ...paper, label: 'ICLR, full text width' },
  PRLDoubleCol: { ...paper, label: 'PRL, two columns', widthInch: 6.75, heightInch: 3.375 },
  PRLSingleCol: { ...paper, label: 'PRL, one column', widthInch: 3.375, heightInch: 3.375 },
  PRLPresentations: {
    ...paper,
    label: 'Talk',
    widthInch: 6.75,
    heightInch: 3.375,
    fontSizePt: 26,
    legendSizePt: 18,
    labelSizePt: 18,
    titleSizePt: 20,
    tickSizePt: 16,
    lineWidthPt: 2,
  },
  A1PosterPortrait: {
    ...paper,
    label: 'Poster A1',
    widthInch: 11.037,
    heightInch: 7.804,
    fontSizePt: 34,
    legendSizePt: 32,
    labelSizePt: 32,
    titleSizePt: 32,
    tickSizePt: 26,
    lineWidthPt: 5,
    axesWidthPt: 5,
    tickLengthPt: 6,
    tickWidthPt: 4,
    minorTickLengthPt: 4,
    minorTickWidthPt: 2,
    labelPadPt: 5,
    tickPadPt: 3,
    fonts: sans,
  },
} as const satisfies Record<StyleName, FigureStyle>

/** Colours of section 8.1; `median` is the line in a box plot. */
export const COLOURS = {
  black: '#000000',
  white: '#ffffff',
  dataSpectrum: '#01665e',
  noiseSpectrum: '#8c510a',
  cutoff: '#d8b365',
  median: '#ff7f0e',
} as const

/** Colours of the classes 0 to 9 (ColorBrewer, Paired). */
export const CLASS_COLOURS = [
  '#a6cee3',
  '#1f78b4',
  '#b2df8a',
  '#33a02c',
  '#fb9a99',
  '#e31a1c',
  '#fdbf6f',
  '#ff7f00',
  '#cab2d6',
  '#6a3d9a',
] as const
