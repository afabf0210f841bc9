import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { asLabError, type LabError } from '../../contract/index.js'
import { useConnected } from './useConnected.js'

/** Something a person asked for that may fail: its error stays where it was asked for. */
export interface Action {
  readonly busy: Readonly<ShallowRef<boolean>>
  /** Whether it cannot be asked for now: one is under way, or the workbench is gone. */
  readonly blocked: ComputedRef<boolean>
  readonly error: ShallowRef<LabError | null>
  /** Runs the work unless one is under way. @returns whether it ended well */
  run(work: () => Promise<unknown>): Promise<boolean>
}

/** Keeps whether an action is under way and how the last one failed. A cancelled action is not an error. */
export function useAction(): Action {
  const busy = shallowRef(false)
  const connected = useConnected()
  const error = shallowRef<LabError | null>(null)
  return {
    busy, error, blocked: computed(() => busy.value || !connected.value),
    run: async (work) => {
      if (busy.value) return false
      busy.value = true
      error.value = null
      try {
        await work()
        return true
      } catch (thrown) {
        const failure = asLabError(thrown)
        if (failure.code !== 'cancelled') error.value = failure
        return false
      } finally {
        busy.value = false
      }
    },
  }
}
