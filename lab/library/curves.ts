import { createReadStream } from 'node:fs'
import { addToSummary, emptySummary, type CurveSummary, type RunSummary } from '../../contract/library/summary.js'
import { numberOf } from '../archive/lines.js'

const CHUNK_BYTES = 1 << 18

/** One measured value as the log of a run holds it. */
interface Measure {
  name: string
  epoch: number
  value: number
}

/**
 * Reads the measures of a run one after the other, without keeping them; lines that are no measures are passed over.
 *
 * @param path - `metrics.jsonl`; a file that does not exist has no measures
 */
async function eachMeasure(path: string, take: (measure: Measure) => void): Promise<void> {
  const takeLine = (line: string): void => {
    let json: unknown
    try {
      json = JSON.parse(line)
    } catch {
      return
    }
    const { name, epoch, value } = json as Partial<Record<string, unknown>>
    if (typeof name === 'string') take({ name, epoch: numberOf(epoch), value: numberOf(value) })
  }
  let tail = ''
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: CHUNK_BYTES })) {
      const lines = (tail + String(chunk)).split('\n')
      tail = lines.pop() ?? ''
      lines.forEach(takeLine)
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}

/** Reduces the curves of a run. */
export async function readSummary(path: string): Promise<RunSummary> {
  const summaries: Record<string, CurveSummary> = Object.create(null) as Record<string, CurveSummary>
  await eachMeasure(path, ({ name, value }) => addToSummary((summaries[name] ??= emptySummary()), value))
  return summaries
}

/**
 * Reads a measure in the order it was measured, every value or evenly spaced ones, always with the first and the last.
 *
 * @param points - at most as many values, at least 2
 */
export async function readThinned(path: string, name: string, points: number): Promise<Float64Array> {
  const values: number[] = []
  await eachMeasure(path, (measure) => {
    if (measure.name === name) values.push(measure.value)
  })
  if (values.length <= points) return Float64Array.from(values)
  const step = (values.length - 1) / (points - 1)
  return Float64Array.from({ length: points }, (_, index) => values[Math.round(index * step)] ?? NaN)
}

/** The value of a measure at an epoch: the last one measured there. Null where there is none. */
export async function readAtEpoch(path: string, name: string, epoch: number): Promise<number | null> {
  let found: number | null = null
  await eachMeasure(path, (measure) => {
    if (measure.name === name && measure.epoch === epoch) found = measure.value
  })
  return found
}
