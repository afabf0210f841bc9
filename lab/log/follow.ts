import type { LabError } from '../../contract/index.js'
import type { EventBus } from '../eventBus.js'
import type { Log } from './log.js'

/** A job as its record says it. */
interface Job {
  id: string
  state: string
  error: { code: string; message: string } | null
}

/** Logs every change of the state of runs, sweeps and replays, with the error of those that failed. */
export function logJobs(log: Log, bus: EventBus): void {
  const states = new Map<string, string>()
  const follow = ({ id, state, error }: Job): void => {
    if (states.get(id) === state) return
    states.set(id, state)
    const reason = error === null ? '' : ` (${error.code}: ${error.message})`
    log.write(state === 'failed' ? 'error' : 'info', 'job', `${id} is ${state}${reason}`)
  }
  bus.listen('run.changed', ({ record }) => follow(record))
  bus.listen('robustness.changed', ({ record }) => follow(record))
  bus.listen('replay.changed', ({ record }) => follow(record))
  bus.listen('run.removed', ({ id }) => states.delete(id))
  bus.listen('robustness.removed', ({ id }) => states.delete(id))
}

/** Failures of commands that are no mistakes of their caller: writes, executors, and faults of the program itself. */
const WORTH_LOGGING = /^(internal|archive\.lost|file\.(diskFull|unwritable|unreadable|damaged)|executor\.)/

/** Logs a command that failed for a reason that its caller did not give. */
export function logFailure(log: Log, command: string, { code, message, stack }: LabError): void {
  if (!WORTH_LOGGING.test(code)) return
  log.write('error', command, code === 'internal' ? (stack ?? message) : `${code}: ${message}`)
}
