import { closest } from 'fastest-levenshtein'
import { listText } from '../issues.js'
import type { ColumnReference } from './column.js'
import { queryError, type QuerySpan } from './queryTokens.js'

/** Names that people use for a column, besides its own. */
export const COLUMN_ALIASES = {
  test: 'accuracy',
  testAcc: 'accuracy',
  acc: 'accuracy',
  exponent: 'alpha',
  slope: 'alpha',
  units: 'hiddenUnits',
  begun: 'started',
  time: 'computeSeconds',
  tags: 'tag',
  notes: 'note',
  stars: 'star',
  starred: 'star',
  data: 'dataset',
} as const satisfies Record<string, string>

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1)
const folded = (text: string): string => text.toLowerCase()

/** Names of the columns of a library, prepared for lookup. */
export interface ColumnNames {
  /**
   * The columns that a written name denotes: the one of this name, or else all whose last part it is (`hiddenUnits` is
   * `layer.hiddenUnits` of a layer and `model.hiddenUnits` of a classifier; the first value counts).
   *
   * @throws LabError `query.invalid` for an unknown name, with the closest ones
   */
  resolve(reference: ColumnReference, at: QuerySpan): readonly string[]
  /** Whether a written name denotes a column. */
  has(name: string): boolean
}

/** @param names - as the library has them, the most important first */
export function columnNames(names: readonly string[]): ColumnNames {
  const exact = new Map<string, string>()
  const byLastPart = new Map<string, string[]>()
  for (const name of names) {
    if (!exact.has(folded(name))) exact.set(folded(name), name)
    const part = folded(lastPart(name))
    const known = byLastPart.get(part) ?? []
    if (known.length === 0) byLastPart.set(part, known)
    known.push(name)
  }
  const aliases = new Map<string, string>(Object.entries(COLUMN_ALIASES).map(([alias, name]) => [folded(alias), name]))
  const find = (written: string): readonly string[] | undefined => {
    const own = exact.get(folded(written))
    return own === undefined ? byLastPart.get(folded(written)) : [own]
  }
  const named = (name: string): readonly string[] | undefined => find(name) ?? find(aliases.get(folded(name)) ?? '')
  return {
    has: (name) => named(name) !== undefined,
    resolve: ({ name }, at) => {
      const found = named(name)
      if (found !== undefined) return found
      const near = nearest(name, [...names, ...byLastPart.keys(), ...aliases.keys()])
      throw queryError(
        `no run has a column “${name}”${near.length === 0 ? '' : `; did you mean ${listText(near)}?`}`,
        at,
        { suggestions: near },
      )
    },
  }
}

/** Up to three names that resemble what was written. */
function nearest(written: string, names: readonly string[]): string[] {
  const containing = names.filter((name) => written.length > 2 && folded(name).includes(folded(written))).slice(0, 3)
  if (containing.length > 0 || names.length === 0) return containing
  return [closest(written, names as string[])]
}
