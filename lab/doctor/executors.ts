import { asLabError, EXECUTOR_NAMES, type DoctorCheck, type DoctorReport } from '../../contract/index.js'
import type { LabContext } from '../context.js'

/** Tries every executor in the compute thread, anew unless a run computes there. */
export async function executorChecks({ machine }: LabContext): Promise<Omit<DoctorReport, 'checks'> & { checks: DoctorCheck[] }> {
  try {
    const { executors, chosen, note } = await machine.executors(true)
    const checks = executors.map(({ name, works, detail, remedy }): DoctorCheck => ({
      id: `executor.${name}`, group: 'executors', label: `Executor ${name}`, state: works ? 'good' : 'missing', detail: detail.replace(`${name} did not start: `, ''), remedy: works ? null : remedy,
    }))
    return { checks, executor: chosen, executorNote: note, executors }
  } catch (error) {
    const { message } = asLabError(error)
    const check: DoctorCheck = { id: 'executor', group: 'executors', label: 'Compute thread', state: 'bad', detail: message, remedy: 'Install the packages anew with `npm ci`.' }
    return { checks: [check], executor: EXECUTOR_NAMES[EXECUTOR_NAMES.length - 1] ?? 'cpu', executorNote: `nothing could be tried: ${message}`, executors: [] }
  }
}
