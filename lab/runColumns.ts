import type { ExperimentSpec, RunColumns, RunId } from '../contract/index.js'
import type { Archive } from './archive/archive.js'

/** Files that are open at the same time: an archive may hold more runs than a process may open files. */
const AT_ONCE = 32

/** Reads specifications a few at a time; those that cannot be read are left out. */
export async function readSpecs(
  archive: Archive,
  ids: readonly RunId[],
  take: (id: RunId, spec: ExperimentSpec) => void,
): Promise<void> {
  const waiting = [...ids]
  const work = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const found = await archive.read(id).catch(() => null)
      if (found !== null) take(id, found.spec)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, work))
}

function columnsOf(spec: ExperimentSpec): RunColumns {
  const hiddenUnits =
    spec.kind === 'localLearning' ? spec.layer.hiddenUnits : 'hiddenUnits' in spec.model ? spec.model.hiddenUnits : null
  return { dataset: spec.dataset.kind, hiddenUnits }
}

/** Columns of runs for lists; a specification never changes, so each is read once. */
export function createRunColumns(archive: Archive): (ids: readonly RunId[]) => Promise<Record<RunId, RunColumns>> {
  const known = new Map<RunId, RunColumns>()
  return async (ids) => {
    await readSpecs(
      archive,
      ids.filter((id) => !known.has(id)),
      (id, spec) => known.set(id, columnsOf(spec)),
    )
    return Object.fromEntries(
      ids.flatMap((id) => {
        const columns = known.get(id)
        return columns === undefined ? [] : [[id, columns]]
      }),
    )
  }
}
