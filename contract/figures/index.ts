import type { z } from 'zod'
import type { AttackKind } from '../attacks/index.js'
import { memberByKind } from '../family.js'
import type { FigureDefinition, FigureInputs, FigureParts } from './definition.js'
import { figure1 } from './figure1.js'
import { figure2 } from './figure2.js'
import { figure3 } from './figure3.js'
import { figure4 } from './figure4.js'
import { figureA1 } from './figureA1.js'
import { figureA2 } from './figureA2.js'

export { RESULT_KINDS, STYLE_NAMES, type FigureInputs, type ResultKind, type StyleName } from './definition.js'
export type { Figure1Data, FigureSweep } from './figure1.js'
export type { Figure4Data, FigurePlane } from './figure4.js'
export { MOST_SHOWN_UNITS, type FigureA1Data } from './figureA1.js'
export type { FigureA2Data } from './figureA2.js'
export type { FigureModel } from './parts.js'
export type { FigureSpectra, FigureSpectraData } from './spectra.js'

/** Every figure, in the order in which lists show them. */
export const FIGURES = [figure1, figure2, figure3, figure4, figureA1, figureA2] as const

type Member = (typeof FIGURES)[number]
export type FigureName = Member['name']

/** What each figure is drawn from. */
export type FigureDataOf = { [Each in Member as Each['name']]: z.output<Each['data']> }

/** What each figure's numbers come from. */
export type FigureSourceOf = { [Each in Member as Each['name']]: Each['inputs']['kind'] }

/** A figure with its data. */
export type FigureContent = { [Name in FigureName]: { figure: Name; data: FigureDataOf[Name] } }[FigureName]

/** A definition without the type of its own data. */
export type AnyFigure = FigureDefinition<FigureName, FigureDataOf[FigureName]>

const MEMBERS = FIGURES as unknown as readonly AnyFigure[]

/** Names of the figures, as on the command line. */
export const FIGURE_NAMES = MEMBERS.map(({ name }) => name) as [FigureName, ...FigureName[]]

/** The definition of a figure. */
export const figureOf = memberByKind<FigureName, AnyFigure & { kind: FigureName }>(
  MEMBERS.map((figure) => ({ ...figure, kind: figure.name })),
  'figure',
)

/** Facts of a figure for lists and exports. */
export type FigureFacts = Pick<FigureParts<unknown>, 'label' | 'text' | 'style' | 'fileStem'> & {
  /** What its numbers come from. */
  source: FigureInputs['kind']
}

/** What every figure shows, and how its files are called. */
export const FIGURE_FACTS = Object.fromEntries(
  MEMBERS.map(({ name, label, text, style, fileStem, inputs }): [FigureName, FigureFacts] => [
    name,
    { label, text, style, fileStem, source: inputs.kind },
  ]),
) as Readonly<Record<FigureName, FigureFacts>>

/** Figures whose numbers come from results of a kind. */
export const figuresFrom = (source: FigureInputs['kind']): FigureName[] =>
  FIGURE_NAMES.filter((name) => FIGURE_FACTS[name].source === source)

/** Attacks that a figure needs of the same models, in the order of its rows; none for a figure of something else. */
export function attacksOf(figure: FigureName): readonly AttackKind[] {
  const { inputs } = figureOf(figure)
  return inputs.kind === 'sweep' ? inputs.attacks : []
}

/** Figures that show the paper's values or have its axis limits. */
export const PUBLISHED_FIGURES: readonly FigureName[] = MEMBERS.filter(({ published }) => published).map(
  ({ name }) => name,
)

/** Whether a figure draws each model in a colour of its own. */
export const hasOwnColours = (figure: FigureName): boolean => figureOf(figure).mapModels !== undefined

/** The same data with each model changed; as they are where the figure draws no models in colours of their own. */
export function mapFigureModels(
  content: FigureContent,
  change: Parameters<NonNullable<AnyFigure['mapModels']>>[1],
): FigureContent {
  const { mapModels } = figureOf(content.figure)
  return mapModels === undefined ? content : ({ ...content, data: mapModels(content.data, change) } as FigureContent)
}

/** The same data with the paper's values drawn beside them, or with its axis limits; null for a figure that has neither. */
export const withPublishedValues = (content: FigureContent): FigureContent | null =>
  figureOf(content.figure).published
    ? ({ ...content, data: { ...content.data, withPublished: true } } as FigureContent)
    : null
