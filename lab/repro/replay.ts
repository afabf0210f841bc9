import { join } from 'node:path'
import { LabError, type ReproScale } from '../../contract/index.js'
import type { LabCore } from '../core.js'
import { createReplayClock } from './clock.js'
import { openMemory, type StepEntry } from './memory.js'
import { checkPlan, makePlan, type ReproPlan } from './plan.js'
import { STAGES, withNeeds, type ReproStage } from './stages/index.js'
import type { PlannedStep } from './stages/stage.js'
import type { ReplayListener } from './step.js'
import { makeFolder } from '../files/folders.js'

/** What a replay was asked for. */
export interface ReplayOptions {
  stages: readonly ReproStage[]
  scale: ReproScale
  seed: number
  /** Root of the tree of section 9. */
  folder: string
  /** Sets values of the plan by hand; it is checked afterwards. */
  change?(plan: ReproPlan): void
}

/** What a replay made: files relative to the folder. */
export interface ReplayResult {
  scale: ReproScale
  stages: ReproStage[]
  /** Every step of these stages: its run, sweep, spectrum or plane, its files, and the seconds that it took. */
  steps: Record<string, Pick<StepEntry, 'job' | 'seconds'>>
  files: string[]
}

/**
 * What a replay would compute, checked.
 *
 * @throws LabError `dataset.missing`, `spec.invalid` for a value set by hand
 */
export async function planReplay(
  lab: LabCore,
  { scale, seed, change }: Pick<ReplayOptions, 'scale' | 'seed' | 'change'>,
): Promise<ReproPlan> {
  const [presets, datasets] = await Promise.all([lab.call('preset.list', null), lab.call('dataset.list', null)])
  const cifar10 = datasets.find((status) => status.kind === 'cifar10')
  if (cifar10 === undefined) throw new LabError('internal', 'CIFAR-10 is not in the list of datasets')
  const plan = makePlan(scale, seed, presets, cifar10)
  change?.(plan)
  return checkPlan(plan)
}

/** Steps of stages in their order, with the seconds that they take on two quiet cores. */
export const stepsOf = (plan: ReproPlan, stages: readonly ReproStage[]): PlannedStep[] =>
  stages.flatMap((stage) => STAGES[stage].steps(plan))

/**
 * Replays stages of the paper into the file tree of section 9: models/, experiments/, figures/, and a report.
 *
 * Stages that are needed are done first. A step that is there and unchanged is skipped, an interrupted one goes on exactly.
 *
 * @throws LabError `dataset.missing`, `spec.invalid` for a value set by hand, `run.interrupted`, `cancelled`, or the error of a run or sweep
 */
export async function replay(
  lab: LabCore,
  options: ReplayOptions,
  listener: ReplayListener,
  signal: AbortSignal = new AbortController().signal,
): Promise<ReplayResult> {
  const { folder, scale } = options
  const plan = await planReplay(lab, options)
  const stages = withNeeds(options.stages)
  for (const name of ['models', 'experiments', 'figures']) await makeFolder(join(folder, name), 'umask')
  const memory = await openMemory(folder)
  const steps = stepsOf(plan, stages)
  const clock = createReplayClock(steps, memory)
  const context = { lab, plan, folder, memory, listener, signal, ...clock }
  for (const stage of stages) await STAGES[stage].run(context)
  const entries = steps.flatMap(({ key }): [string, StepEntry][] => {
    const entry = memory.get(key)
    return entry === null ? [] : [[key, entry]]
  })
  return {
    scale,
    stages,
    steps: Object.fromEntries(entries.map(([key, { job, seconds }]) => [key, { job, seconds }])),
    files: [...new Set(entries.flatMap(([, { files }]) => Object.keys(files)))],
  }
}
