import { asLabError, type ModelSpectrum, type RunId, type SpectrumId, type SweepRecord } from '../../contract/index.js'
import type { AppendedCache } from '../archive/appendedCache.js'
import type { WorkerThread } from '../compute/workerThread.js'
import type { ArchiveProblems } from '../archive/problems.js'
import type { ResultStore } from '../probes/resultStore.js'
import type { Sweeps } from '../probes/sweeps.js'
import { robustnessNumbers, spectrumNumbers, type ProbeNumbers } from './probeNumbers.js'

/** Where results of probes are found. */
export interface ProbeSources {
  sweeps: Pick<Sweeps, 'list' | 'passes'>
  spectra: Pick<ResultStore<ModelSpectrum>, 'ids' | 'find'>
}

/** Numbers of stored probe results, by run. */
export interface ProbeStore {
  of(id: RunId): Readonly<Record<string, number>> | null
  /** Reads results that are new. @returns whether the numbers changed */
  load(): Promise<boolean>
}

/** The numbers of one result. */
export interface ProbeEntry {
  createdMs: number
  runs: ProbeNumbers
}

/** An entry of the cache file. */
export function probeEntryOf(json: unknown): ProbeEntry | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const { createdMs, runs } = json as Partial<Record<keyof ProbeEntry, unknown>>
  if (typeof createdMs !== 'number' || typeof runs !== 'object' || runs === null) return undefined
  return { createdMs, runs: runs as ProbeNumbers }
}

/** A finished result never changes, so its folder needs no stamp. */
const NO_STAMP = { modifiedMs: 0, bytes: 0 }

/**
 * @param sources - the results of the archive; null while it is being opened
 * @param analysis - pools the passes of sweeps
 * @param problems - hears of results that cannot be read
 */
export function createProbes(
  cache: AppendedCache<ProbeEntry>,
  sources: () => ProbeSources | null,
  analysis: Pick<WorkerThread, 'ask'>,
  problems: Pick<ArchiveProblems, 'add'>,
): ProbeStore {
  let numbers = new Map<RunId, Record<string, number>>()
  let seen = ''
  const unusable = new Set<string>()
  const sweepEntry = async ({ sweeps }: ProbeSources, record: SweepRecord): Promise<ProbeEntry> => {
    const { id } = record
    // One line for each model, whatever labels it was given, and no intervals, which take longest.
    const passes = (await sweeps.passes(id)).map((pass) => ({
      ...pass,
      model: { ...pass.model, label: pass.model.model },
    }))
    const request = { ...record.request, resamples: 0 }
    const { series } = await analysis.ask('series', { id, request, passes, others: {} }, {})
    return { createdMs: Date.parse(record.createdAt), runs: robustnessNumbers(record, series) }
  }
  const spectrumEntry = async ({ spectra }: ProbeSources, id: SpectrumId): Promise<ProbeEntry | null> => {
    const found = await spectra.find(id)
    return found === null ? null : { createdMs: Date.parse(found.origin.createdAt), runs: spectrumNumbers(found) }
  }
  const keep = async (id: string, read: () => Promise<ProbeEntry | null>): Promise<void> => {
    if (cache.get(id) !== undefined || unusable.has(id)) return
    try {
      const entry = await read()
      if (entry !== null) cache.set(id, NO_STAMP, entry)
    } catch (error) {
      unusable.add(id)
      problems.add(`The numbers of the result ${id} cannot be read: ${asLabError(error).message}.`)
    }
  }
  return {
    of: (id) => numbers.get(id) ?? null,
    load: async () => {
      const from = sources()
      if (from === null) return false
      const finished = from.sweeps.list().filter(({ state }) => state === 'finished')
      const spectra = await from.spectra.ids()
      const ids = [...finished.map(({ id }) => id), ...spectra]
      const key = ids.join(' ')
      if (key === seen) return false
      for (const record of finished) await keep(record.id, () => sweepEntry(from, record))
      for (const id of spectra) await keep(id, () => spectrumEntry(from, id))
      const next = new Map<RunId, Record<string, number>>()
      const entries = ids.flatMap((id) => cache.get(id)?.value ?? [])
      // Newest last: it wins.
      for (const { runs } of entries.sort((a, b) => a.createdMs - b.createdMs))
        for (const [run, own] of Object.entries(runs)) next.set(run, { ...next.get(run), ...own })
      numbers = next
      seen = key
      return true
    },
  }
}
