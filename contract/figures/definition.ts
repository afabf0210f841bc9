import type { z } from 'zod'
import type { AttackKind } from '../attacks/index.js'
import type { FigureModel } from './parts.js'

/** Kinds of archived results that figures are put together from: robustness sweeps, covariance spectra, decision planes. */
export const RESULT_KINDS = ['sweep', 'spectrum', 'plane'] as const
export type ResultKind = (typeof RESULT_KINDS)[number]

/** Style sheets of section 8.1. */
export const STYLE_NAMES = [
  'IJoCV',
  'ICLRFullTextwidth',
  'PRLDoubleCol',
  'PRLSingleCol',
  'PRLPresentations',
  'A1PosterPortrait',
] as const
export type StyleName = (typeof STYLE_NAMES)[number]

/** What the numbers of a figure come from. */
export type FigureInputs =
  | {
      kind: 'sweep'
      /** Attacks that it needs of the same models, in the order of its rows. */
      attacks: readonly AttackKind[]
      /** Whether it shows the accuracy at each size, which sweeps of critical values only lack. */
      wholeCurves: boolean
      /** Whether it shows the test accuracy after the last epoch. */
      testAccuracy: boolean
    }
  | {
      kind: 'spectrum'
      /** Whether it shows a row by its label: `Dataset`, `Initialized`, or the name of a model. */
      shows: (label: string) => boolean
    }
  | { kind: 'plane' }
  /** One run with its layer before and after pruning. */
  | { kind: 'run' }

/** What a figure says of itself; everything but how its data are put together and drawn. */
export interface FigureParts<Data, Inputs extends FigureInputs = FigureInputs> {
  /** Name in lists: `Figure 1, robustness`. */
  label: string
  /** What it shows, without its name. */
  text: string
  /** The sheet that it was published with. */
  style: StyleName
  /** Name of its files (docs/SOURCES.md 9). */
  fileStem: string
  inputs: Inputs
  /** What is missing where the archive has no results for it, as a sentence. */
  needs: string
  /** Form of its data in files (docs/FILES.md), which the program can draw again. */
  data: z.ZodType<Data>
  /** Whether it can show the paper's values or has its axis limits (`withPublished` of its data). */
  published: boolean
  /** The data with each model changed, for a figure that draws every model in a colour of its own; absent: it does not. */
  mapModels?: (data: Data, change: (model: FigureModel) => FigureModel) => Data
}

/** The definition of a figure, from which page, command line, replay, files and docs are derived. */
export interface FigureDefinition<
  Name extends string,
  Data,
  Inputs extends FigureInputs = FigureInputs,
> extends FigureParts<Data, Inputs> {
  readonly name: Name
}

/**
 * Defines a figure. How it is drawn is the member `figure` + name in `figures/`; how its data are put together, in `lab/figures/`.
 *
 * @param name - as on the command line: `A1`
 * @param parts - what it says of itself
 */
export const defineFigure = <const Name extends string, Data, Inputs extends FigureInputs>(
  name: Name,
  parts: FigureParts<Data, Inputs>,
): FigureDefinition<Name, Data, Inputs> => ({ ...parts, name })
