import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { asLabError, type LabError } from '../../contract/index.js'
import { useConnected } from './useConnected.js'

/** A user action that may fail; its error stays next to the control. */
export interface Action {
  readonly busy: Readonly<ShallowRef<boolean>>
  /** Whether the action is unavailable: already running, or not connected. */
  readonly blocked: ComputedRef<boolean>
  readonly error: ShallowRef<LabError | null>
  /** Runs the action unless it is already running. @returns whether it succeeded */
  run(work: () => Promise<unknown>): Promise<boolean>
}

/** Keeps whether an action is in progress and how the last one failed. A cancelled action is not an error. */
export function useAction(): Action {
  const busy = shallowRef(false)
  const connected = useConnected()
  const error = shallowRef<LabError | null>(null)
  return {
    busy,
    error,
    blocked: computed(() => busy.value || !connected.value),
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
