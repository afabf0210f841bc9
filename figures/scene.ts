/** What a figure is made of, in points (1/72 inch) with y downwards; every writer draws the same scene. */
export interface Scene {
  widthPt: number
  heightPt: number
  /** From back to front. */
  items: readonly SceneItem[]
  title: string
}

export type SceneItem = PathItem | ImageItem | TextItem

/** A rectangle. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** A colour `#rrggbb` with its opacity, 0 to 1. */
export interface Paint {
  colour: string
  opacity?: number
  /** What lies below a translucent paint; formats without transparency blend it onto this. */
  over?: string
}

export interface Stroke extends Paint {
  widthPt: number
  /** Lengths of dashes and gaps in points. */
  dash?: readonly number[]
  cap?: 'butt' | 'round' | 'square'
}

/** Straight and curved pieces; absolute coordinates. */
export type Segment =
  | { kind: 'move'; x: number; y: number }
  | { kind: 'line'; x: number; y: number }
  | { kind: 'curve'; x1: number; y1: number; x2: number; y2: number; x: number; y: number }
  | { kind: 'close' }

export interface PathItem {
  kind: 'path'
  segments: readonly Segment[]
  fill?: Paint
  stroke?: Stroke
  clip?: Box
}

/** A picture of whole pixels, never smoothed. */
export interface ImageItem {
  kind: 'image'
  box: Box
  pixelWidth: number
  pixelHeight: number
  /** Width x height x 3 bytes, the upper row first. */
  rgb: Uint8Array
  /** Opacity of every pixel, width x height bytes, and the colour below it. */
  alpha?: { opacity: Uint8Array; over: string }
}

/**
 * Fonts that the program brings along: those of the style sheets, and the parts of STIX Two Text and the signs that replace them
 * for characters which these lack.
 */
export const FONT_NAMES = [
  'serif',
  'serifItalic',
  'serifBold',
  'maths',
  'sans',
  'sansItalic',
  'sansBold',
  'stixLatin',
  'stixLatinExt',
  'stixGreek',
  'stixCyrillic',
  'stixCyrillicExt',
  'stixVietnamese',
  'signs',
] as const
export type FontName = (typeof FONT_NAMES)[number]

/** A stretch of text in one font and size; `risePt` lifts it above the baseline. */
export interface TextRun {
  text: string
  font: FontName
  sizePt: number
  risePt?: number
}

/** A line of text whose baseline begins, is centred or ends at a point, turned about that point. */
export interface TextItem {
  kind: 'text'
  x: number
  y: number
  anchor: 'start' | 'middle' | 'end'
  /** Degrees, anticlockwise. */
  turn: number
  colour: string
  runs: readonly TextRun[]
}

/** Sizes of text, from the real fonts. */
export interface TextMeasure {
  /** Width of a run; characters that its font lacks count as they will be set (see `setInFonts`). */
  widthPt(run: TextRun): number
  /** Whether a font has a character. */
  covers(font: FontName, character: string): boolean
  /** Height of capitals above the baseline, as a share of the size. */
  capHeight(font: FontName): number
}

/** Width of a whole line. */
export const lineWidthPt = (runs: readonly TextRun[], measure: TextMeasure): number =>
  runs.reduce((sum, run) => sum + measure.widthPt(run), 0)
