import { onEndSignal } from './terminal/endSignals.js'

/**
 * Runs work with a signal that aborts when the user or the system asks the program to end.
 *
 * @param announce - called at once when the request arrives
 */
export async function untilSignal<Result>(
  announce: () => void,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  const stop = onEndSignal(() => {
    announce()
    controller.abort()
  })
  try {
    return await work(controller.signal)
  } finally {
    stop()
  }
}
