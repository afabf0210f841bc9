import { composed, type RunId, type RunRecord } from '../../contract/index.js'

/** Which run a model of a result is of. */
export interface RunOfModel {
  id: RunId
  form: 'raw' | 'pruned'
}

/**
 * Finds the run of a model as results name it: by its id, or by a name that only one run has, either with `/pruned`.
 *
 * @returns null for an imported model, a file, or an ambiguous name
 */
export function runsOfModels(records: readonly Pick<RunRecord, 'id' | 'name'>[]): (model: string) => RunOfModel | null {
  const ids = new Set(records.map(({ id }) => id))
  const byName = new Map<string, RunId | null>()
  for (const { id, name } of records) {
    const key = composed(name)
    byName.set(key, byName.has(key) ? null : id)
  }
  const find = (name: string): RunId | null => (ids.has(name) ? name : (byName.get(composed(name)) ?? null))
  return (model) => {
    const raw = find(model)
    if (raw !== null) return { id: raw, form: 'raw' }
    const pruned = model.endsWith('/pruned') ? find(model.slice(0, -'/pruned'.length)) : null
    return pruned === null ? null : { id: pruned, form: 'pruned' }
  }
}
