import type { EChartsCoreOption } from './engine.js'

/** Room above and below the plot for the titles of its axes, CSS pixels. */
const ABOVE = 18
const BELOW = 16
const SIDE = 12
/** A row of the legend, and its width: a letter of 11 px is about 6.4 px wide, swatch and gaps take 24. */
const ROW = 16
const legendWidth = (legend: readonly LegendEntry[]): number =>
  legend.length === 0 ? 0 : 24 + 6.4 * Math.max(...legend.map(({ name }) => name.length))
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Titles and labels around the marks. */
export interface PictureWords {
  /** Text for screen readers. */
  alt: string
  yTitle: string
  xTitle: string
  ink: string
  ground: string
  /** Names of lines that the window writes beside the plot. */
  legend: readonly LegendEntry[]
}

export interface LegendEntry {
  name: string
  colour: string
}

/**
 * A plot as SVG of its own: the option drawn by ECharts' SVG renderer, with the titles of its axes where the window has them.
 *
 * @param option - of the plot on screen
 * @param width, height - of the plot without its titles, CSS pixels
 */
export async function svgPicture(
  option: EChartsCoreOption,
  { width, height }: { width: number; height: number },
  { alt, yTitle, xTitle, ink, ground, legend }: PictureWords,
): Promise<string> {
  const { init } = await import('./svgEngine.js')
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption(option)
  // Its style sheet holds rules for hovering alone.
  const marks = chart
    .renderToSVGString()
    .replace(/<style[\s\S]*?<\/style>/, '')
    .replace(/^<svg\b/, `<svg x="${SIDE}" y="${ABOVE}"`)
  chart.dispose()
  const plot = width + 2 * SIDE
  const [wide, high] = [Math.ceil(plot + legendWidth(legend)), height + ABOVE + BELOW]
  const title = (x: number, y: number, anchor: string, text: string): string =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}">${escaped(text)}</text>`
  const names = legend.map(
    ({ name, colour }, row) =>
      `<rect x="${plot}" y="${ABOVE + ROW * row + 8}" width="12" height="2.5" fill="${escaped(colour)}"/>${title(plot + 18, ABOVE + ROW * row + 13, 'start', name)}`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}">`,
    `<title>${escaped(alt)}</title>`,
    `<rect width="100%" height="100%" fill="${escaped(ground)}"/>`,
    marks,
    `<g font-family="Inter, system-ui, sans-serif" font-size="11" fill="${escaped(ink)}">${title(SIDE, 13, 'start', yTitle)}${title(plot - SIDE, high - 5, 'end', xTitle)}${names.join('')}</g>`,
    '</svg>',
    '',
  ].join('\n')
}
