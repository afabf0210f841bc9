import type { FigureContent, FigureDataOf, FigureName, PreflightFinding, StyleName } from '../contract/index.js'
import { figure1 } from './figure1.js'
import { figure2 } from './figure2.js'
import { figure3 } from './figure3.js'
import { figure4 } from './figure4.js'
import { figureA1 } from './figureA1.js'
import { figureA2 } from './figureA2.js'
import { setInFonts } from './kit/setInFonts.js'
import { plottedA1 } from './shownUnits.js'
import type { Draw, Drawn } from './drawn.js'
import { drawInRoom } from './textSizes.js'
import type { Scene, TextMeasure } from './scene.js'
import { STYLES } from './style.js'

export { flatten } from './flatten.js'
export { STYLES, type FigureStyle } from './style.js'
export type { Scene, TextMeasure } from './scene.js'
export { svgText } from './writers/svg.js'

/** Every figure; a name without code does not compile. */
const FIGURES: { [Name in FigureName]: Draw<FigureDataOf[Name]> } = {
  '1': figure1,
  '2': figure2,
  '3': figure3,
  '4': figure4,
  A1: figureA1,
  A2: figureA2,
}

/** Draws a figure and checks it for print. */
export function drawFigure<Name extends FigureName>(
  name: Name,
  data: FigureDataOf[Name],
  style: StyleName,
  measure: TextMeasure,
): { scene: Scene; findings: PreflightFinding[] } {
  const setIn = ({ scene: drawn, ...rest }: Drawn): Drawn => {
    const { scene, findings } = setInFonts(drawn, measure)
    return { ...rest, scene, findings: [...findings, ...rest.findings] }
  }
  const { scene, findings, checked } = drawInRoom(FIGURES[name], data, STYLES[style], measure, setIn)
  return { scene, findings: [...checked, ...findings] }
}

/** The numbers that a figure shows, for the file beside it: the data, without what no part of the figure needs. */
export function plottedNumbers(content: FigureContent): FigureContent {
  return content.figure === 'A1' ? { figure: 'A1', data: plottedA1(content.data) } : content
}
