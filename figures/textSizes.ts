import type { PreflightFinding } from '../contract/index.js'
import type { Draw, Drawn } from './drawn.js'
import { preflight } from './preflight/index.js'
import type { TextMeasure } from './scene.js'
import type { FigureStyle } from './style.js'

/** Shares of the sheet's text sizes that are tried, one after the other. */
const SHARES = [1, 0.93, 0.87, 0.81, 0.76, 0.71, 0.66, 0.61, 0.57, 0.53, 0.5] as const
/** Exponents of ticks are not set smaller than this, points. */
const SMALLEST_EXPONENT_PT = 5
const EXPONENT_SHARE = 0.7

interface Try {
  share: number
  drawn: Drawn
  checked: PreflightFinding[]
  /** Findings that spoil the figure. */
  faults: number
}

/** A style sheet with all texts, and the room between them, in a share of their size. */
const withTexts = (style: FigureStyle, share: number): FigureStyle => ({
  ...style,
  fontSizePt: share * style.fontSizePt,
  labelSizePt: share * style.labelSizePt,
  titleSizePt: share * style.titleSizePt,
  legendSizePt: share * style.legendSizePt,
  tickSizePt: share * style.tickSizePt,
})

/**
 * Draws a figure with the texts of its style sheet, or with the largest smaller ones with which nothing overlaps and the panels
 * have room.
 *
 * @param setIn - finishes a drawn figure before it is checked
 * @returns the figure, the findings of its panels, and the findings of the check before print
 */
export function drawInRoom<Data>(
  draw: Draw<Data>,
  data: Data,
  style: FigureStyle,
  measure: TextMeasure,
  setIn: (drawn: Drawn) => Drawn,
): Drawn & { checked: PreflightFinding[] } {
  const shares = SHARES.filter(
    (share) => share === 1 || share * EXPONENT_SHARE * style.tickSizePt >= SMALLEST_EXPONENT_PT,
  )
  const tryShare = (share: number): Try => {
    const drawn = setIn(draw(data, withTexts(style, share), measure))
    const checked = preflight(drawn.scene, style, measure)
    return { share, drawn, checked, faults: checked.filter(({ level }) => level === 'fail').length }
  }
  let best = tryShare(1)
  for (const share of shares.slice(1)) {
    if (best.faults === 0 && !best.drawn.cramped) break
    const next = tryShare(share)
    if (next.faults < best.faults || (next.faults === best.faults && best.drawn.cramped)) best = next
  }
  const { share, drawn, checked } = best
  const smaller: PreflightFinding[] =
    share === 1
      ? []
      : [
          {
            level: 'advice',
            text: 'Text is smaller than the style sheet says',
            detail: 'At its full size there is no room for the panels.',
            value: `${Math.round(100 * share)} %`,
          },
        ]
  return { ...drawn, checked: [...checked, ...smaller] }
}
