import { LabError } from '../../contract/index.js'
import type { FontName, TextRun } from '../scene.js'

/** A character of a run with its advance in the real font, kerning included. */
export interface PlacedCharacter {
  character: string
  advancePt: number
}

/** A TrueType font cut down to some characters. */
export interface SubsetFont {
  postScriptName: string
  bytes: Uint8Array
  unitsPerEm: number
  /** In font units. */
  boundingBox: readonly [number, number, number, number]
  /** Heights above the baseline in font units, and degrees of the slant. */
  ascent: number
  descent: number
  capHeight: number
  italicAngle: number
  /** Glyph of every character inside the subset. */
  glyphs: ReadonlyMap<string, number>
  /** Width of every character in font units, without kerning. */
  advances: ReadonlyMap<string, number>
}

/** What the writers of EPS and PDF need of the real fonts. */
export interface FontEmbedder {
  /** @throws LabError `figure.unsupported` for a character that the font lacks */
  characters(run: TextRun): PlacedCharacter[]
  subset(font: FontName, characters: readonly string[]): SubsetFont
}

const MOST_CHARACTERS = 255
/** PostScript strings end at 65535 bytes; one is the padding byte. */
const LARGEST_STRING = 65_534
const HEX_LINE = 128

/** Glyphs are named by their code point, so that text can be found and copied. */
export const glyphName = (character: string): string =>
  `uni${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

/** Where the sfnts strings may be cut: between tables, and between glyphs. */
function cuts(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tables = Array.from({ length: view.getUint16(4) }, (_, index) => view.getUint32(12 + 16 * index + 8))
  return [...tables, bytes.length].sort((a, b) => a - b)
}

function hexStrings(bytes: Uint8Array): string[] {
  const pieces: Uint8Array[] = []
  let start = 0
  for (const [index, cut] of cuts(bytes).entries()) {
    const next = cuts(bytes)[index + 1] ?? cut
    if (next - start > LARGEST_STRING || index === cuts(bytes).length - 1) {
      if (cut - start > LARGEST_STRING)
        throw new LabError(
          'figure.unsupported',
          `a table of an embedded font takes ${cut - start} bytes, but PostScript supports at most ${LARGEST_STRING}`,
        )
      pieces.push(bytes.subarray(start, cut))
      start = cut
    }
  }
  return pieces.map((piece) => {
    const hex = `${Array.from(piece, (byte) => byte.toString(16).padStart(2, '0')).join('')}00`
    return `<${(hex.match(new RegExp(`.{1,${HEX_LINE}}`, 'g')) ?? []).join('\n')}>`
  })
}

/**
 * A Type 42 font: TrueType outlines inside PostScript, so that text stays text.
 *
 * @param name - name under which the document selects it
 * @param characters - at most 255; character i has the code i + 1
 *
 * Source: Adobe Technical Note 5012, The Type 42 Font Format Specification.
 */
export function type42Font(name: string, characters: readonly string[], font: SubsetFont): string {
  if (characters.length > MOST_CHARACTERS)
    throw new LabError(
      'figure.unsupported',
      `a figure can use at most ${MOST_CHARACTERS} characters of a font, got ${characters.length}`,
    )
  const box = font.boundingBox.map((value) => (value / font.unitsPerEm).toFixed(4)).join(' ')
  return [
    `%%BeginResource: font ${name}`,
    '11 dict begin',
    `/FontName /${name} def`,
    '/FontType 42 def',
    '/PaintType 0 def',
    '/FontMatrix [1 0 0 1 0 0] def',
    `/FontBBox [${box}] def`,
    '/Encoding 256 array',
    '0 1 255 {1 index exch /.notdef put} for',
    ...characters.map((character, index) => `dup ${index + 1} /${glyphName(character)} put`),
    'readonly def',
    `/CharStrings ${characters.length + 1} dict dup begin`,
    '/.notdef 0 def',
    ...characters.map((character) => `/${glyphName(character)} ${font.glyphs.get(character) ?? 0} def`),
    'end readonly def',
    '/sfnts [',
    ...hexStrings(font.bytes),
    '] def',
    'FontName currentdict end definefont pop',
    '%%EndResource',
  ].join('\n')
}
