import { dashOfLook, LOOK_SLOTS, slotOfLook, type Look } from '../../contract/index.js'

/** Dashes of lines by the dash of their look, in pixels; the first is solid. */
const DASHES: readonly (readonly number[] | 'solid')[] = ['solid', [7, 3], [2, 2], [7, 2, 2, 2]]
/** Symbols of points, which have no dash. */
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond'] as const

/** Colour of a look for CSS, which follows the theme. */
export const lookColour = (look: Look): string => `var(--c${slotOfLook(look) + 1})`

/** Colour of a look for canvas. */
export const lookColourOf = (series: readonly string[], look: Look, fallback: string): string =>
  series[slotOfLook(look)] ?? fallback

/** Line type of a look, as ECharts takes it. */
export const lookDash = (look: Look): number[] | 'solid' => {
  const dash = DASHES[dashOfLook(look)] ?? 'solid'
  return dash === 'solid' ? dash : [...dash]
}

export const lookSymbol = (look: Look): string => SYMBOLS[dashOfLook(look)] ?? 'circle'

/** Ground of a swatch: plain, or striped as the line is dashed. */
export function lookGround(look: Look): string {
  const dash = DASHES[dashOfLook(look)] ?? 'solid'
  if (dash === 'solid') return lookColour(look)
  const colour = lookColour(look)
  const [on = 2, off = 2] = look >= LOOK_SLOTS * 3 ? [3, 1] : look >= LOOK_SLOTS * 2 ? [1.5, 1.5] : [4, 2]
  return `repeating-linear-gradient(90deg, ${colour} 0 ${on}px, transparent ${on}px ${on + off}px)`
}
