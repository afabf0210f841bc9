import type { PreflightFinding } from '../../contract/index.js'
import type { FontName, Scene, TextMeasure, TextRun } from '../scene.js'

/** Fonts in which a character is looked for when its own lacks it, in this order. */
const SUBSTITUTES: readonly FontName[] = [
  'stixLatin',
  'stixLatinExt',
  'stixGreek',
  'stixCyrillic',
  'stixCyrillicExt',
  'stixVietnamese',
  'serif',
  'signs',
]
/** What is printed for a character that no font has: an empty square, as viewers do. */
const MISSING = { text: '□', font: 'signs' } as const

/** A character in the font in which it can be set. */
interface SetCharacter {
  text: string
  font: FontName
  outcome: 'own' | 'substituted' | 'missing'
}

/** Marks that only change how the character before them looks. */
const INVISIBLE = /^[\ufe00-\ufe0f\u200b-\u200d]$/u

function setCharacter(character: string, own: FontName, covers: TextMeasure['covers']): SetCharacter | null {
  if (covers(own, character)) return { text: character, font: own, outcome: 'own' }
  if (INVISIBLE.test(character)) return null
  if (/^\s$/u.test(character)) return { text: ' ', font: own, outcome: 'own' }
  const font = SUBSTITUTES.find((candidate) => covers(candidate, character))
  return font === undefined ? { ...MISSING, outcome: 'missing' } : { text: character, font, outcome: 'substituted' }
}

/**
 * Splits a run where its font lacks a character, so that every piece is in a font that has all of its characters.
 *
 * @param covers - whether a font has a character
 * @param met - called for every character that is not in its own font
 */
export function splitRun(
  run: TextRun,
  covers: TextMeasure['covers'],
  met: (character: string, outcome: SetCharacter['outcome']) => void = () => undefined,
): TextRun[] {
  const pieces: TextRun[] = []
  for (const character of run.text.normalize('NFC')) {
    const set = setCharacter(character, run.font, covers)
    if (set === null) continue
    if (set.outcome !== 'own') met(character, set.outcome)
    const before = pieces.at(-1)
    if (before?.font === set.font) pieces[pieces.length - 1] = { ...before, text: before.text + set.text }
    else pieces.push({ ...run, text: set.text, font: set.font })
  }
  return pieces
}

const named = (characters: ReadonlySet<string>): string =>
  [...characters]
    .map(
      (character) => `${character} (U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')})`,
    )
    .join(', ')

/**
 * A scene whose texts are all in fonts that have their characters; nothing is refused.
 *
 * @returns the scene, and what a reader should know: characters in another font, and those printed as an empty square
 */
export function setInFonts(scene: Scene, { covers }: TextMeasure): { scene: Scene; findings: PreflightFinding[] } {
  const substituted = new Set<string>()
  const missing = new Set<string>()
  const met = (character: string, outcome: SetCharacter['outcome']): void =>
    void (outcome === 'missing' ? missing : substituted).add(character)
  const items = scene.items.map((item) =>
    item.kind === 'text' ? { ...item, runs: item.runs.flatMap((run) => splitRun(run, covers, met)) } : item,
  )
  const findings: PreflightFinding[] = []
  if (substituted.size > 0)
    findings.push({
      level: 'pass',
      text: 'Some characters are set in STIX Two Text',
      detail: `The font of the style sheet lacks ${named(substituted)}.`,
      value: String(substituted.size),
    })
  if (missing.size > 0)
    findings.push({
      level: 'advice',
      text: 'Some characters cannot be set',
      detail: `No font has ${named(missing)}; an empty square is printed instead.`,
      value: String(missing.size),
    })
  return { scene: { ...scene, items }, findings }
}
