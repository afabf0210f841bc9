import type { ExperimentSpec } from '../../../contract/index.js'
import { asTree } from '../../form/commandLine.js'
import { leavesOf, valueAt } from '../../form/draftTree.js'
import { fieldsOf, formSections } from '../../form/fields.js'
import { entryNoun, valueWords } from '../../form/words.js'

/** A parameter in which some experiments differ, with its value in each. */
export interface ParameterRow {
  path: string
  label: string
  symbol: string
  /** In the order of the experiments; empty where one does not have it. */
  values: string[]
}

/** Names are told elsewhere, and the seed is what a group varies. */
const UNTOLD = new Set(['name', 'version', 'seed'])

/** Every parameter in which experiments differ, in the order of the form. */
export function differingParameters(specs: readonly ExperimentSpec[]): ParameterRow[] {
  const trees = specs.map(asTree)
  const fields = new Map(trees.flatMap((tree) => formSections(tree).flatMap(fieldsOf)).map((field) => [field.path, field]))
  const paths = [...new Set(trees.flatMap((tree) => leavesOf(tree).map(([path]) => path)))].filter((path) => !UNTOLD.has(path))
  return paths.flatMap((path) => {
    const field = fields.get(path) ?? null
    const values = trees.map((tree) => valueWords(valueAt(tree, path), field))
    if (values.every((value) => value === values[0])) return []
    const entry = /^(.+)\.(\d+)\./.exec(path)
    const own = field?.meta.label ?? (path === 'dataset.kind' ? 'Dataset' : path)
    return [{ path, values, symbol: field?.meta.symbol ?? '', label: entry === null ? own : `${entryNoun(entry[1] ?? '')} ${Number(entry[2]) + 1}: ${own}` }]
  })
}
