import type { ComparedGroup, Comparison } from '../../../contract/compare/comparison.js'
import { isImportedId, type Look, type RunId } from '../../../contract/index.js'

/** A group as the page draws it. */
export interface ShownGroup extends ComparedGroup {
  /** Its place in the comparison. */
  place: number
  /** Its first run, by which the address names it. */
  key: RunId
  look: Look
  hidden: boolean
  isBaseline: boolean
}

/** `5 seeds`, `seed 7`, `3 runs` where seeds are not known or repeat. */
export function membersText({ runs }: Pick<ComparedGroup, 'runs'>): string {
  const seeds = runs.flatMap(({ seed }) => (seed === null ? [] : [seed]))
  if (runs.length === 1) return seeds.length === 1 ? `seed ${seeds[0] ?? ''}` : 'one run, seed not known'
  return new Set(seeds).size === runs.length ? `${runs.length} seeds` : `${runs.length} runs`
}

/** Runs of these groups that this program trained: imported ones have no models. */
export const idsWithModels = (groups: readonly Pick<ComparedGroup, 'runs'>[]): RunId[] =>
  groups.flatMap(({ runs }) => runs.map(({ id }) => id).filter((id) => !isImportedId(id)))

/** The groups of a comparison with what the page knows of them. */
export function shownGroups(
  { groups, baseline }: Comparison,
  looks: ReadonlyMap<RunId, Look>,
  hidden: readonly RunId[],
): ShownGroup[] {
  return groups.map((group, place) => {
    const key = group.runs[0]?.id ?? ''
    return {
      ...group,
      place,
      key,
      look: looks.get(key) ?? 0,
      hidden: hidden.includes(key),
      isBaseline: place === baseline,
    }
  })
}

/** Names of groups in a sentence. */
export const namesText = (groups: readonly Pick<ComparedGroup, 'name'>[]): string =>
  groups.map(({ name }) => name).join('; ')
