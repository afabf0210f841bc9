import type { RunId, RunRecord } from '../../../contract/index.js'
import type { Archive } from '../../archive/archive.js'
import type { JobStore } from '../kind.js'

/** The records of runs as the engine of jobs stores them. The archive writes changes of one run one after the other, and none over a record that it cannot read. */
export function runStore(archive: Archive): JobStore<RunRecord> {
  /** As far as it is known, also where its specification cannot be read. */
  const known = async (id: RunId, error: unknown): Promise<RunRecord> => {
    const record = (await archive.list()).find((each) => each.id === id)
    if (record === undefined) throw error
    return record
  }
  return {
    list: () => archive.list(),
    read: (id) =>
      archive.read(id).then(
        ({ record }) => record,
        (error: unknown) => known(id, error),
      ),
    update: (id, { id: _id, version: _version, ...changes }) => archive.update(id, changes),
    remove: (id) => archive.remove(id),
  }
}
