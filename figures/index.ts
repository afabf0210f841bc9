import type { FigureA1Data, FigureName, PreflightFinding, StyleName } from '../contract/index.js'
import { figureA1 } from './figureA1.js'
import { preflight } from './preflight.js'
import type { Scene, TextMeasure } from './scene.js'
import { STYLES, type FigureStyle } from './style.js'

export { flatten } from './flatten.js'
export { STYLES, type FigureStyle } from './style.js'
export type { Scene, TextMeasure } from './scene.js'
export { svgText } from './writers/svg.js'

/** How a figure is drawn, and what its files are called (section 9). */
interface FigureEntry {
  fileStem: string
  draw(data: FigureA1Data, style: FigureStyle, measure: TextMeasure): { scene: Scene; findings: PreflightFinding[] }
}

/** Every figure; a name without code does not compile. */
export const FIGURES = {
  A1: { fileStem: 'FigureA1-FKHL3Spectra', draw: figureA1 },
} as const satisfies Record<FigureName, FigureEntry>

/** Draws a figure and checks it for print. */
export function drawFigure(name: FigureName, data: FigureA1Data, style: StyleName, measure: TextMeasure): { scene: Scene; findings: PreflightFinding[] } {
  const { scene, findings } = FIGURES[name].draw(data, STYLES[style], measure)
  return { scene, findings: [...preflight(scene, STYLES[style], measure), ...findings] }
}
