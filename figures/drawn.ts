import type { PreflightFinding } from '../contract/index.js'
import type { Scene, TextMeasure } from './scene.js'
import type { FigureStyle } from './style.js'

/** A figure after layout, and what a reader should know. */
export interface Drawn {
  scene: Scene
  findings: PreflightFinding[]
  /** The texts leave the panels too little room. */
  cramped: boolean
}

/** Lays a figure out with the text sizes of a style sheet. */
export type Draw<Data> = (data: Data, style: FigureStyle, measure: TextMeasure) => Drawn

/** How a figure is drawn; what it says of itself is its definition in `contract/figures`. */
export interface FigureCode<Data> {
  draw: Draw<Data>
  /** The data without what no part of the figure needs, for the file beside it; all of them, unless given. */
  plotted?: (data: Data) => Data
}
