import type { JobFunction } from './index.js'

/** Draws a figure for the screen and writes it in the formats asked for. */
export const drawFigure: JobFunction<'figure'> = async ({ formats, dpi, ...order }) => {
  // Loaded when it is needed: fonts and the rasteriser would slow the start of every thread.
  const { pressFigure, renderFigure } = await import('../../figurePress.js')
  return { ...renderFigure(order), files: pressFigure(order, formats, dpi) }
}
