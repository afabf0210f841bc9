import { computed, type ComputedRef } from 'vue'
import { rgbOf } from '../../../figures/colour.js'
import { useChartTheme, type ChartTheme } from '../../charts/theme.js'

/** Colours of a decision plane in the theme in force. */
export interface PlaneTheme extends ChartTheme {
  /** The ground towards which a class fades, red, green, blue. */
  ground: readonly [number, number, number]
  /** `#rrggbb` of the classes; further ones begin anew. */
  classes: readonly string[]
  /** Lines and words over the map, and the halo about words. */
  line: string
  halo: string
}

const CLASS_SLOTS = 10
const PLAIN = /^#[0-9a-f]{6}$/i

/** The theme's colours for planes, read anew when it changes. */
export function usePlaneTheme(): ComputedRef<PlaneTheme> {
  const theme = useChartTheme()
  return computed(() => {
    const style = getComputedStyle(document.documentElement)
    // A window without style sheets, as in tests, has no tokens.
    const token = (name: string): string => [style.getPropertyValue(`--${name}`).trim()].find((value) => PLAIN.test(value)) ?? '#808080'
    const { dark } = theme.value
    return { ...theme.value, ground: rgbOf(token('pane')), classes: Array.from({ length: CLASS_SLOTS }, (_, slot) => token(`k${slot}`)), line: dark ? '#ffffff' : '#14181f', halo: dark ? 'rgb(16 19 22 / .72)' : 'rgb(255 255 255 / .72)' }
  })
}
