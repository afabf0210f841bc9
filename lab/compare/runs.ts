import { asLabError, LabError, type RunId } from '../../contract/index.js'
import { attackMeasureOf } from '../../contract/compare/attackMeasure.js'
import { compareRuns } from '../../contract/compare/compareRuns.js'
import type { ComparedMeasure, ComparedRun, Comparison } from '../../contract/compare/comparison.js'
import type { CompareRequest } from '../../contract/compare/request.js'
import { parseColumn } from '../../contract/library/parseQuery.js'
import { mapEach } from '../files/eachOf.js'
import type { Library } from '../library/library.js'
import type { ChosenRuns } from '../library/chosenRuns.js'
import { availableMeasures, measureOf, usualMeasures } from './measures.js'
import type { AttackMeasures } from './attackMeasures.js'

/** A measure with its value of each row. */
type ReadMeasure = ComparedMeasure & { of: (row: number) => number | null }

/** The column of a measure; null where no run has it. @throws LabError `value.range` for a measure that is not a number */
function readMeasure({ columns }: ChosenRuns, name: string): ReadMeasure | null {
  const reference = parseColumn(name)
  try {
    const { type, cell } = columns.column(reference, { from: 0, to: name.length })
    if (type !== 'number')
      throw new LabError('value.range', `expected a measure that is a number, got ${name} (${type})`, { measure: name })
    return {
      ...measureOf(name),
      of: (row) => {
        const value = cell(row)
        return typeof value === 'number' ? value : null
      },
    }
  } catch (error) {
    if (asLabError(error).code === 'query.invalid') return null
    throw error
  }
}

function comparedRun(
  { record, labels, settings: recorded }: ChosenRuns['rows'][number],
  values: readonly (number | null)[],
): ComparedRun {
  const { id, name, state, epoch, epochs } = record
  // Files of other programs may have measures alone.
  const settings = recorded === null || Object.keys(recorded).length === 0 ? null : recorded
  const configured = settings?.['seed']
  return {
    id,
    name,
    state,
    // Runs of other programs have a seed where their configuration says one.
    seed:
      settings === null ? null : id.startsWith('r-') ? record.seed : typeof configured === 'number' ? configured : null,
    epoch,
    epochs,
    trashed: labels.trashedAt !== null,
    settings,
    values,
  }
}

/** What a comparison reads. */
export interface ComparisonSources {
  library: Pick<Library, 'chosen'>
  /** Whether the folder of a run is there: the list of an open archive still has one that was deleted by hand. */
  isThere(id: RunId): Promise<boolean>
  /** Numbers of runs under attacks; of those that are asked for, the values. */
  attacks(ids: ReadonlySet<RunId>, asked: readonly string[], signal: AbortSignal): Promise<AttackMeasures>
}

/**
 * Compares runs, whose groups may have lost some.
 *
 * @throws LabError `run.missing` where the archive has none of them, `query.invalid` for a measure that cannot be read
 */
export async function comparisonOf(
  sources: ComparisonSources,
  { groups, measures: asked, baseline }: CompareRequest,
  signal: AbortSignal,
): Promise<Comparison> {
  const ids = [...new Set(groups.flat())]
  const isOfAttack = (name: string): boolean => attackMeasureOf(name) !== null
  const columns = asked.filter((name) => !isOfAttack(name))
  const areThere = await mapEach(ids, sources.isThere)
  const chosen = await sources.library.chosen(
    ids.filter((_, place) => areThere[place] === true),
    columns.map(parseColumn),
  )
  const places = new Map<RunId, number>(chosen.rows.map(({ record }, place) => [record.id, place]))
  const gone = ids.filter((id) => !places.has(id))
  if (places.size === 0)
    throw new LabError('run.missing', `none of these runs is in the archive any more: ${gone.slice(0, 8).join(', ')}`)
  const attacks = await sources.attacks(new Set(ids), asked.filter(isOfAttack), signal)
  const available = [...availableMeasures(chosen), ...attacks.available]
  const names = asked.length > 0 ? asked : usualMeasures(available).map(({ name }) => name)
  const read = names.map((name) => ({
    name,
    found: isOfAttack(name)
      ? attacks.read(name, (row) => chosen.rows[row]?.record.id ?? '')
      : readMeasure(chosen, name),
  }))
  const measures = read.flatMap(({ found }) => found ?? [])
  const kept = groups.map((group) => group.flatMap((id) => places.get(id) ?? []))
  const baselineId = groups[baseline]?.find((id) => places.has(id))
  const compared = kept.filter((rows) => rows.length > 0)
  return compareRuns(
    compared.map((rows) =>
      rows.flatMap((row) => {
        const own = chosen.rows[row]
        return own === undefined
          ? []
          : [
              comparedRun(
                own,
                measures.map(({ of }) => of(row)),
              ),
            ]
      }),
    ),
    measures.map(({ name, label, unit }) => ({ name, label, unit })),
    {
      baseline: Math.max(
        0,
        compared.findIndex((rows) => rows.some((row) => chosen.rows[row]?.record.id === baselineId)),
      ),
      gone,
      unknown: read.flatMap(({ name, found }) => (found === null ? [name] : [])),
      available,
    },
  )
}
