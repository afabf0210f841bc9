import { smallestOf, type ConvergenceVerdict, type RunId, type RunRecord, type RunState } from '../../contract/index.js'
import { seedInterval, type SeedInterval } from './seedStatistics.js'

/** Runs of one experiment with different seeds that are still there. */
export interface SeedGroup {
  id: RunId
  members: RunRecord[]
  testAccuracy: SeedInterval | null
  trainAccuracy: SeedInterval | null
  spectrumSlope: SeedInterval | null
  /** Share of the units whose norm converged. */
  convergedFraction: SeedInterval | null
}

/** One row of a list of runs: a run, or several of one experiment. */
export type RunListItem = { type: 'run'; record: RunRecord } | { type: 'group'; record: RunRecord; group: SeedGroup }

/** States of a group by priority. */
const STATE_ORDER: readonly RunState[] = ['running', 'failed', 'interrupted', 'paused', 'stopped', 'queued', 'finished']

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null)

/** Runs of one experiment with different seeds: the same seed again is the same sample, the first of them counts. */
export const distinctSeeds = (members: readonly RunRecord[]): RunRecord[] =>
  members.filter(({ seed }, place) => members.findIndex((other) => other.seed === seed) === place)

/** The group of some runs; measures of those that have them. */
export function seedGroup(members: readonly RunRecord[]): SeedGroup {
  const sorted = [...members].sort((a, b) => (a.group?.index ?? 0) - (b.group?.index ?? 0))
  const interval = (measure: (record: RunRecord) => number | null): SeedInterval | null =>
    seedInterval(known(distinctSeeds(sorted.filter((record) => measure(record) !== null)).map(measure)))
  return {
    id: sorted[0]?.group?.id ?? sorted[0]?.id ?? '',
    members: sorted,
    testAccuracy: interval((record) => record.testAccuracy),
    trainAccuracy: interval((record) => record.trainAccuracy),
    spectrumSlope: interval((record) => record.spectrumSlope),
    convergedFraction: interval(({ verdict }) => (verdict === null ? null : 1 - verdict.unconvergedFraction)),
  }
}

/** The verdict of a group: passed only where every member that was judged passed; numbers are means. Null where none was judged. */
function groupVerdict(members: readonly RunRecord[]): ConvergenceVerdict | null {
  const verdicts = members.flatMap(({ verdict }) => verdict ?? [])
  const failed = verdicts.filter(({ passed }) => !passed).length
  if (verdicts.length === 0) return null
  const mean = (of: (verdict: ConvergenceVerdict) => number): number =>
    verdicts.reduce((sum, verdict) => sum + of(verdict), 0) / verdicts.length
  return {
    passed: failed === 0,
    unconvergedFraction: mean(({ unconvergedFraction }) => unconvergedFraction),
    unconvergedUnits: mean(({ unconvergedUnits }) => unconvergedUnits),
    lowMeanUnits: mean(({ lowMeanUnits }) => lowMeanUnits),
    flatFraction: mean(({ flatFraction }) => flatFraction),
    text:
      failed === 0
        ? `All ${verdicts.length} runs converged.`
        : `${failed} of ${verdicts.length} runs did not converge.`,
  }
}

/** A record that represents a group in lists: its first run with means, sums and the most urgent state. */
export function recordOfGroup(group: SeedGroup): RunRecord {
  const [first] = group.members
  if (first === undefined) throw new Error('a group without runs has no record')
  const state = STATE_ORDER.find((each) => group.members.some((member) => member.state === each)) ?? first.state
  const ends = group.members.map(({ finishedAt }) => finishedAt)
  return {
    ...first,
    state,
    epoch: smallestOf(group.members.map(({ epoch }) => epoch)),
    computeSeconds: group.members.reduce((sum, { computeSeconds }) => sum + computeSeconds, 0),
    testAccuracy: group.testAccuracy?.mean ?? null,
    trainAccuracy: group.trainAccuracy?.mean ?? null,
    spectrumSlope: group.spectrumSlope?.mean ?? null,
    verdict: groupVerdict(group.members),
    finishedAt: ends.includes(null)
      ? null
      : ends.reduce((last, end) => ((end ?? '') > (last ?? '') ? end : last), null),
  }
}

/** A list of runs with the seeds of one experiment grouped, at the position of the first; a single run stays a run. */
export function groupedRuns(records: readonly RunRecord[]): RunListItem[] {
  const members = new Map<RunId, RunRecord[]>()
  for (const record of records)
    if (record.group !== null) members.set(record.group.id, [...(members.get(record.group.id) ?? []), record])
  const listed = new Set<RunId>()
  return records.flatMap((record): RunListItem[] => {
    const all = record.group === null ? [] : (members.get(record.group.id) ?? [])
    if (record.group === null || all.length < 2) return [{ type: 'run', record }]
    if (listed.has(record.group.id)) return []
    listed.add(record.group.id)
    const group = seedGroup(all)
    return [{ type: 'group', record: recordOfGroup(group), group }]
  })
}

/** The seeds of a group in words: `seeds 1 to 5`, `seeds 1, 3, 4`. */
export function seedsWords({ members }: SeedGroup): string {
  const seeds = members.map(({ seed }) => seed).sort((a, b) => a - b)
  const [first = 0, last = 0] = [seeds[0], seeds.at(-1)]
  return last - first === seeds.length - 1 ? `seeds ${first} to ${last}` : `seeds ${seeds.join(', ')}`
}
