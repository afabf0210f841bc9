import {
  asLabError,
  DATASETS,
  describeAttack,
  normOf,
  type RobustnessPass,
  type RunId,
  type SweepRecord,
} from '../../contract/index.js'
import { hashOf } from '../files/hash.js'
import type { LabContext } from '../context.js'
import { runsOfModels } from './runOfModel.js'

/** Sweeps of one attack with the same sizes on the same images. */
export interface SweepSet {
  /** Eight hexadecimal digits that follow from attack, images and sizes. */
  key: string
  label: string
  sweeps: SweepRecord[]
}

/** A pass with the run whose model it attacked. */
export interface RunPass {
  run: RunId
  pass: RobustnessPass
}

/** What passes must share to be drawn together. */
const keyOf = ({ request: { attack, dataset, split, images, imageNorm, grid, criticalOnly } }: SweepRecord): string =>
  hashOf({ attack, dataset, split, images, imageNorm, grid, criticalOnly }).slice(0, 8)

function labelOf({ request: { attack, dataset, split, images, grid } }: SweepRecord): string {
  const norm = normOf(attack)
  const normText = norm === null ? '' : ` in L${norm === 'linf' ? '∞' : norm}`
  const count = images === null ? 'all' : `first ${images}`
  return `${describeAttack(attack)}${normText}, ${count} ${DATASETS[dataset.kind].label} ${split === 'test' ? 'test' : 'training'} images, ${grid.count} sizes`
}

/** Sweeps with a finished pass of one of these runs, newest first. */
export async function sweepSets(
  { archive, sweeps }: Pick<LabContext, 'archive' | 'sweeps'>,
  ids: ReadonlySet<RunId>,
): Promise<SweepSet[]> {
  const runOf = runsOfModels(await archive.list())
  const sets = new Map<string, SweepSet>()
  for (const sweep of sweeps.list()) {
    const isWanted = sweep.models.some(({ model }) => ids.has(runOf(model)?.id ?? ''))
    if (!isWanted || (sweep.done === 0 && sweep.state !== 'finished')) continue
    const key = keyOf(sweep)
    const known = sets.get(key)
    if (known === undefined) sets.set(key, { key, label: labelOf(sweep), sweeps: [sweep] })
    else known.sweeps.push(sweep)
  }
  return [...sets.values()]
}

/** The finished passes of these runs; a sweep that cannot be read is named. */
export async function passesOf(
  { archive, sweeps }: Pick<LabContext, 'archive' | 'sweeps'>,
  set: SweepSet,
  ids: ReadonlySet<RunId>,
): Promise<{ passes: RunPass[]; problems: string[] }> {
  const runOf = runsOfModels(await archive.list())
  const passes: RunPass[] = []
  const problems: string[] = []
  /** The model of each run that was attacked last: a run that was resumed has another one than before. */
  const newest = new Map<RunId, string>()
  for (const { id } of set.sweeps) {
    try {
      for (const pass of await sweeps.passes(id)) {
        const run = runOf(pass.model.model)
        // A pruned model is another one than that of its run; the sweep page compares the two.
        if (run?.form !== 'raw' || !ids.has(run.id)) continue
        if (!newest.has(run.id)) newest.set(run.id, pass.model.hash)
        if (newest.get(run.id) === pass.model.hash) passes.push({ run: run.id, pass })
      }
    } catch (error) {
      problems.push(`The robustness sweep ${id} cannot be read: ${asLabError(error).message}.`)
    }
  }
  return { passes, problems }
}
