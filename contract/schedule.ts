/** How the learning rate changes over the epochs. */
export interface RateSchedule {
  decay: 'linear' | 'constant'
  learningRate: number
  epochs: number
}

/**
 * The learning rate of an epoch; `linear`: rate(e) = (1 - e/T) rate_0, so that the last epoch changes nothing; `constant`: rate_0.
 *
 * @param schedule - decay, rate_0 > 0, T >= 1 epochs
 * @param epoch - e, counted 1 .. T
 * @returns the rate, >= 0; an epoch of rate 0 changes nothing
 *
 * Source: the original's training script; docs/SOURCES.md 2.7.
 */
export function learningRateOf(schedule: RateSchedule, epoch: number): number {
  return schedule.decay === 'constant' ? schedule.learningRate : (1 - epoch / schedule.epochs) * schedule.learningRate
}

/**
 * The rate of the last epoch that learns: what a saved model carries as 1/τ, since the original overwrites τ each epoch.
 *
 * @returns the smallest rate > 0 of the schedule; rate_0 itself when no epoch learns
 */
export function lastRateOf(schedule: RateSchedule): number {
  for (let epoch = schedule.epochs; epoch >= 1; epoch--) {
    const rate = learningRateOf(schedule, epoch)
    if (rate > 0) return rate
  }
  return schedule.learningRate
}
