import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'

/**
 * The present, refreshed for clocks and "ends at" read-outs.
 *
 * @param everyMs - how often
 */
export function useNow(everyMs = 1000): Readonly<ShallowRef<Date>> {
  const now = shallowRef(new Date())
  const timer = window.setInterval(() => (now.value = new Date()), everyMs)
  onScopeDispose(() => window.clearInterval(timer))
  return now
}
