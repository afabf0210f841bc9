import { computed, type ComputedRef } from 'vue'
import { hexColour, tokenColour, type Rgba } from '../../charts/cssColour.js'
import { useChartTheme, type ChartTheme } from '../../charts/theme.js'

/** Colours of a decision plane in the theme in force. */
export interface PlaneTheme extends ChartTheme {
  /** The ground towards which a class fades, red, green, blue. */
  ground: readonly [number, number, number]
  /** `#rrggbb` of the classes, used cyclically. */
  classes: readonly string[]
  /** Lines and words over the map, and the halo about words. */
  line: string
  halo: string
}

const CLASS_SLOTS = 10
/** Replaces every token in a window without style sheets, as in tests. */
const GREY: Rgba = [128, 128, 128, 1]

/** The theme's colours for planes, read again when it changes. */
export function usePlaneTheme(): ComputedRef<PlaneTheme> {
  const theme = useChartTheme()
  return computed(() => {
    const token = (name: string): Rgba => tokenColour(name) ?? GREY
    const [red, green, blue] = token('pane')
    const { dark } = theme.value
    return {
      ...theme.value,
      ground: [red, green, blue],
      classes: Array.from({ length: CLASS_SLOTS }, (_, slot) => hexColour(token(`k${slot}`))),
      line: dark ? '#ffffff' : '#14181f',
      halo: dark ? 'rgb(16 19 22 / .72)' : 'rgb(255 255 255 / .72)',
    }
  })
}
