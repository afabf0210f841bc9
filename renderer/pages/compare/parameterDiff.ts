import type { ExperimentSpec } from '../../../contract/index.js'
import { asTree } from '../../form/commandLine.js'
import { leavesOf, valueAt } from '../../form/draftTree.js'
import { fieldsOf, formSections } from '../../form/fields.js'
import { entryNoun, valueWords } from '../../form/words.js'

/** A parameter that differs between experiments, with its value in each. */
export interface ParameterRow {
  path: string
  label: string
  symbol: string
  /** In the order of the experiments; empty if an experiment lacks the parameter. */
  values: string[]
}

/** Parameters that have no field in the form. */
const LABELS: Readonly<Record<string, string>> = {
  kind: 'Type',
  'dataset.kind': 'Dataset',
  'dataset.generator': 'Scene generator',
}

/** Names are shown elsewhere, and seeds vary within a group. */
const OMITTED = new Set(['name', 'version', 'seed'])

/** Every parameter that differs between experiments, in the order of the form. */
export function differingParameters(specs: readonly ExperimentSpec[]): ParameterRow[] {
  const trees = specs.map(asTree)
  const fields = new Map(
    trees.flatMap((tree) => formSections(tree).flatMap(fieldsOf)).map((field) => [field.path, field]),
  )
  const paths = [...new Set(trees.flatMap((tree) => leavesOf(tree).map(([path]) => path)))].filter(
    (path) => !OMITTED.has(path),
  )
  return paths.flatMap((path) => {
    const field = fields.get(path) ?? null
    const values = trees.map((tree) => valueWords(valueAt(tree, path), field))
    if (values.every((value) => value === values[0])) return []
    const entry = /^(.+)\.(\d+)\./.exec(path)
    const own = field?.meta.label ?? LABELS[path] ?? path
    return [
      {
        path,
        values,
        symbol: field?.meta.symbol ?? '',
        label: entry === null ? own : `${entryNoun(entry[1] ?? '')} ${Number(entry[2]) + 1}: ${own}`,
      },
    ]
  })
}
