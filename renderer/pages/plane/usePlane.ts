import { computed, onScopeDispose, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import {
  asLabError,
  type LabError,
  type LabProgress,
  type PlaneId,
  type PlaneRequest,
  type PlaneResult,
} from '../../../contract/index.js'
import { useLink } from '../../composables/useLink.js'

/** A plane on screen, and the one that is being computed. */
export interface OpenPlane {
  /** What is shown: while a plane is computed its coarse maps, one finer than the other. */
  readonly result: Readonly<ShallowRef<PlaneResult | null>>
  /** Whether what is shown is coarser than what was asked. */
  readonly coarse: ComputedRef<boolean>
  readonly busy: Readonly<ShallowRef<boolean>>
  readonly progress: Readonly<ShallowRef<LabProgress | null>>
  readonly error: Readonly<ShallowRef<LabError | null>>
  /** @returns whether it was computed to the end */
  compute(request: PlaneRequest): Promise<boolean>
  /** Shows a stored plane. */
  open(id: PlaneId): Promise<PlaneResult | null>
  cancel(): void
  close(): void
}

let tickets = 0

/** Computes planes and reads stored ones; a newer question cancels the one in progress, and what was shown stays until there is better. */
export function usePlane(): OpenPlane {
  const link = useLink()
  const result = shallowRef<PlaneResult | null>(null)
  const busy = shallowRef(false)
  const progress = shallowRef<LabProgress | null>(null)
  const error = shallowRef<LabError | null>(null)
  let current: { ticket: string; controller: AbortController } | null = null

  const cancel = (): void => {
    current?.controller.abort()
    current = null
    busy.value = false
    progress.value = null
  }
  const ask = async (
    question: (signal: AbortSignal, ticket: string) => Promise<PlaneResult>,
  ): Promise<PlaneResult | null> => {
    cancel()
    const mine = (current = { ticket: `plane-${Date.now()}-${++tickets}`, controller: new AbortController() })
    busy.value = true
    error.value = null
    try {
      const answer = await question(mine.controller.signal, mine.ticket)
      if (current !== mine) return null
      result.value = answer
      return answer
    } catch (thrown) {
      const failure = asLabError(thrown)
      if (current === mine && failure.code !== 'cancelled') error.value = failure
      return null
    } finally {
      if (current === mine) cancel()
    }
  }
  for (const stop of [
    link.listen('plane.coarse', ({ ticket, result: coarser }) => {
      if (ticket === current?.ticket) result.value = coarser
    }),
    link.listen('lab.progress', (event) => {
      if (busy.value && event.topic === 'plane.compute') progress.value = event
    }),
    cancel,
  ])
    onScopeDispose(stop)
  return {
    result,
    busy,
    progress,
    error,
    cancel,
    coarse: computed(() => result.value !== null && result.value.size < result.value.request.size),
    compute: async (request) =>
      (await ask((signal, ticket) => link.call('plane.compute', { ...request, ticket }, { signal }))) !== null,
    open: (id) => ask((signal) => link.call('plane.get', { id }, { signal })),
    close: () => {
      cancel()
      result.value = null
      error.value = null
    },
  }
}
