import { commonPrefix, middleCut, type PreflightFinding } from '../../contract/index.js'
import { lineWidthPt, type TextMeasure } from '../scene.js'
import type { FigureStyle } from '../style.js'
import { literal, richText } from './text.js'

/** `W…W`: fewer letters say nothing. */
const FEWEST_LETTERS = 3
/** Widths grow with the size, so that each text is measured once, at this one. */
const MEASURED_PT = 10

/** Sets labels of people into the room that there is, and remembers which had to be cut. */
export interface LabelSetter {
  /**
   * Labels as markup, each no wider than the room: as they are where all fit, else without the beginning that all share, else
   * cut in the middle; different labels stay different.
   *
   * @param widthPt - room for one label
   */
  fit(labels: readonly string[], sizePt: number, widthPt: number): string[]
  /** What a reader should know, once everything is drawn. */
  findings(): PreflightFinding[]
}

/** The most letters that fit, by halving; the fewest where none do. */
function longest(most: number, fits: (letters: number) => boolean): number {
  let [low, high] = [FEWEST_LETTERS, Math.max(FEWEST_LETTERS, most)]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return low
}

export function createLabelSetter(style: FigureStyle, measure: TextMeasure): LabelSetter {
  // A figure is arranged in several attempts; of each set of labels the last one counts.
  const shortenedOf = new Map<string, Set<string>>()

  const widths = new Map<string, number>()
  const widthAtOne = (text: string): number => {
    const known = widths.get(text) ?? lineWidthPt(richText(literal(text), MEASURED_PT, style), measure) / MEASURED_PT
    widths.set(text, known)
    return known
  }

  const fit: LabelSetter['fit'] = (labels, sizePt, widthPt) => {
    const shortened = new Set<string>()
    shortenedOf.set(JSON.stringify([sizePt, labels]), shortened)
    const fits = (text: string): boolean => widthAtOne(text) * sizePt <= widthPt
    if (labels.every(fits)) return labels.map(literal)
    const shared = commonPrefix(labels).length
    const used = new Set<string>()
    return labels.map((label) => {
      const own = label.slice(shared)
      const ending = (count: number): string => (count < 2 ? '' : ` (${count})`)
      for (let count = 1; ; count++) {
        const whole = `${own}${ending(count)}`
        const cutTo = (letters: number): string => `${middleCut(own, letters)}${ending(count)}`
        const text = fits(whole) ? whole : cutTo(longest(Array.from(own).length - 1, (letters) => fits(cutTo(letters))))
        if (used.has(text) && count <= labels.length) continue
        used.add(text)
        if (text !== label) shortened.add(label)
        return literal(text)
      }
    })
  }
  return {
    fit,
    findings: () => {
      const shortened = [...new Set([...shortenedOf.values()].flatMap((labels) => [...labels]))]
      return shortened.length === 0
        ? []
        : [
            {
              level: 'advice',
              text: 'Some labels are shortened',
              detail: `There is no room for ${shortened.map((label) => `“${middleCut(label, 80)}”`).join(', ')}.`,
              value: `${shortened.length} ${shortened.length === 1 ? 'label' : 'labels'}`,
            },
          ]
    },
  }
}
