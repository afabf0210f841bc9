import { join } from 'node:path'
import type { RunId } from '../../contract/index.js'
import type { RunSummary } from '../../contract/library/summary.js'
import type { Archive } from '../archive/archive.js'
import type { WorkerThread } from '../compute/workerThread.js'
import { openAppendedCache } from '../archive/appendedCache.js'
import { createCurves, summaryOf } from './curveStore.js'
import { openLabels, type Labels } from './labels.js'
import { createLibrary, type Library } from './library.js'
import { createProbes, probeEntryOf, type ProbeEntry, type ProbeSources } from './probeStore.js'
import { createSettings, settingsOf, type Settings } from './settings.js'

/** Forms of the cache files; another number makes them again. */
const SETTINGS_VERSION = 1
const CURVES_VERSION = 1
const PROBES_VERSION = 1

/** The library of an archive, open. */
export interface OpenLibrary {
  library: Library & {
    /** Keeps what was read for the next start. */
    close(): Promise<void>
  }
  labels: Labels
}

/** How a library is opened. */
export interface LibraryOptions {
  readOnly: boolean
  /** Called with the runs about which something was read. */
  changed: (ids: RunId[]) => void
  /** The results of probes; null while the archive is being opened. */
  sources: () => ProbeSources | null
}

export async function openLibrary(
  archive: Archive,
  analysis: Pick<WorkerThread, 'ask'>,
  { readOnly, changed, sources }: LibraryOptions,
): Promise<OpenLibrary> {
  const cacheAt = (name: string): string => join(archive.folder, 'cache', name)
  const runs = join(archive.folder, 'runs')
  const tags = new Map((await archive.list()).map(({ id, tags: own }) => [id, own]))
  const labels = await openLabels(archive.folder, {
    readOnly,
    problems: archive.problems,
    tagsOf: (id) => tags.get(id) ?? [],
  })
  archive.showAs(labels.shown)
  const settingCache = openAppendedCache<Settings>(cacheAt('settings.jsonl'), {
    version: SETTINGS_VERSION,
    readOnly,
    read: settingsOf,
  })
  const curveCache = openAppendedCache<RunSummary>(cacheAt('curves.jsonl'), {
    version: CURVES_VERSION,
    readOnly,
    read: summaryOf,
  })
  const probeCache = openAppendedCache<ProbeEntry>(cacheAt('probes.jsonl'), {
    version: PROBES_VERSION,
    readOnly,
    read: probeEntryOf,
  })
  const [settings, curves, probes] = await Promise.all([settingCache, curveCache, probeCache])
  const library = createLibrary({
    archive,
    labels,
    settings: createSettings(runs, settings),
    curves: createCurves(runs, curves, analysis, () => changed([])),
    probes: createProbes(probes, sources, analysis, archive.problems),
  })
  const close = async (): Promise<void> => void (await Promise.all([settings.save(), curves.save(), probes.save()]))
  return { library: { ...library, close }, labels }
}
