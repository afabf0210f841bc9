import type { EventName } from '../../contract/index.js'
import type { LabCore } from '../core.js'

/** One event as it was sent, with its number. */
export interface NumberedEvent {
  sequence: number
  payload: unknown
}

/** What a listener missed: the events after the number it knows, or a gap when some of them are gone. */
export type CatchUp = { gap: boolean; sequence: number; events: readonly NumberedEvent[] }

export interface EventLog {
  /** The last number given to this event. */
  sequence(name: EventName): number
  since(name: EventName, known: number): CatchUp
  onEvent(listener: (name: EventName, event: NumberedEvent) => void): () => void
}

const KEPT_EVENTS = 500
const KEPT_BYTES = 64 * 2 ** 20

/** Every event of the contract, as a table so that a new one cannot be forgotten. */
const EVENT_NAMES = Object.keys({
  'library.changed': 1,
  'run.changed': 1,
  'run.removed': 1,
  'run.metrics': 1,
  'run.array': 1,
  'run.notice': 1,
  'queue.changed': 1,
  'dataset.changed': 1,
  'model.changed': 1,
  'lab.progress': 1,
  'settings.changed': 1,
  'look.changed': 1,
  'activity.changed': 1,
  'robustness.changed': 1,
  'robustness.removed': 1,
  'plane.coarse': 1,
  'replay.changed': 1,
} satisfies Record<EventName, 1>) as EventName[]

export function isEventName(name: string): name is EventName {
  return (EVENT_NAMES as string[]).includes(name)
}

/** Bytes of the arrays in an event; the rest of it is small. */
function arrayBytes(payload: unknown): number {
  if (ArrayBuffer.isView(payload)) return payload.byteLength
  if (typeof payload !== 'object' || payload === null) return 0
  return Object.values(payload).reduce((sum: number, entry) => sum + arrayBytes(entry), 0)
}

class ReplayBuffer {
  private kept: (NumberedEvent & { bytes: number })[] = []
  private bytes = 0
  private dropped: number
  last: number

  constructor(start: number) {
    this.last = start
    this.dropped = start
  }

  add(payload: unknown): NumberedEvent {
    const event = { sequence: ++this.last, payload, bytes: arrayBytes(payload) }
    this.kept.push(event)
    this.bytes += event.bytes
    while (this.kept.length > KEPT_EVENTS || this.bytes > KEPT_BYTES) {
      const oldest = this.kept.shift()
      if (oldest === undefined) break
      this.bytes -= oldest.bytes
      this.dropped = oldest.sequence
    }
    return event
  }

  since(known: number): CatchUp {
    const gap = known < this.dropped || known > this.last
    return { gap, sequence: this.last, events: gap ? [] : this.kept.filter((event) => event.sequence > known) }
  }
}

const logs = new WeakMap<LabCore, EventLog>()

/**
 * The numbered events of a lab, kept for windows whose connection breaks: the last 500 of each kind, at most 64 MB of arrays.
 *
 * Numbers begin at the microseconds since 1970, so that those of an earlier process are always smaller and lead to a gap.
 */
export function eventLogOf(lab: LabCore): EventLog {
  const known = logs.get(lab)
  if (known !== undefined) return known
  const start = Date.now() * 1000
  const buffers = new Map(EVENT_NAMES.map((name) => [name, new ReplayBuffer(start)]))
  const listeners = new Set<(name: EventName, event: NumberedEvent) => void>()
  const bufferOf = (name: EventName): ReplayBuffer => buffers.get(name) ?? new ReplayBuffer(start)
  for (const name of EVENT_NAMES) {
    lab.listen(name, (payload) => {
      const event = bufferOf(name).add(payload)
      for (const listener of [...listeners]) listener(name, event)
    })
  }
  const log: EventLog = {
    sequence: (name) => bufferOf(name).last,
    since: (name, sequence) => bufferOf(name).since(sequence),
    onEvent: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  logs.set(lab, log)
  return log
}
