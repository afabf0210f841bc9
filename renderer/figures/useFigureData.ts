import { computed, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { LabError, parseFigureFile, withPublishedValues, type FigureContent, type FigureName, type FigureSource } from '../../contract/index.js'

/** Weights of a whole layer take some dozens of megabytes as JSON; nothing larger is a figure's data. */
const LARGEST_BYTES = 100_000_000

/** Data of a figure from a file, with the file's name. */
export interface LoadedData {
  name: string
  content: FigureContent
}

/**
 * Reads a figure's data from a JSON file (docs/FILES.md).
 *
 * @throws LabError `value.range` with every fault and its place
 */
export async function readFigureFile(file: File): Promise<LoadedData> {
  if (file.size > LARGEST_BYTES) throw new LabError('value.range', `expected the data of a figure in ${file.name}, got ${file.size} bytes`, { file: file.name })
  let value: unknown
  try {
    value = JSON.parse(await file.text())
  } catch (thrown) {
    throw new LabError('value.range', `${file.name} is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}`, { file: file.name }, thrown)
  }
  return { name: file.name, content: parseFigureFile(value) }
}

/** Data that were opened stay while the window is, one file for each figure. */
const opened = shallowRef<Partial<Record<FigureName, LoadedData>>>({})

/** Puts data of a figure on the studio's desk, as if their file had been opened. */
export function openFigureData(data: LoadedData): void {
  opened.value = { ...opened.value, [data.content.figure]: data }
}

/** The files of data that were opened, and what the chosen figure is drawn from; `published`: with the paper's values where they are known. */
export function useFigureData(figure: Ref<FigureName>, run: () => string | null, published: Ref<boolean>): {
  opened: Readonly<ShallowRef<Partial<Record<FigureName, LoadedData>>>>
  /** Null when there is nothing to draw from. */
  source: ComputedRef<FigureSource | null>
  open(file: File): Promise<FigureName>
  /** Takes data that another page put together, as if they came from a file. */
  take(data: LoadedData): void
  close(name: FigureName): void
} {
  return {
    opened,
    source: computed(() => {
      const data = opened.value[figure.value]
      if (data !== undefined) return { kind: 'data', name: data.name, content: (published.value ? withPublishedValues(data.content) : null) ?? data.content }
      const id = run()
      return figure.value === 'A1' && id !== null ? { kind: 'run', run: id } : null
    }),
    open: async (file) => {
      const data = await readFigureFile(file)
      openFigureData(data)
      return data.content.figure
    },
    take: (data) => {
      opened.value = { ...opened.value, [data.content.figure]: data }
    },
    close: (name) => {
      const { [name]: _closed, ...others } = opened.value
      opened.value = others
    },
  }
}
