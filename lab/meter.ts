import type { ArrayRecord, MetricRecord, RunId, RunRecord } from '../contract/index.js'
import type { EventBus } from './eventBus.js'

/** Maximum number of frames per second sent to screens. */
const SHORTEST_PAUSE_MS = 50
/** Large arrays go more rarely: 40 MB a second is more than an eye can follow. */
const BYTES_PER_MS = 40_000

/** What waits for the next frame of one run. */
interface Outbox {
  record: RunRecord | null
  metrics: MetricRecord[]
  arrays: Map<string, ArrayRecord>
  timer: NodeJS.Timeout | null
  nextAt: number
}

/** Slows what a running experiment tells down to what screens can show. */
export interface Meter {
  record(record: RunRecord): void
  metric(id: RunId, record: MetricRecord): void
  array(id: RunId, array: ArrayRecord): void
  /** Sends what waits now: at the end of a run nothing may be missing. */
  flush(id: RunId): void
}

/**
 * Gathers what runs tell and sends it in frames of at most 20 a second. Every metric arrives; of a record and of an array that
 * changed several times within one frame the last one does.
 *
 * @param bus - receives `run.changed`, `run.metrics` and `run.array`
 */
export function createMeter(bus: EventBus): Meter {
  const outboxes = new Map<RunId, Outbox>()

  const send = (id: RunId, outbox: Outbox): void => {
    const { record, metrics, arrays } = outbox
    if (outbox.timer !== null) clearTimeout(outbox.timer)
    Object.assign(outbox, { record: null, metrics: [], arrays: new Map(), timer: null })
    let bytes = 0
    if (metrics.length > 0) bus.emit('run.metrics', { id, records: metrics })
    for (const array of arrays.values()) {
      bytes += array.data.byteLength
      bus.emit('run.array', { id, array })
    }
    if (record !== null) bus.emit('run.changed', { record })
    outbox.nextAt = performance.now() + Math.max(SHORTEST_PAUSE_MS, bytes / BYTES_PER_MS)
  }
  const outboxOf = (id: RunId): Outbox => {
    const known = outboxes.get(id)
    const outbox = known ?? { record: null, metrics: [], arrays: new Map<string, ArrayRecord>(), timer: null, nextAt: 0 }
    if (known === undefined) outboxes.set(id, outbox)
    if (outbox.timer === null) {
      outbox.timer = setTimeout(() => send(id, outbox), Math.max(0, outbox.nextAt - performance.now()))
      outbox.timer.unref()
    }
    return outbox
  }
  return {
    record: (record) => void (outboxOf(record.id).record = record),
    metric: (id, record) => void outboxOf(id).metrics.push(record),
    array: (id, array) => void outboxOf(id).arrays.set(array.name, array),
    flush: (id) => {
      const outbox = outboxes.get(id)
      outboxes.delete(id)
      if (outbox !== undefined) send(id, outbox)
    },
  }
}
