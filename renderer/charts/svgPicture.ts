import type { EChartsCoreOption } from './engine.js'

/** Room above and below the plot for the titles of its axes, CSS pixels. */
const ABOVE = 18
const BELOW = 16
const SIDE = 12
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** What stands around the marks. */
export interface PictureWords {
  /** For people who hear it. */
  alt: string
  yTitle: string
  xTitle: string
  ink: string
  ground: string
}

/**
 * A plot as SVG of its own: the option drawn by ECharts' SVG renderer, with the titles of its axes where the window has them.
 *
 * @param option - of the plot on screen
 * @param width, height - of the plot without its titles, CSS pixels
 */
export async function svgPicture(option: EChartsCoreOption, { width, height }: { width: number; height: number }, { alt, yTitle, xTitle, ink, ground }: PictureWords): Promise<string> {
  const { init } = await import('./svgEngine.js')
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption(option)
  // Its style sheet holds rules for hovering alone.
  const marks = chart.renderToSVGString().replace(/<style[\s\S]*?<\/style>/, '').replace(/^<svg\b/, `<svg x="${SIDE}" y="${ABOVE}"`)
  chart.dispose()
  const [wide, high] = [width + 2 * SIDE, height + ABOVE + BELOW]
  const title = (x: number, y: number, anchor: string, text: string): string => `<text x="${x}" y="${y}" text-anchor="${anchor}">${escaped(text)}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}">`, `<title>${escaped(alt)}</title>`, `<rect width="100%" height="100%" fill="${escaped(ground)}"/>`, marks,
    `<g font-family="Inter, system-ui, sans-serif" font-size="11" fill="${escaped(ink)}">${title(SIDE, 13, 'start', yTitle)}${title(wide - SIDE, high - 5, 'end', xTitle)}</g>`, '</svg>', '',
  ].join('\n')
}
