/** A moment by two clocks: one may be set, and the other may not count the time in which a computer sleeps. */
export interface Moment {
  wallMs: number
  steadyMs: number
}

export const thisMoment = (): Moment => ({ wallMs: Date.now(), steadyMs: performance.now() })

/**
 * Time since a moment, in milliseconds: the longer of what both clocks say; infinite when the system clock was set
 * back.
 */
export function elapsedMs(since: Moment): number {
  const now = thisMoment()
  return now.wallMs < since.wallMs ? Infinity : Math.max(now.wallMs - since.wallMs, now.steadyMs - since.steadyMs)
}
