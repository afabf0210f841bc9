import { REDUCERS, type ColumnFacts, type Reducer } from '../../../contract/library/column.js'
import { bareName } from './cellWords.js'
import { drawnColumn, type DrawnColumn } from './drawnColumns.js'
import { queryWord } from './libraryAddress.js'

export const SECTION_LABELS = {
  run: 'Run',
  results: 'Results',
  probes: 'Robustness and spectra',
  specification: 'Specification',
  measures: 'Measures of epochs',
  imported: 'Imported',
} as const satisfies Record<ColumnFacts['section'], string>
type Section = keyof typeof SECTION_LABELS
const SECTIONS = Object.keys(SECTION_LABELS) as Section[]

/** Columns of the picker by section, those that match a search. */
export function columnSections(
  facts: readonly ColumnFacts[],
  search: string,
): { section: Section; label: string; columns: ColumnFacts[] }[] {
  const words = search.toLowerCase().split(/\s+/)
  const found = facts.filter(({ name, label }) =>
    words.every((word) => `${name} ${label}`.toLowerCase().includes(word)),
  )
  return SECTIONS.map((section) => ({
    section,
    label: SECTION_LABELS[section],
    columns: found.filter((column) => column.section === section),
  })).filter(({ columns }) => columns.length > 0)
}

/** A column with a reducer as queries write it; the last value of a curve needs none. */
export const reducedColumn = (name: string, reducer: Reducer, epoch: number): string =>
  reducer === 'last'
    ? queryWord(name)
    : reducer === 'at'
      ? `at(${queryWord(name)}, ${epoch})`
      : `${reducer}(${queryWord(name)})`

/** The reducer and epoch of a column as it is shown. */
export function reducerOf(column: string): { reducer: Reducer; epoch: number } {
  const word = /^([a-z]+)\(/i.exec(column)?.[1]
  const epoch = Number(/,\s*(\d+)\)$/.exec(column)?.[1] ?? 1)
  return { reducer: REDUCERS.find((reducer) => reducer === word) ?? 'last', epoch }
}

/** The shown column of a name, whatever its reducer. */
export const shownOf = (shown: readonly string[], name: string): string | undefined =>
  shown.find((column) => drawnColumn(column) === null && bareName(column).replaceAll('"', '') === name)

/** How a column can be drawn beside or instead of its number. */
export const drawingsOf = ({ name, type, section, curve }: ColumnFacts): DrawnColumn[] =>
  type !== 'number' || section === 'specification' || section === 'run'
    ? []
    : [
        { kind: 'strip' as const, of: queryWord(name) },
        ...(curve ? [{ kind: 'curve' as const, of: queryWord(name) }] : []),
      ]
