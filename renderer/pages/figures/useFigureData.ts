import { computed, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import {
  FIGURE_FACTS,
  hasOwnColours,
  LabError,
  MOST_SHOWN_UNITS,
  parseFigureFile,
  PUBLISHED_FIGURES,
  withPublishedValues,
  type FigureColours,
  type FigureContent,
  type FigureName,
  type FigureResults,
  type FigureSource,
} from '../../../contract/index.js'
import { choosableResults, newestResults, type ArchivedResults } from './archiveResults.js'

/** Figure data is at most some tens of megabytes (the weights of a whole layer as JSON). */
const LARGEST_BYTES = 100_000_000

/** Data of a figure from a file, with the file's name. */
export interface LoadedData {
  name: string
  content: FigureContent
}

/** Results that were chosen for a figure, with the windows of their fits. */
export type ChosenResults = Pick<FigureResults, 'names' | 'windows'>

/**
 * Reads a figure's data from a JSON file (docs/FILES.md).
 *
 * @throws LabError `value.range` with every fault and its place
 */
export async function readFigureFile(file: File): Promise<LoadedData> {
  if (file.size > LARGEST_BYTES)
    throw new LabError('value.range', `expected the data of a figure in ${file.name}, got ${file.size} bytes`, {
      file: file.name,
    })
  let value: unknown
  try {
    value = JSON.parse(await file.text())
  } catch (thrown) {
    throw new LabError(
      'value.range',
      `${file.name} is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      { file: file.name },
      thrown,
    )
  }
  return { name: file.name, content: parseFigureFile(value) }
}

/** Data that were opened and results that were chosen stay while the window is, once for each figure. */
const opened = shallowRef<Partial<Record<FigureName, LoadedData>>>({})
const chosen = shallowRef<Partial<Record<FigureName, ChosenResults>>>({})

const without = <Value>(
  all: Partial<Record<FigureName, Value>>,
  name: FigureName,
): Partial<Record<FigureName, Value>> => {
  const { [name]: _left, ...others } = all
  return others
}

/** Puts results of the archive on the studio's desk, in place of what lay there; null: the newest that fit. */
export function chooseFigureResults(figure: FigureName, results: ChosenResults | null): void {
  opened.value = without(opened.value, figure)
  chosen.value = results === null ? without(chosen.value, figure) : { ...chosen.value, [figure]: results }
}

/** Units for the mosaics of Figure A1 in an address, `?units=1,5,9`; null where there are none. */
export function unitsOfAddress(text: unknown): number[] | null {
  if (typeof text !== 'string' || !/^\d{1,6}(,\d{1,6})*$/.test(text)) return null
  return [...new Set(text.split(',').map(Number))].slice(0, MOST_SHOWN_UNITS)
}

/** Whether a figure of archived results can show the paper's values beside them. */
export const showsPublishedResults = (figure: FigureName): boolean =>
  FIGURE_FACTS[figure].source === 'sweep' && PUBLISHED_FIGURES.includes(figure)

/** What the chosen figure is drawn from: an opened file, chosen results or the newest that fit, or a run; `published`: with the paper's values where they are known. */
export function useFigureData(
  figure: Ref<FigureName>,
  run: () => string | null,
  archive: () => ArchivedResults | null,
  published: Ref<boolean>,
  units: () => readonly number[] | null = () => null,
  colours: () => FigureColours = () => 'paper',
): {
  opened: Readonly<ShallowRef<Partial<Record<FigureName, LoadedData>>>>
  /** Results on the desk of each figure, chosen or newest; null where there are none. */
  resultsOf(name: FigureName): ChosenResults | null
  /** Whether the results of a figure were chosen by hand. */
  isChosen(name: FigureName): boolean
  /** Null when there is nothing to draw from. */
  source: ComputedRef<FigureSource | null>
  open(file: File): Promise<FigureName>
  close(name: FigureName): void
} {
  const newest = computed(() => (name: FigureName): ChosenResults | null => {
    const held = archive()
    if (held === null) return null
    const ids = newestResults(name, held)
    const names = choosableResults(name, held)
      .filter(({ id }) => ids.includes(id))
      .map((result) => result.name)
    return names.length === 0
      ? null
      : { names: ids.flatMap((id) => names.filter((one) => one.name === id)), windows: null }
  })
  const resultsOf = (name: FigureName): ChosenResults | null => chosen.value[name] ?? newest.value(name)
  return {
    opened,
    resultsOf,
    isChosen: (name) => chosen.value[name] !== undefined,
    source: computed(() => {
      const data = opened.value[figure.value]
      if (data !== undefined)
        return {
          kind: 'data',
          name: data.name,
          content: (published.value ? withPublishedValues(data.content) : null) ?? data.content,
        }
      const id = run()
      const shown = units()
      if (FIGURE_FACTS[figure.value].source === 'run')
        return id === null ? null : { kind: 'run', run: id, ...(shown === null ? {} : { units: shown }) }
      const results = resultsOf(figure.value)
      return results === null || results.names.length === 0
        ? null
        : {
            kind: 'results',
            ...results,
            withPublished: published.value && showsPublishedResults(figure.value),
            ...(hasOwnColours(figure.value) ? { colours: colours() } : {}),
          }
    }),
    open: async (file) => {
      const data = await readFigureFile(file)
      opened.value = { ...opened.value, [data.content.figure]: data }
      return data.content.figure
    },
    close: (name) => (opened.value = without(opened.value, name)),
  }
}
