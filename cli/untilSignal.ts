/**
 * Works with a signal that Ctrl-C, or the system's wish to end, aborts once.
 *
 * @param tell - says at once that the wish was heard
 */
export async function untilSignal<Result>(tell: () => void, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController()
  const onSignal = (): void => {
    if (controller.signal.aborted) return
    tell()
    controller.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
}
