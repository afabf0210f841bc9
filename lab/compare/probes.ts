import type { RunId } from '../../contract/index.js'
import type { AttackSet, ComparedProbes } from '../../contract/compare/probes.js'
import type { LabContext } from '../context.js'
import { passesOf, sweepSets } from './attackSets.js'
import { pooledSeries } from './series.js'
import { spectrumSets } from './spectra.js'

/** The place of the group of each run; a run of two groups belongs to the first. */
export function placesOf(groups: readonly (readonly RunId[])[]): Map<RunId, number> {
  const places = new Map<RunId, number>()
  groups.forEach((group, place) => {
    for (const id of group) if (!places.has(id)) places.set(id, place)
  })
  return places
}

/** Spectra and robustness curves that are stored for these groups. */
export async function comparedProbes(
  context: LabContext,
  groups: readonly (readonly RunId[])[],
  signal: AbortSignal,
): Promise<ComparedProbes> {
  const places = placesOf(groups)
  const ids = new Set(places.keys())
  const problems: string[] = []
  const attacks: AttackSet[] = []
  for (const set of await sweepSets(context, ids)) {
    const [sweep] = set.sweeps
    if (sweep === undefined) continue
    const found = await passesOf(context, set, ids)
    problems.push(...found.problems)
    const series = await pooledSeries(
      context,
      set,
      found.passes,
      ({ run }) => {
        const place = places.get(run)
        return place === undefined ? null : String(place)
      },
      signal,
    )
    if (series.size === 0) continue
    const { attack, dataset, split, level } = sweep.request
    attacks.push({
      key: set.key,
      label: set.label,
      attack,
      dataset,
      split,
      level,
      sweeps: set.sweeps.map(({ id }) => id),
      groups: groups.map((_, place) => series.get(String(place)) ?? null),
    })
  }
  return { spectra: await spectrumSets(context, groups, places), attacks, problems }
}
