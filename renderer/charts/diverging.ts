import { computed, type ComputedRef } from 'vue'
import { tokenColour, type Rgba } from './cssColour.js'
import { useChartTheme } from './theme.js'

type Rgb = readonly [red: number, green: number, blue: number]

/** Colours of a signed quantity: of the largest negative value, of zero and of the largest positive one. */
export interface Diverging {
  negative: Rgb
  zero: Rgb
  positive: Rgb
}

/** Those of the light theme, for a window without style sheets, as in tests. */
export const LIGHT_DIVERGING: Diverging = { negative: [43, 108, 176], zero: [245, 245, 244], positive: [194, 69, 30] }

/** One channel of the colour of a share from -1 to 1; what lies outside takes the nearest end. */
export function divergingChannel({ negative, zero, positive }: Diverging, share: number, channel: 0 | 1 | 2): number {
  const end = share < 0 ? negative : positive
  return zero[channel] + Math.min(1, Math.abs(share)) * (end[channel] - zero[channel])
}

/** The signed colours of the theme in force. */
export function useDiverging(): ComputedRef<Diverging> {
  const theme = useChartTheme()
  return computed(() => {
    const rgb = (token: Rgba | null, fallback: Rgb): Rgb => (token === null ? fallback : [token[0], token[1], token[2]])
    return (
      theme.value && {
        negative: rgb(tokenColour('div-neg'), LIGHT_DIVERGING.negative),
        zero: rgb(tokenColour('div-0'), LIGHT_DIVERGING.zero),
        positive: rgb(tokenColour('div-pos'), LIGHT_DIVERGING.positive),
      }
    )
  })
}
