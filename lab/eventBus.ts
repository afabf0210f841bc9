import type { EventName, Events } from '../contract/index.js'

export interface EventBus {
  emit<Name extends EventName>(name: Name, payload: Events[Name]): void
  listen<Name extends EventName>(name: Name, listener: (payload: Events[Name]) => void): () => void
}

/** Hands every event to its listeners at once, in the order in which they came. */
export function createEventBus(): EventBus {
  const listeners = new Map<EventName, Set<(payload: never) => void>>()
  return {
    emit: (name, payload) => {
      for (const listener of [...(listeners.get(name) ?? [])]) listener(payload as never)
    },
    listen: (name, listener) => {
      const own = listeners.get(name) ?? new Set()
      listeners.set(name, own)
      own.add(listener)
      return () => own.delete(listener)
    },
  }
}
