import * as fontkit from 'fontkit'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { LabError } from '../../contract/index.js'
import { splitRun } from '../kit/setInFonts.js'
import { FONT_NAMES, type FontName, type TextMeasure, type TextRun } from '../scene.js'
import { SVG_FONTS } from '../writers/svg.js'
import type { FontEmbedder, PlacedCharacter } from '../writers/type42.js'

/** A font file of a package, without its ending. */
interface FontFile {
  package: string
  path: string
  /** Ending of the outlines that are measured and embedded, and of the copy for SVG. */
  outlines: 'ttf' | 'woff'
}

/** The Computer Modern fonts that KaTeX ships (SIL Open Font License). */
const katex = (name: string): FontFile => ({ package: 'katex', path: join('dist', 'fonts', name), outlines: 'ttf' })
/** Parts of STIX Two Text (SIL Open Font License). */
const stix = (part: string): FontFile => ({
  package: '@fontsource/stix-two-text',
  path: join('files', `stix-two-text-${part}-400-normal`),
  outlines: 'woff',
})

const FILES = {
  serif: katex('KaTeX_Main-Regular'),
  serifItalic: katex('KaTeX_Main-Italic'),
  serifBold: katex('KaTeX_Main-Bold'),
  maths: katex('KaTeX_Math-Italic'),
  sans: katex('KaTeX_SansSerif-Regular'),
  sansItalic: katex('KaTeX_SansSerif-Italic'),
  sansBold: katex('KaTeX_SansSerif-Bold'),
  stixLatin: stix('latin'),
  stixLatinExt: stix('latin-ext'),
  stixGreek: stix('greek'),
  stixCyrillic: stix('cyrillic'),
  stixCyrillicExt: stix('cyrillic-ext'),
  stixVietnamese: stix('vietnamese'),
  signs: katex('KaTeX_AMS-Regular'),
} as const satisfies Record<FontName, FontFile>

const pathOf = (file: FontFile, ending: string): string =>
  `${join(dirname(createRequire(import.meta.url).resolve(`${file.package}/package.json`)), file.path)}.${ending}`

/** Path of a font's file of outlines. */
export const fontPath = (font: FontName): string => pathOf(FILES[font], FILES[font].outlines)

/** Fonts whose file a paint program can load by itself. */
export const PLAIN_FONTS = FONT_NAMES.filter((font) => FILES[font].outlines === 'ttf')

type OpenedFont = fontkit.Font
const opened = new Map<FontName, OpenedFont>()

function openFont(name: FontName): OpenedFont {
  const known = opened.get(name)
  if (known !== undefined) return known
  const font = fontkit.create(readFileSync(fontPath(name)))
  if (!('layout' in font)) throw new LabError('internal', `${fontPath(name)} is a font collection, not a single font`)
  opened.set(name, font)
  return font
}

const covers = (name: FontName, character: string): boolean =>
  openFont(name).hasGlyphForCodePoint(character.codePointAt(0) ?? 0)

/** Every character on its own: ligatures would hide the letters that they join. */
function placeCharacters({ text, font: name, sizePt }: TextRun): PlacedCharacter[] {
  const font = openFont(name)
  const missing = Array.from(text).find((character) => !covers(name, character))
  if (missing !== undefined)
    throw new LabError(
      'internal',
      `the font ${FILES[name].path} has no character "${missing}"; the scene was not set in fonts`,
    )
  const glyphs = font.layout(text, { liga: false, clig: false, dlig: false })
  return glyphs.glyphs.map((glyph, index) => {
    const character = String.fromCodePoint(...glyph.codePoints)
    return { character, advancePt: ((glyphs.positions[index]?.xAdvance ?? 0) * sizePt) / font.unitsPerEm }
  })
}

/** Widths and heights of text in the real fonts. */
export const realMeasure: TextMeasure = {
  covers,
  widthPt: (run) =>
    splitRun(run, covers)
      .flatMap(placeCharacters)
      .reduce((sum, { advancePt }) => sum + advancePt, 0),
  capHeight: (name) => {
    const font = openFont(name)
    return (font.capHeight || 0.683 * font.unitsPerEm) / font.unitsPerEm
  },
}

/**
 * The outlines of a run as the data of an SVG path, y downwards, the baseline's beginning at 0, 0.
 *
 * @param run - in a font that has all of its characters
 */
export function outlineOf(run: TextRun): string {
  const font = openFont(run.font)
  const { glyphs, positions } = font.layout(run.text, { liga: false, clig: false, dlig: false })
  const scale = run.sizePt / font.unitsPerEm
  let along = 0
  return glyphs
    .map((glyph, index) => {
      const path = glyph.path.scale(scale, -scale).translate(along, 0).toSVG()
      along += (positions[index]?.xAdvance ?? 0) * scale
      return path
    })
    .join('')
}

/** Cuts fonts down to the characters that a figure uses. */
export const realEmbedder: FontEmbedder = {
  characters: placeCharacters,
  subset: (name, characters) => {
    const font = openFont(name)
    const subset = font.createSubset()
    const glyphs = new Map(
      characters.map((character) => [
        character,
        Number(subset.includeGlyph(font.glyphForCodePoint(character.codePointAt(0) ?? 0))),
      ]),
    )
    const advances = new Map(
      characters.map((character) => [character, font.glyphForCodePoint(character.codePointAt(0) ?? 0).advanceWidth]),
    )
    const { minX, minY, maxX, maxY } = font.bbox
    const { ascent, descent, capHeight, italicAngle } = font
    return {
      postScriptName: font.postscriptName,
      bytes: subset.encode(),
      unitsPerEm: font.unitsPerEm,
      boundingBox: [minX, minY, maxX, maxY],
      ascent,
      descent,
      capHeight,
      italicAngle,
      glyphs,
      advances,
    }
  },
}

/** CSS that brings the fonts along inside an SVG file. */
export function fontFaces(fonts: readonly FontName[] = FONT_NAMES): string {
  return fonts
    .map((font) => {
      const { family, style, weight } = SVG_FONTS[font]
      const data = readFileSync(pathOf(FILES[font], 'woff2')).toString('base64')
      return `@font-face{font-family:"${family}";font-style:${style};font-weight:${weight};src:url(data:font/woff2;base64,${data}) format("woff2")}`
    })
    .join('')
}
