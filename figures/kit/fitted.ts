import { commonPrefix, middleCut, type PreflightFinding } from '../../contract/index.js'
import { lineWidthPt, type TextMeasure } from '../scene.js'
import type { FigureStyle } from '../style.js'
import { literal, richText } from './text.js'

/** `W…W`: fewer letters say nothing. */
const FEWEST_LETTERS = 3

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

export function createLabelSetter(style: FigureStyle, measure: TextMeasure): LabelSetter {
  const shortened = new Set<string>()

  const fit: LabelSetter['fit'] = (labels, sizePt, widthPt) => {
    const fits = (text: string): boolean => lineWidthPt(richText(literal(text), sizePt, style), measure) <= widthPt
    if (labels.every(fits)) return labels.map(literal)
    const shared = commonPrefix(labels).length
    const used = new Set<string>()
    return labels.map((label) => {
      const own = label.slice(shared)
      const ending = (count: number): string => (count < 2 ? '' : ` (${count})`)
      for (let count = 1; ; count++) {
        const whole = `${own}${ending(count)}`
        let text = whole
        for (let letters = Array.from(own).length; !fits(text) && letters > FEWEST_LETTERS; letters--) text = `${middleCut(own, letters - 1)}${ending(count)}`
        if (used.has(text) && count <= labels.length) continue
        used.add(text)
        if (text !== label) shortened.add(label)
        return literal(text)
      }
    })
  }
  return {
    fit,
    findings: () => (shortened.size === 0 ? [] : [{
      level: 'advice', text: 'Some labels are shortened', detail: `There is no room for ${[...shortened].map((label) => `“${middleCut(label, 80)}”`).join(', ')}.`,
      value: `${shortened.size} ${shortened.size === 1 ? 'label' : 'labels'}`,
    }]),
  }
}
