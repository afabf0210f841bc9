import { computed, onScopeDispose, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { asLabError, type LabError } from '../../contract/index.js'
import { useConnected } from './useConnected.js'

/** The last answer to a request, and the state of the next one. */
export interface Query<Value> {
  /** The last good answer; it stays, marked stale, while a newer one is on its way or failed. */
  readonly value: Readonly<ShallowRef<Value | null>>
  readonly error: Readonly<ShallowRef<LabError | null>>
  readonly busy: Readonly<ShallowRef<boolean>>
  /** Whether a request is unavailable: one is running, or not connected. */
  readonly blocked: ComputedRef<boolean>
  /** Whether `value` is not the answer to the last request. */
  readonly stale: ComputedRef<boolean>
  /** Sends the request; an earlier one that is still open is cancelled and its answer never shown. */
  run(): Promise<Value | null>
  /** Forgets the answer and the error. */
  clear(): void
}

/**
 * Keeps the newest answer of a request that is repeated.
 *
 * @param question - sends the request once; the signal ends it when a newer one is sent or the component is unmounted
 */
export function useQuery<Value>(question: (signal: AbortSignal) => Promise<Value>): Query<Value> {
  const value = shallowRef<Value | null>(null)
  const error = shallowRef<LabError | null>(null)
  const busy = shallowRef(false)
  const connected = useConnected()
  let current: AbortController | null = null
  const abandon = (): void => {
    current?.abort()
    current = null
    busy.value = false
  }
  onScopeDispose(abandon)
  return {
    value,
    error,
    busy,
    blocked: computed(() => busy.value || !connected.value),
    stale: computed(() => value.value !== null && (busy.value || error.value !== null)),
    run: async () => {
      abandon()
      const mine = (current = new AbortController())
      busy.value = true
      try {
        const answer = await question(mine.signal)
        if (current !== mine) return null
        value.value = answer
        error.value = null
        return answer
      } catch (thrown) {
        if (current === mine) error.value = asLabError(thrown)
        return null
      } finally {
        if (current === mine) abandon()
      }
    },
    clear: () => {
      abandon()
      value.value = null
      error.value = null
    },
  }
}
