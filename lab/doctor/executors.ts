import { asLabError, EXECUTOR_NAMES, type DoctorCheck, type ExecutorName } from '../../contract/index.js'
import type { LabContext } from '../context.js'

/** Tries every executor in the compute thread. */
export async function executorChecks({ machine }: LabContext): Promise<{ checks: DoctorCheck[]; chosen: ExecutorName; note: string }> {
  try {
    const { executors, chosen, note } = await machine.executors()
    const checks = executors.map(({ name, works, description, remedy }): DoctorCheck => ({
      id: `executor.${name}`, group: 'executors', label: `Executor ${name}`, state: works ? 'good' : 'missing', detail: description, remedy: works ? null : remedy,
    }))
    return { checks, chosen, note }
  } catch (error) {
    const { message } = asLabError(error)
    const check: DoctorCheck = { id: 'executor', group: 'executors', label: 'Compute thread', state: 'bad', detail: message, remedy: 'Install the packages anew with `npm ci`.' }
    return { checks: [check], chosen: EXECUTOR_NAMES[EXECUTOR_NAMES.length - 1] ?? 'cpu', note: `nothing could be tried: ${message}` }
  }
}
