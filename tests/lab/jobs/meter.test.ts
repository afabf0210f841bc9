import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ArrayRecord, MetricRecord, RunRecord } from '../../../contract/index.js'
import { createEventBus } from '../../../lab/eventBus.js'
import { createMeter } from '../../../lab/jobs/meter.js'

const metric = (step: number): MetricRecord => ({ epoch: 1, step, name: 'winningOverlap', value: step, wall: 0 })
const array = (epoch: number, bytes = 16): ArrayRecord => ({
  name: 'weights',
  epoch,
  shape: [bytes / 4],
  data: new Float32Array(bytes / 4),
})
const record = (step: number): RunRecord => ({ id: 'r-1', step }) as RunRecord

describe('the meter', () => {
  const bus = createEventBus()
  let frames: string[] = []
  bus.listen('run.metrics', ({ records }) => frames.push(`metrics ${records.map(({ step }) => step).join(',')}`))
  bus.listen('run.array', (event) => frames.push(`array ${event.array.epoch}`))
  bus.listen('run.changed', (event) => frames.push(`record ${event.record.step}`))

  beforeEach(() => {
    vi.useFakeTimers()
    frames = []
  })
  afterEach(() => vi.useRealTimers())

  it('sends at most 20 frames a second, every metric, and the last of everything else', () => {
    const meter = createMeter(bus)
    for (let step = 0; step < 1000; step++) {
      meter.metric('r-1', metric(step))
      meter.array('r-1', array(step))
      meter.record(record(step))
      vi.advanceTimersByTime(1)
    }
    vi.advanceTimersByTime(100)
    const metrics = frames.filter((frame) => frame.startsWith('metrics'))
    expect(metrics.length).toBeGreaterThan(15)
    expect(metrics.length).toBeLessThanOrEqual(21)
    expect(metrics.flatMap((frame) => frame.slice(8).split(',').map(Number))).toEqual(
      Array.from({ length: 1000 }, (_, step) => step),
    )
    expect(frames.filter((frame) => frame.startsWith('array')).length).toBeLessThanOrEqual(21)
    expect(frames.slice(-3)).toEqual([expect.stringContaining('metrics'), 'array 999', 'record 999'])
  })

  it('sends large arrays more rarely: 24 MB every 0.6 s', () => {
    const meter = createMeter(bus)
    for (let epoch = 0; epoch < 100; epoch++) {
      meter.array('r-1', array(epoch, 24e6))
      vi.advanceTimersByTime(20)
    }
    expect(frames.length).toBeGreaterThanOrEqual(3)
    expect(frames.length).toBeLessThanOrEqual(5)
  })

  it('sends everything that waits when it is flushed, metrics before the record', () => {
    const meter = createMeter(bus)
    meter.record(record(1))
    meter.metric('r-1', metric(1))
    vi.advanceTimersByTime(1)
    frames = []
    meter.metric('r-1', metric(2))
    meter.array('r-1', array(2))
    meter.record(record(2))
    meter.flush('r-1')
    expect(frames).toEqual(['metrics 2', 'array 2', 'record 2'])
    vi.advanceTimersByTime(1000)
    expect(frames).toHaveLength(3)
    meter.flush('r-none')
  })

  it('forgets a run that has nothing more to send', () => {
    const meter = createMeter(bus)
    for (let run = 0; run < 50; run++) meter.record({ ...record(1), id: `r-${run}` })
    vi.advanceTimersByTime(10)
    expect(frames).toHaveLength(50)
    vi.advanceTimersByTime(1000)
    expect(meter.runs).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})
