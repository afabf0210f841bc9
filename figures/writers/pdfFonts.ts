import type { FontName, Scene } from '../scene.js'
import { latin1 } from './bytes.js'
import type { PdfObjects } from './pdfObjects.js'
import type { FontEmbedder, SubsetFont } from './type42.js'
import { usedCharacters } from './usedCharacters.js'

/** An embedded font as the page's text uses it. */
export interface PdfFont {
  /** Its name among the page's resources. */
  alias: string
  objectNumber: number
  subset: SubsetFont
}

const SYMBOLIC = 4
const ITALIC = 64
/** Not known from the file and of no effect for embedded outlines. */
const STEM = 80

const hex4 = (value: number): string => value.toString(16).toUpperCase().padStart(4, '0')
const utf16 = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => hex4(character.charCodeAt(index))).join('')

/** Six capitals before the name mark a subset; they follow from the characters, so that the same figure gives the same name. */
function subsetTag(characters: readonly string[]): string {
  let hash = 2166136261
  for (const character of characters.join('')) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0
  return Array.from({ length: 6 }, (_, index) => String.fromCharCode(65 + (Math.floor(hash / 26 ** index) % 26))).join(
    '',
  )
}

/** The text of each glyph, so that words can be found and copied. */
function toUnicode(characters: readonly string[], { glyphs }: SubsetFont): string {
  const rows = characters.map((character) => `<${hex4(glyphs.get(character) ?? 0)}> <${utf16(character)}>`)
  // A block holds at most 100 rows.
  const blocks = Array.from({ length: Math.ceil(rows.length / 100) }, (_, index) =>
    rows.slice(100 * index, 100 * index + 100),
  )
  return [
    '/CIDInit /ProcSet findresource begin',
    '12 dict begin',
    'begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def',
    '/CMapType 2 def',
    '1 begincodespacerange',
    '<0000> <FFFF>',
    'endcodespacerange',
    ...blocks.flatMap((block) => [`${block.length} beginbfchar`, ...block, 'endbfchar']),
    'endcmap',
    'CMapName currentdict /CMap defineresource pop',
    'end',
    'end',
  ].join('\n')
}

/**
 * Embeds every font of a scene, cut down to the characters in use: TrueType outlines addressed by glyph number.
 *
 * Source: ISO 32000-1, sections 9.7 (composite fonts) and 9.10.3 (ToUnicode).
 */
export function embedFonts(scene: Scene, fonts: FontEmbedder, objects: PdfObjects): Map<FontName, PdfFont> {
  const embedded = new Map<FontName, PdfFont>()
  for (const [font, characters] of usedCharacters(scene, fonts)) {
    const subset = fonts.subset(font, characters)
    const perMille = (value: number): number => Math.round((value * 1000) / subset.unitsPerEm)
    const name = `${subsetTag(characters)}+${subset.postScriptName}`
    const file = objects.addStream(`/Length1 ${subset.bytes.length}`, subset.bytes)
    const flags = SYMBOLIC + (subset.italicAngle === 0 ? 0 : ITALIC)
    const descriptor = objects.add(
      `<< /Type /FontDescriptor /FontName /${name} /Flags ${flags} /FontBBox [${subset.boundingBox.map(perMille).join(' ')}] /ItalicAngle ${subset.italicAngle} ` +
        `/Ascent ${perMille(subset.ascent)} /Descent ${perMille(subset.descent)} /CapHeight ${perMille(subset.capHeight || subset.ascent)} /StemV ${STEM} /FontFile2 ${file} 0 R >>`,
    )
    const widths = characters
      .map(
        (character) =>
          `${subset.glyphs.get(character) ?? 0} [${(1000 * (subset.advances.get(character) ?? 0)) / subset.unitsPerEm}]`,
      )
      .join(' ')
    const descendant = objects.add(
      `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor ${descriptor} 0 R /DW 1000 /W [${widths}] /CIDToGIDMap /Identity >>`,
    )
    const unicode = objects.addStream('', latin1(toUnicode(characters, subset)))
    const objectNumber = objects.add(
      `<< /Type /Font /Subtype /Type0 /BaseFont /${name} /Encoding /Identity-H /DescendantFonts [${descendant} 0 R] /ToUnicode ${unicode} 0 R >>`,
    )
    embedded.set(font, { alias: `F${embedded.size + 1}`, objectNumber, subset })
  }
  return embedded
}
