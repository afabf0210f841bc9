import {
  FIGURE_FACTS,
  LabError,
  type FigureContent,
  type FigureDataOf,
  type FigureName,
  type FigureSourceOf,
} from '../../contract/index.js'
import type { AssemblyOf } from './assembly.js'
import * as members from './members.js'

/** What puts the data of every figure together; a figure without it does not compile. */
const ASSEMBLIES = members satisfies {
  [Name in FigureName as `figure${Name}`]: AssemblyOf<FigureDataOf[Name]>[FigureSourceOf[Name]]
}

/** What puts the data of a figure together. @throws LabError `internal` for a figure that is drawn from something else */
export function assemblyOf<Source extends keyof AssemblyOf<unknown>>(
  figure: FigureName,
  source: Source,
): AssemblyOf<FigureDataOf[FigureName]>[Source] {
  if (FIGURE_FACTS[figure].source !== source)
    throw new LabError(
      'internal',
      `Figure ${figure} is drawn from a ${FIGURE_FACTS[figure].source}, not from a ${source}`,
    )
  return ASSEMBLIES[`figure${figure}`] as unknown as AssemblyOf<FigureDataOf[FigureName]>[Source]
}

/** A name and its data fit by the type of the table above. */
export const contentOf = (figure: FigureName, data: FigureDataOf[FigureName]): FigureContent =>
  ({ figure, data }) as FigureContent
