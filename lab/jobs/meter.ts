import type { ArrayRecord, MetricRecord, RunId, RunRecord } from '../../contract/index.js'
import type { EventBus } from '../eventBus.js'

/** Shortest time between two frames of a run: screens receive at most 20 per second. */
const SHORTEST_PAUSE_MS = 50
/** Large arrays are sent less often: 40 MB per second is more than an eye can follow. */
const BYTES_PER_MS = 40_000

/** What waits for the next frame of one run. */
interface Outbox {
  record: RunRecord | null
  metrics: MetricRecord[]
  arrays: Map<string, ArrayRecord>
  /** Until the next frame may be sent. */
  timer: NodeJS.Timeout
}

/** Slows what a running experiment reports down to what screens can show. */
export interface Meter {
  record(record: RunRecord): void
  metric(id: RunId, record: MetricRecord): void
  array(id: RunId, array: ArrayRecord): void
  /** Sends what waits now: at the end of a run nothing may be missing. */
  flush(id: RunId): void
  /** Number of runs that have sent something a moment ago or have something waiting. */
  readonly runs: number
}

/**
 * Gathers what runs report and sends it in frames, at most 20 per second. Every metric is sent; of a record and of an array that
 * changed several times within one frame, the last one is.
 *
 * @param bus - receives `run.changed`, `run.metrics` and `run.array`
 */
export function createMeter(bus: EventBus): Meter {
  const outboxes = new Map<RunId, Outbox>()

  /** @returns milliseconds until the next frame; null when there was nothing to send */
  const send = (id: RunId, { record, metrics, arrays }: Outbox): number | null => {
    if (record === null && metrics.length === 0 && arrays.size === 0) return null
    let bytes = 0
    if (metrics.length > 0) bus.emit('run.metrics', { id, records: metrics })
    for (const array of arrays.values()) {
      bytes += array.data.byteLength
      bus.emit('run.array', { id, array })
    }
    if (record !== null) bus.emit('run.changed', { record })
    return Math.max(SHORTEST_PAUSE_MS, bytes / BYTES_PER_MS)
  }
  const open = (id: RunId, pauseMs: number): Outbox => {
    const outbox: Outbox = {
      record: null,
      metrics: [],
      arrays: new Map<string, ArrayRecord>(),
      timer: setTimeout(() => {
        outboxes.delete(id)
        const pause = send(id, outbox)
        // A run that sends nothing for the length of a pause is forgotten.
        if (pause !== null) open(id, pause)
      }, pauseMs),
    }
    outbox.timer.unref()
    outboxes.set(id, outbox)
    return outbox
  }
  const outboxOf = (id: RunId): Outbox => outboxes.get(id) ?? open(id, 0)
  return {
    record: (record) => void (outboxOf(record.id).record = record),
    metric: (id, record) => void outboxOf(id).metrics.push(record),
    array: (id, array) => void outboxOf(id).arrays.set(array.name, array),
    flush: (id) => {
      const outbox = outboxes.get(id)
      if (outbox === undefined) return
      clearTimeout(outbox.timer)
      outboxes.delete(id)
      send(id, outbox)
    },
    get runs() {
      return outboxes.size
    },
  }
}
