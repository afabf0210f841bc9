import type { CommandName } from '../../contract/index.js'
import type { LabCore } from '../core.js'

/** Work that one caller started. */
export interface StartedWork {
  /** Takes note of what a command of the caller was answered with. */
  answered(name: CommandName, output: unknown): void
  /** Pauses what still waits or computes: its caller is gone. */
  pauseAll(): void
}

const hasId = (value: unknown): value is { id: string } =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'

/** The id of the group of runs that a record belongs to, if any. */
function groupOf(record: object): string | null {
  const group = 'group' in record ? record.group : null
  return hasId(group) ? group.id : null
}

/** Follows the runs and sweeps that one caller starts. */
export function createStartedWork(lab: Pick<LabCore, 'call'>): StartedWork {
  const [runs, groups, sweeps] = [new Set<string>(), new Set<string>(), new Set<string>()]
  let gone = false
  // What has ended refuses to be paused.
  const quietly = (work: Promise<unknown>): void => void work.catch(() => undefined)
  const pauseGroups = async (): Promise<void> => {
    for (const { id, group } of await lab.call('run.list', null))
      if (group !== null && groups.has(group.id)) quietly(lab.call('run.pause', { id }))
  }
  const pauseAll = (): void => {
    gone = true
    for (const id of sweeps) quietly(lab.call('robustness.pause', { id }))
    for (const id of runs) quietly(lab.call('run.pause', { id }))
    if (groups.size > 0) quietly(pauseGroups())
  }
  return {
    pauseAll,
    answered: (name, output) => {
      if (!hasId(output)) return
      if (name === 'run.submit' || name === 'run.resume') {
        runs.add(output.id)
        const group = name === 'run.submit' ? groupOf(output) : null
        if (group !== null) groups.add(group)
      } else if (name === 'robustness.run' || name === 'robustness.resume') sweeps.add(output.id)
      // Its caller ended while it was carried out.
      if (gone) pauseAll()
    },
  }
}
