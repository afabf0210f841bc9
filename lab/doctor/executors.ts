import { asLabError, EXECUTOR_NAMES, type DoctorCheck, type DoctorReport } from '../../contract/index.js'
import type { LabContext } from '../context.js'

/** Tries every executor in the compute thread, in a new thread unless a run computes there. */
export async function executorChecks({
  machine,
}: LabContext): Promise<Omit<DoctorReport, 'checks'> & { checks: DoctorCheck[] }> {
  try {
    const { executors, chosen, note } = await machine.executors(true)
    const checks = executors.map(({ name, works, detail, remedy }): DoctorCheck => ({
      id: `executor.${name}`,
      group: 'executors',
      label: `Backend ${name}`,
      state: works ? 'good' : 'missing',
      detail: detail.replace(`${name} failed to start: `, ''),
      remedy: works ? null : remedy,
    }))
    return { checks, executor: chosen, executorNote: note, executors }
  } catch (error) {
    const { message } = asLabError(error)
    const check: DoctorCheck = {
      id: 'executor',
      group: 'executors',
      label: 'Compute thread',
      state: 'bad',
      detail: message,
      remedy: 'Reinstall the packages with `npm ci`.',
    }
    return {
      checks: [check],
      executor: EXECUTOR_NAMES[EXECUTOR_NAMES.length - 1] ?? 'cpu',
      executorNote: `no backend could be tested: ${message}`,
      executors: [],
    }
  }
}
