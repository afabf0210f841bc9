import * as fontkit from 'fontkit'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { LabError } from '../../contract/index.js'
import { FONT_NAMES, type FontName, type TextMeasure, type TextRun } from '../scene.js'
import { SVG_FONTS } from '../writers/svg.js'
import type { FontEmbedder, PlacedCharacter } from '../writers/type42.js'

/** The Computer Modern fonts that KaTeX ships (SIL Open Font License). */
const FILES = {
  serif: 'KaTeX_Main-Regular', serifItalic: 'KaTeX_Main-Italic', serifBold: 'KaTeX_Main-Bold', maths: 'KaTeX_Math-Italic',
  sans: 'KaTeX_SansSerif-Regular', sansItalic: 'KaTeX_SansSerif-Italic', sansBold: 'KaTeX_SansSerif-Bold',
} as const satisfies Record<FontName, string>

const folder = (): string => join(dirname(createRequire(import.meta.url).resolve('katex/package.json')), 'dist', 'fonts')

/** Path of a font's TrueType file. */
export const fontPath = (font: FontName): string => join(folder(), `${FILES[font]}.ttf`)

type OpenedFont = fontkit.Font
const opened = new Map<FontName, OpenedFont>()

function openFont(name: FontName): OpenedFont {
  const known = opened.get(name)
  if (known !== undefined) return known
  const font = fontkit.create(readFileSync(fontPath(name)))
  if (!('layout' in font)) throw new LabError('internal', `${fontPath(name)} is a collection of fonts`)
  opened.set(name, font)
  return font
}

/** Every character on its own: ligatures would hide the letters that they join. */
function placeCharacters({ text, font: name, sizePt }: TextRun): PlacedCharacter[] {
  const font = openFont(name)
  const missing = Array.from(text).find((character) => !font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0))
  if (missing !== undefined) throw new LabError('figure.unsupported', `the font ${FILES[name]} has no character "${missing}" (U+${(missing.codePointAt(0) ?? 0).toString(16).toUpperCase()})`)
  const glyphs = font.layout(text, { liga: false, clig: false, dlig: false })
  return glyphs.glyphs.map((glyph, index) => {
    const character = String.fromCodePoint(...glyph.codePoints)
    return { character, advancePt: ((glyphs.positions[index]?.xAdvance ?? 0) * sizePt) / font.unitsPerEm }
  })
}

/** Widths and heights of text in the real fonts. */
export const realMeasure: TextMeasure = {
  widthPt: (run) => placeCharacters(run).reduce((sum, { advancePt }) => sum + advancePt, 0),
  capHeight: (name) => {
    const font = openFont(name)
    return (font.capHeight || 0.683 * font.unitsPerEm) / font.unitsPerEm
  },
}

/** Cuts fonts down to the characters that a figure uses. */
export const realEmbedder: FontEmbedder = {
  characters: placeCharacters,
  subset: (name, characters) => {
    const font = openFont(name)
    const subset = font.createSubset()
    const glyphs = new Map(characters.map((character) => [character, Number(subset.includeGlyph(font.glyphForCodePoint(character.codePointAt(0) ?? 0)))]))
    const advances = new Map(characters.map((character) => [character, font.glyphForCodePoint(character.codePointAt(0) ?? 0).advanceWidth]))
    const { minX, minY, maxX, maxY } = font.bbox
    const { ascent, descent, capHeight, italicAngle } = font
    return {
      postScriptName: font.postscriptName, bytes: subset.encode(), unitsPerEm: font.unitsPerEm, boundingBox: [minX, minY, maxX, maxY], ascent, descent, capHeight, italicAngle, glyphs, advances,
    }
  },
}

/** CSS that brings the fonts along inside an SVG file. */
export function fontFaces(fonts: readonly FontName[] = FONT_NAMES): string {
  return fonts.map((font) => {
    const { family, style, weight } = SVG_FONTS[font]
    const data = readFileSync(join(folder(), `${FILES[font]}.woff2`)).toString('base64')
    return `@font-face{font-family:"${family}";font-style:${style};font-weight:${weight};src:url(data:font/woff2;base64,${data}) format("woff2")}`
  }).join('')
}
