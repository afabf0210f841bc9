import type { RunId, RunRecord, RunState } from '../../../contract/index.js'

/** Says of each change of a run whether its state, name or tags changed too; while a run computes, most changes are numbers. */
export function createRunNews(): (record: RunRecord) => boolean {
  const known = new Map<RunId, string>()
  return ({ id, state, name, tags }) => {
    const text = JSON.stringify([state satisfies RunState, name, tags])
    const isNew = known.get(id) !== text
    known.set(id, text)
    return isNew
  }
}
