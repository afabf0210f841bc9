import { color } from 'echarts/core'

/** Red, green and blue from 0 to 255, and opacity from 0 to 1. */
export type Rgba = readonly [red: number, green: number, blue: number, opacity: number]

/** What the browser paints for a colour that the library does not know, such as `oklch(…)`; null where it knows none either. */
function paintedColour(text: string): Rgba | null {
  if (!CSS.supports('color', text)) return null
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  const context = canvas.getContext('2d')
  if (context === null) return null
  context.fillStyle = text
  context.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data
  return [red, green, blue, alpha / 255]
}

/**
 * Reads any colour of CSS: a minifier may write `#ffffff` as `#fff` and `#000080` as `navy`.
 *
 * @returns null for a text that is no colour
 */
export function cssColour(text: string): Rgba | null {
  const trimmed = text.trim()
  if (trimmed === '') return null
  const parsed = color.parse(trimmed) as number[] | undefined
  if (parsed === undefined) return paintedColour(trimmed)
  const [red = 0, green = 0, blue = 0, opacity = 1] = parsed
  return [red, green, blue, opacity]
}

/** A colour token of the theme in force, such as `pane`; null in a window without style sheets, as in tests. */
export const tokenColour = (name: string): Rgba | null =>
  cssColour(getComputedStyle(document.documentElement).getPropertyValue(`--${name}`))

/** A colour as `#rrggbb`. */
export const hexColour = ([red, green, blue]: Rgba): string =>
  `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
