import type { RunControl } from './events.js'

/** Screens hear of progress inside an epoch no more often. */
const PROGRESS_EVERY_MS = 250

/** Measures speed and estimates the end; probes are not counted as learning. */
export interface Clock {
  step(images: number): void
  /** Whether screens should hear of progress now. */
  isDue(): boolean
  /** Images a second since the last call, or null when nothing was learnt. */
  takeSpeed(): number | null
  secondsLeft(step: number): number | null
  pause(): void
  resume(): void
}

/**
 * @param control - has the steady clock
 * @param totalSteps - of the whole run
 */
export function createClock(control: RunControl, totalSteps: number): Clock {
  const started = control.now()
  let steps = 0
  let images = 0
  let mark = started
  let reported = started
  let pausedAt = 0
  let pausedSinceMark = 0
  return {
    step: (count) => {
      steps += 1
      images += count
    },
    isDue: () => {
      if (control.now() - reported < PROGRESS_EVERY_MS) return false
      reported = control.now()
      return true
    },
    takeSpeed: () => {
      const seconds = (control.now() - mark - pausedSinceMark) / 1000
      const speed = images === 0 || seconds <= 0 ? null : images / seconds
      images = 0
      mark = control.now()
      pausedSinceMark = 0
      return speed
    },
    // Probes come at regular intervals, so the time that they took is spread over the steps still to come.
    secondsLeft: (step) => (steps === 0 ? null : ((control.now() - started) / 1000 / steps) * (totalSteps - step)),
    pause: () => {
      pausedAt = control.now()
    },
    resume: () => {
      const duration = control.now() - pausedAt
      pausedSinceMark += duration
    },
  }
}
