import type { ReplayMemory } from './memory.js'
import type { PlannedStep } from './stages/stage.js'
import type { ReplayContext } from './step.js'

const secondsOf = (steps: readonly PlannedStep[]): number => steps.reduce((sum, { seconds }) => sum + seconds, 0)

/**
 * Tells how long a replay still takes: the reckoned seconds of steps that are left, times how much slower than reckoned
 * those were that this tree has behind it.
 *
 * @param steps - all of this replay, in their order
 */
export function createReplayClock(
  steps: readonly PlannedStep[],
  memory: ReplayMemory,
): Pick<ReplayContext, 'passed' | 'progress'> {
  const passed = new Set<string>()
  let changed = false
  const paceOf = (): number => {
    let [took, reckoned] = [0, 0]
    for (const { key, seconds } of steps) {
      const entry = memory.get(key)
      if (entry === null) continue
      took += entry.seconds
      reckoned += seconds
    }
    return reckoned > 0 ? took / reckoned : 1
  }
  return {
    passed: (key, made) => {
      // Where one step was made again, those that depend on it are too.
      changed ||= made
      passed.add(key)
    },
    progress: (key, label) => {
      const left = secondsOf(
        steps.filter((step) => !passed.has(step.key) && (step.key === key || changed || memory.get(step.key) === null)),
      )
      const [all, own, pace] = [secondsOf(steps), secondsOf(steps.filter((step) => step.key === key)), paceOf()]
      return {
        key,
        label,
        number: passed.size + 1,
        total: steps.length,
        fraction: 1 - left / all,
        ownFraction: own / all,
        secondsLeft: left * pace,
        ownSeconds: own * pace,
      }
    },
  }
}
