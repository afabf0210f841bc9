import { openBatchAttack, type BatchAttack } from '../../attacks/attackBatch.js'
import type { AttackBatch, AttackTools } from '../../attacks/index.js'
import { readImages, type Baseline, type ProbeSubject } from './baseline.js'
import type { AttackSpec } from '../../../contract/index.js'

/** Images of a batch are left out by eighths of it, of which the last is halved down to a 64th, so that few shapes are compiled. */
const SHARES = 8
const LEAST = 64

/** Kept images by their places in the baseline, as an attack sees them; rows as long as the network's. */
export function batchOf(
  subject: ProbeSubject,
  { keptIndices, attackLabels }: Baseline,
  places: Int32Array,
  { inputs }: Pick<AttackTools, 'inputs'>,
): AttackBatch {
  const numbers = Int32Array.from(places, (place) => keptIndices[place] as number)
  return {
    images: readImages(subject, numbers, inputs),
    labels: Int32Array.from(places, (place) => attackLabels[place] as number),
    numbers,
    count: places.length,
  }
}

/** The rows that an attack is opened on. */
export interface OpenRows {
  /** Place of each row in the baseline; a place may come twice. */
  places: Int32Array
  attack: BatchAttack
}

/** Chooses the images of a batch that a size is computed for. */
export interface BatchRows {
  /**
   * @param wanted - places that must be among the rows, at least one
   * @param next - places that will be wanted soon, the soonest first; they fill the rows up
   */
  open(wanted: readonly number[], next: readonly number[]): Promise<OpenRows>
}

/**
 * Rows of a batch: opened once for all of it, or again for a share of it whenever a wanted image is not there, or far fewer are wanted.
 *
 * @param places - all places of the batch
 * @param size - images of a whole batch; the last may have fewer
 * @param leavesOut - whether images that are not wanted may be left out
 */
export function batchRows(
  {
    subject,
    baseline,
    attack: spec,
    tools,
  }: { subject: ProbeSubject; baseline: Baseline; attack: AttackSpec; tools: AttackTools },
  places: readonly number[],
  size: number,
  leavesOut: boolean,
): BatchRows {
  const roomFor = (count: number): number => {
    let share = Math.ceil(size / SHARES)
    while (share / 2 >= count && share > size / LEAST) share = Math.ceil(share / 2)
    return Math.ceil(count / share) * share
  }
  let opened: OpenRows | null = null
  let there = new Set<number>()
  return {
    open: async (wanted, next) => {
      const fits = opened !== null && wanted.every((place) => there.has(place))
      if (opened !== null && fits && !(leavesOut && roomFor(wanted.length) < opened.places.length)) return opened
      const order = leavesOut ? [...wanted, ...next] : places
      const chosen = Int32Array.from(
        { length: leavesOut ? roomFor(wanted.length) : places.length },
        (_, index) => order[index] ?? (order[0] as number),
      )
      there = new Set(chosen)
      opened = { places: chosen, attack: await openBatchAttack(batchOf(subject, baseline, chosen, tools), spec, tools) }
      return opened
    },
  }
}
