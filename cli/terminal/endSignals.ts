/**
 * Signals that ask a program to end: Ctrl-C, Ctrl-\, the system's request, a closed terminal or ssh connection, and the
 * warning that batch systems send before they preempt a job (`sbatch --signal=USR1` or `USR2`).
 */
export const END_SIGNALS = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
] as const satisfies readonly NodeJS.Signals[]
export type EndSignal = (typeof END_SIGNALS)[number]

/** The exit code of a program that was interrupted. */
export const INTERRUPTED = 130

/** Time in which a repeated signal counts once: terminals and batch systems signal a whole group, wrappers pass it on. */
const SAME_WISH_MS = 1000

/** What the listener needs of a process; tests give their own. */
export interface SignalTarget {
  on(signal: EndSignal, listener: () => void): unknown
  off(signal: EndSignal, listener: () => void): unknown
  exit(code: number): unknown
}

/**
 * Listens to the signals that ask for an end. The first one is reported; another one, sent at least a second later, ends
 * the process at once, so that a close that hangs can be left.
 *
 * @param onFirst - called once with the first signal
 * @param now - a clock in milliseconds that never goes back
 * @returns stops listening
 */
export function onEndSignal(
  onFirst: (signal: EndSignal) => void,
  target: SignalTarget = process,
  now: () => number = () => performance.now(),
): () => void {
  let firstMs: number | null = null
  const listeners = END_SIGNALS.map(
    (signal) =>
      [
        signal,
        (): void => {
          if (firstMs === null) {
            firstMs = now()
            onFirst(signal)
          } else if (now() - firstMs >= SAME_WISH_MS) target.exit(INTERRUPTED)
        },
      ] as const,
  )
  for (const [signal, listener] of listeners) target.on(signal, listener)
  return () => {
    for (const [signal, listener] of listeners) target.off(signal, listener)
  }
}
