import type { EventName } from '../commands.js'
import type { Frame } from '../wire.js'

interface Listener {
  receive(payload: unknown): void
  onGap: (() => void) | undefined
}

/** An event, of everything or of one run. */
interface Topic {
  name: EventName
  of: string | undefined
}

const keyOf = ({ name, of }: Topic): string => (of === undefined ? name : `${name} ${of}`)

/** One event as it is followed over the wire; any number of listeners of the window share it. */
interface Subscription {
  id: number
  topic: Topic
  /** Last number seen; 0 before the lab has sent its own. */
  since: number
  listeners: Set<Listener>
}

/**
 * Which events a link follows, with the last number seen of each.
 *
 * @param nextId - gives a number that no other frame of this link has
 * @param send - sends now or, without a connection, does nothing: {@link listenAgain} makes up for it
 */
export function createSubscriptions(nextId: () => number, send: (frame: Frame) => void) {
  const byTopic = new Map<string, Subscription>()
  const byId = new Map<number, Subscription>()

  const listen = ({ id, topic: { name, of }, since }: Subscription): void =>
    send({ tag: 'listen', id, event: name, since, ...(of === undefined ? {} : { of }) })

  return {
    add(topic: Topic, receive: (payload: unknown) => void, onGap: (() => void) | undefined): () => void {
      const listener: Listener = { receive, onGap }
      const key = keyOf(topic)
      const known = byTopic.get(key)
      if (known === undefined) {
        const subscription: Subscription = { id: nextId(), topic, since: 0, listeners: new Set([listener]) }
        byTopic.set(key, subscription)
        byId.set(subscription.id, subscription)
        listen(subscription)
      } else known.listeners.add(listener)
      return () => {
        const subscription = byTopic.get(key)
        if (subscription === undefined || !subscription.listeners.delete(listener) || subscription.listeners.size > 0)
          return
        byTopic.delete(key)
        byId.delete(subscription.id)
        send({ tag: 'unlisten', id: subscription.id })
      }
    },
    /** Asks for every event again, on a new connection. */
    listenAgain(): void {
      for (const subscription of byTopic.values()) listen(subscription)
    },
    /** Takes a frame that belongs to an event. @returns whether it did */
    receive(frame: Frame): boolean {
      const subscription = byId.get(frame.id)
      if (subscription === undefined) return false
      if (frame.tag === 'reply') {
        // The answer to `listen`: the number from which this subscription counts, so that a break before the first event loses nothing.
        if (subscription.since === 0 && typeof frame.output === 'number') subscription.since = frame.output
      } else if (frame.tag === 'gap') {
        subscription.since = frame.sequence
        for (const listener of [...subscription.listeners]) listener.onGap?.()
      } else if (frame.tag === 'event' && frame.sequence > subscription.since) {
        subscription.since = frame.sequence
        for (const listener of [...subscription.listeners]) listener.receive(frame.payload)
      }
      return true
    },
  }
}
