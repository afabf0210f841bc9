import { LabError, type ComputeDevice, type ExecutorName } from '../../contract/index.js'

/** More executors than this in one session would hide what is wrong with the machine. */
export const MOST_FALLBACKS = 3

/** What is known when a run's computing failed. */
export interface Failure {
  error: LabError
  /** What computed; null when nothing had started. */
  opened: { executor: ExecutorName; device: ComputeDevice } | null
  /** What the run asks for. */
  asked: ExecutorName | 'auto'
  /** How often this session has changed its executor. */
  fallbacks: number
}

/**
 * Whether a run goes on from its last checkpoint with the next executor.
 *
 * It does when its executor or the device was lost, and when a graphics processor ran out of its own memory. It does not when the
 * run names its executor: its numbers or its speed may depend on it, and a failed run is better than a very slow one.
 */
export function fallsBack({ error, opened, asked, fallbacks }: Failure): boolean {
  if (asked !== 'auto' || opened === null || fallbacks >= MOST_FALLBACKS) return false
  return (
    error.code === 'executor.deviceLost' ||
    error.code === 'executor.failed' ||
    (error.code === 'executor.memory' && opened.device.kind === 'graphics')
  )
}

/** The error of a run that ends, with the reason why no other executor took over. */
export function explained({ error, opened, asked, fallbacks }: Failure, id: string): LabError {
  if (!error.code.startsWith('executor.') || opened === null) return error
  const reason =
    asked !== 'auto'
      ? `no other backend was tried, because the run selects ${asked} explicitly; resume it on the fastest available backend with \`lab resume ${id} --executor auto\``
      : fallbacks >= MOST_FALLBACKS
        ? `${fallbacks} other backends failed before it, and no further backend was tried`
        : null
  return reason === null ? error : new LabError(error.code, `${error.message}; ${reason}`, error.details, error)
}
