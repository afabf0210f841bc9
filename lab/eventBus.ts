import type { EventName, Events } from '../contract/index.js'

export interface EventBus {
  /** Calls the listeners of an event; never throws. */
  emit<Name extends EventName>(name: Name, payload: Events[Name]): void
  listen<Name extends EventName>(name: Name, listener: (payload: Events[Name]) => void): () => void
}

/** Writes to standard error which listener failed: nobody waits for it, and the program goes on. */
function reportToConsole(name: EventName, error: unknown): void {
  process.stderr.write(
    `A listener of ${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
}

/**
 * Passes every event to its listeners at once, in the order in which they were added. A listener that throws affects neither the others nor the emitter.
 *
 * @param onFailure - called with what a listener threw
 */
export function createEventBus(onFailure: (name: EventName, error: unknown) => void = reportToConsole): EventBus {
  const listeners = new Map<EventName, Set<(payload: never) => void>>()
  return {
    emit: (name, payload) => {
      for (const listener of [...(listeners.get(name) ?? [])]) {
        try {
          listener(payload as never)
        } catch (error) {
          onFailure(name, error)
        }
      }
    },
    listen: (name, listener) => {
      const own = listeners.get(name) ?? new Set()
      listeners.set(name, own)
      own.add(listener)
      return () => own.delete(listener)
    },
  }
}
