import type { FigureContent, FigureDataOf, FigureName, PreflightFinding, StyleName } from '../contract/index.js'
import { setInFonts } from './kit/setInFonts.js'
import type { Drawn, FigureCode } from './drawn.js'
import * as members from './members.js'
import { drawInRoom } from './textSizes.js'
import type { Scene, TextMeasure } from './scene.js'
import { STYLES } from './style.js'

export { flatten } from './flatten.js'
export { STYLES, type FigureStyle } from './style.js'
export type { Scene, TextMeasure } from './scene.js'
export { svgText } from './writers/svg.js'

/** The code of every figure; one without code does not compile. */
const FIGURE_CODE = members satisfies { [Name in FigureName as `figure${Name}`]: FigureCode<FigureDataOf[Name]> }

/** A name and its code fit by the type of the table. */
const codeOf = <Name extends FigureName>(name: Name): FigureCode<FigureDataOf[Name]> =>
  FIGURE_CODE[`figure${name}`] as unknown as FigureCode<FigureDataOf[Name]>

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
  const { scene, findings, checked } = drawInRoom(codeOf(name).draw, data, STYLES[style], measure, setIn)
  return { scene, findings: [...checked, ...findings] }
}

/** The numbers that a figure shows, for the file beside it: the data, without what no part of the figure needs. */
export function plottedNumbers(content: FigureContent): FigureContent {
  const { plotted } = codeOf(content.figure)
  return plotted === undefined ? content : ({ ...content, data: plotted(content.data) } as FigureContent)
}
