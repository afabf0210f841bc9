import type { FigureStyle } from '../style.js'
import type { TextRun } from '../scene.js'

/** Signs that the sans serif lacks; they look the same beside either. */
const SYMBOL = /^[−×±∞∥]$/

/** Size of exponents and indices beside the text that they belong to. */
const SMALL = 0.7

/** A text of a person's as markup that shows every character as it is: labels and names hold `_`, `*`, `^` and braces. */
export const literal = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/[\\*_^{}]/g, '\\$&')

/** Neighbours of one look are one run, so that a viewer finds `kh_model_1` in one piece. */
function joined(runs: readonly TextRun[]): TextRun[] {
  return runs.reduce<TextRun[]>((done, run) => {
    const before = done.at(-1)
    const alike =
      before !== undefined && before.font === run.font && before.sizePt === run.sizePt && before.risePt === run.risePt
    return alike ? [...done.slice(0, -1), { ...before, text: before.text + run.text }] : [...done, run]
  }, [])
}

/**
 * A line of text with a little mathematics: `*n*` is an italic symbol, `_{n}` an index, `^{2}` an exponent; a backslash takes
 * the meaning from the sign after it.
 *
 * @param markup - `λ_{n}`, `Dimension *n*`, `10^{−3}`; texts of people go through {@link literal} first
 * @param sizePt - size of the text
 */
export function richText(markup: string, sizePt: number, style: FigureStyle): TextRun[] {
  const runs: TextRun[] = []
  for (const part of markup.match(/\\[^]|\*[^*\\]+\*|[_^]\{[^}\\]*\}|[^\\*_^]+|[^]/gu) ?? []) {
    if (part.startsWith('\\')) runs.push({ text: part.slice(1), font: style.fonts.text, sizePt })
    else if (part.startsWith('*') && part.length > 2)
      runs.push({ text: part.slice(1, -1), font: style.fonts.maths, sizePt })
    else if (part.startsWith('_{'))
      runs.push(
        ...richText(part.slice(2, -1), sizePt * SMALL, style).map((run) => ({
          ...run,
          risePt: (run.risePt ?? 0) - 0.2 * sizePt,
        })),
      )
    else if (part.startsWith('^{'))
      runs.push(
        ...richText(part.slice(2, -1), sizePt * SMALL, style).map((run) => ({
          ...run,
          risePt: (run.risePt ?? 0) + 0.38 * sizePt,
        })),
      )
    else
      for (const piece of part.split(/([−×±∞∥])/).filter((text) => text !== ''))
        runs.push({ text: piece, font: SYMBOL.test(piece) ? style.fonts.symbols : style.fonts.text, sizePt })
  }
  return joined(runs)
}

/** A number with a real minus sign. */
export const signed = (value: number | string): string => String(value).replace('-', '−')

/** A power of ten as a journal sets it. */
export const decade = (exponent: number): string => `10^{${signed(exponent)}}`
