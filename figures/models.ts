import { PAPER_MODELS, type FigureModel } from '../contract/index.js'
import type { Stroke } from './scene.js'

type PaperModel = (typeof PAPER_MODELS)[number]

/** How the paper names and colours its models: in legends by their label, in the rows of Figure 3 and over the columns of Figure 4 by other names. */
const PAPER_LOOK = {
  KH: { colour: '#1b9e77', row: 'KH Layer', column: 'KHModel' },
  BP: { colour: '#d95f02', row: 'SHLP', column: 'SHLP' },
  L2: { colour: '#7570b3', row: 'L2', column: 'L2' },
  JReg: { colour: '#e7298a', row: 'JacReg', column: 'JReg' },
  SpecReg: { colour: '#66a61e', row: 'SpecReg', column: 'SpecReg' },
} as const satisfies Record<PaperModel, { colour: string; row: string; column: string }>

/** The paper's sixth colour, and the last two of the same palette (ColorBrewer, Dark2). */
const FURTHER_COLOURS = ['#e6ab02', '#a6761d', '#666666'] as const

const isPaperModel = (label: string): label is PaperModel => Object.hasOwn(PAPER_LOOK, label)

/** A model's name in the rows of Figure 3, or over the columns of Figure 4. */
export const paperName = (label: string, place: 'row' | 'column'): string =>
  isPaperModel(label) ? PAPER_LOOK[label][place] : label

/**
 * One colour for each model: its own, else the paper's for its label, else the next that no other model has; when all are taken, from the start again.
 */
export function modelColours(models: readonly FigureModel[]): string[] {
  const fixed = models.map(({ label, colour }) => colour ?? (isPaperModel(label) ? PAPER_LOOK[label].colour : null))
  const free = [...FURTHER_COLOURS, ...PAPER_MODELS.map((label) => PAPER_LOOK[label].colour)].filter(
    (colour) => !fixed.includes(colour),
  )
  const palette = free.length > 0 ? free : FURTHER_COLOURS
  let next = 0
  return fixed.map((colour) => colour ?? palette[next++ % palette.length] ?? FURTHER_COLOURS[0])
}

/** Dashes and gaps by the dash of a model, in widths of the line; the first is solid, the others look as in the window. */
const DASHES: readonly (readonly number[])[] = [[], [5, 2.2], [1.5, 1.5], [5, 1.5, 1.5, 1.5]]

/** How the lines of a model are stroked. */
export function modelStroke({ dash = 0 }: FigureModel, colour: string, widthPt: number): Stroke {
  const lengths = DASHES[dash] ?? []
  return { colour, widthPt, ...(lengths.length === 0 ? {} : { dash: lengths.map((length) => length * widthPt) }) }
}
