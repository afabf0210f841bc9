import type { JobFunction } from './job.js'

/** Draws a figure for the screen and writes it in the formats asked for. */
export const drawFigure: JobFunction<'figure'> = async ({ content, style, provenance, formats, dpi }) => {
  // Loaded when it is needed: fonts and the rasteriser would slow the start of every thread.
  const { numbersText, exportFigure } = await import('../../figureExport.js')
  const { rendered, files } = exportFigure({ ...content, style, provenance }, formats, dpi)
  return { ...rendered, files, numbers: formats.length === 0 ? '' : numbersText(content) }
}
