import { join } from 'node:path'
import { newestRunFirst, type RunId } from '../../contract/index.js'
import type { LibraryRecord } from '../../contract/library/record.js'
import type { Archive } from '../archive/archive.js'
import { readJson } from '../archive/records.js'

/** A place where the library finds runs: the archive's own, and those of other programs. */
export interface RunSource {
  /** Newest first. */
  list(): Promise<LibraryRecord[]>
  /** Whether an id is one of this source, whether or not there is such a run. */
  holds(id: RunId): boolean
  /** @throws LabError `run.missing` */
  expectRun(id: RunId): void
  /** Settings as JSON of any depth. @throws LabError `file.unreadable`, `file.damaged` */
  readSettings(id: RunId): Promise<unknown>
  /** The file of its curves, one measure a line; need not exist. */
  metricsPath(id: RunId): string
}

/** The runs of the archive itself. */
export const archiveSource = (archive: Pick<Archive, 'folder' | 'list' | 'expectRun'>): RunSource => ({
  list: archive.list,
  holds: () => true,
  expectRun: archive.expectRun,
  readSettings: (id) => readJson(join(archive.folder, 'runs', id, 'spec.json')),
  metricsPath: (id) => join(archive.folder, 'runs', id, 'metrics.jsonl'),
})

/** Several sources as one; the first that holds an id answers for it. */
export function joinedSources(sources: readonly [...RunSource[], RunSource]): RunSource {
  const of = (id: RunId): RunSource =>
    sources.find((source) => source.holds(id)) ?? (sources[sources.length - 1] as RunSource)
  return {
    list: async () => (await Promise.all(sources.map((source) => source.list()))).flat().sort(newestRunFirst),
    holds: (id) => sources.some((source) => source.holds(id)),
    expectRun: (id) => of(id).expectRun(id),
    readSettings: (id) => of(id).readSettings(id),
    metricsPath: (id) => of(id).metricsPath(id),
  }
}
