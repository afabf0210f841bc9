import { z } from 'zod'
import { LabError } from './errors.js'
import { issuesText } from './issues.js'
import { FIGURE_NAMES, figureOf, type FigureContent } from './figures/index.js'

/** Version of the form below; a file of a later one is refused. */
export const FIGURE_FILE_VERSION = 1

const head = z.strictObject({ version: z.int().min(1), figure: z.enum(FIGURE_NAMES), data: z.unknown() })

/**
 * Reads a figure's data from the form of docs/FILES.md.
 *
 * @param value - parsed JSON: `{ "version": 1, "figure": "1", "data": {…} }`
 * @throws LabError `value.range` with every fault named and its place, also for unknown keys
 */
export function parseFigureFile(value: unknown): FigureContent {
  const refuse = (issues: readonly z.core.$ZodIssue[], at: string): never => {
    const placed = issues.map((issue) => ({ ...issue, path: [...(at === '' ? [] : [at]), ...issue.path] }))
    throw new LabError('value.range', `the figure data are not valid: ${issuesText(placed, 'file')}`)
  }
  const outer = head.safeParse(value)
  if (!outer.success) return refuse(outer.error.issues, '')
  if (outer.data.version > FIGURE_FILE_VERSION)
    throw new LabError(
      'value.range',
      `expected figure data of version ${FIGURE_FILE_VERSION}, got version ${outer.data.version}; the file was written by a newer program`,
    )
  const { figure } = outer.data
  const inner = figureOf(figure).data.safeParse(outer.data.data)
  if (!inner.success) return refuse(inner.error.issues, 'data')
  return { figure, data: inner.data } as FigureContent
}

/** No form of a figure is half as deep. */
const DEEPEST = 20

/** Numbers as they come over a link: typed arrays replace lists, NaN replaces null. */
const listed = (value: unknown, depth = 0): unknown => {
  if (depth > DEEPEST) throw new LabError('value.range', `the figure data are nested more than ${DEEPEST} levels deep`)
  if (value instanceof Float32Array || value instanceof Float64Array || value instanceof Uint8Array)
    return Array.from(value, (entry) => (Number.isNaN(entry) ? null : entry))
  if (Array.isArray(value)) return value.map((entry) => listed(entry, depth + 1))
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, listed(entry, depth + 1)]))
    : value
}

/** Checks a figure's data that came over a link, `{ figure, data }`. @throws LabError `value.range` */
export function parseFigureContent(value: unknown): FigureContent {
  return parseFigureFile(
    typeof value === 'object' && value !== null
      ? { version: FIGURE_FILE_VERSION, ...(listed(value) as object) }
      : value,
  )
}

/** Float32 values need nine digits, no more. */
const DIGITS_OF_FLOAT32 = 9

/** The text that {@link parseFigureFile} reads back to the same numbers. */
export function figureFileText({ figure, data }: FigureContent): string {
  const plain = (_key: string, value: unknown): unknown => {
    if (value instanceof Float32Array)
      return Array.from(value, (entry) => (Number.isNaN(entry) ? null : Number(entry.toPrecision(DIGITS_OF_FLOAT32))))
    if (value instanceof Float64Array || value instanceof Uint8Array)
      return Array.from(value, (entry) => (Number.isNaN(entry) ? null : entry))
    return value
  }
  return `${JSON.stringify({ version: FIGURE_FILE_VERSION, figure, data }, plain)}\n`
}
