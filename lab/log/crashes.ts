import { errorText, type Log } from './log.js'

/** The errors of a process that nobody has caught; tests give their own. */
export interface CrashSource {
  on(event: 'uncaughtException' | 'unhandledRejection', listener: (error: unknown) => void): unknown
  off(event: 'uncaughtException' | 'unhandledRejection', listener: (error: unknown) => void): unknown
}

/** How errors of a fault are shown: more than this in one session are only logged. */
const MOST_SHOWN = 5

/**
 * Logs and shows errors that nobody has caught, and lets the program go on: its jobs and its archive are in order whatever failed
 * beside them.
 *
 * @param show - called with a sentence for the user
 * @returns stops listening
 */
export function catchUncaught(log: Log, show: (text: string) => void, source: CrashSource = process): () => void {
  let shown = 0
  const take =
    (topic: 'uncaughtException' | 'unhandledRejection') =>
    (error: unknown): void => {
      log.write('error', topic, errorText(error))
      if (shown++ >= MOST_SHOWN) return
      const message = error instanceof Error ? error.message : String(error)
      show(`An unexpected error occurred, and the workbench continues: ${message}. Details are in ${log.path}.`)
    }
  const listeners = { uncaughtException: take('uncaughtException'), unhandledRejection: take('unhandledRejection') }
  source.on('uncaughtException', listeners.uncaughtException)
  source.on('unhandledRejection', listeners.unhandledRejection)
  return () => {
    source.off('uncaughtException', listeners.uncaughtException)
    source.off('unhandledRejection', listeners.unhandledRejection)
  }
}
