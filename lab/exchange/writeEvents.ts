import { eventRecord } from './eventRecords.js'
import { sessionEnd, sessionStart, type SessionStatus } from './hparams.js'
import { joined, proto } from './protobuf.js'
import type { RunMeasures } from './runMeasures.js'

const DT_FLOAT = 1
const DT_DOUBLE = 2
/** `DATA_CLASS_TENSOR`. */
const TENSOR_CLASS = 2
const SESSION_LOG_START = 1
const VERSION = 'brain.Event:2'
/** Tags of tensors that hold a measure with all its bits, and the plugin that they belong to. */
export const EXACT_PREFIX = 'float64/'
export const EXACT_PLUGIN = 'locallearning'

/** What the events of a run say besides its measures. */
export interface EventsHead {
  settings: Readonly<Record<string, number | string | boolean>>
  /** Runs of one group belong to one line of the HParams page. */
  group: string
  startedMs: number
  /** Null for a run that has not ended. */
  endedMs: number | null
  status: SessionStatus
  /** Epochs at which the run was resumed. */
  resumedAt: readonly number[]
}

const event = (wallMs: number, step: number, ...fields: readonly Uint8Array[]): Uint8Array =>
  eventRecord(joined([proto.double(1, wallMs / 1000), ...(step === 0 ? [] : [proto.integer(2, step)]), ...fields]))

/**
 * A measure twice: as a plain scalar, which is a float32 and which every reader draws, and with all its bits as a tensor.
 * (TensorBoard's data server passes over scalars of type double.) The first tensor of a tag says what it is.
 */
const measureValues = (name: string, value: number, isFirst: boolean): Uint8Array[] => [
  proto.message(1, proto.text(1, name), proto.float(2, value)),
  proto.message(
    1,
    proto.text(1, `${EXACT_PREFIX}${name}`),
    proto.message(8, proto.integer(1, DT_DOUBLE), proto.message(2), proto.double(6, value)),
    ...(isFirst
      ? [proto.message(9, proto.message(1, proto.text(1, EXACT_PLUGIN)), proto.integer(4, TENSOR_CLASS))]
      : []),
  ),
]

/** What the HParams plugin keeps: in the metadata of a tensor without numbers. */
const pluginValue = (tag: string, content: Uint8Array): Uint8Array =>
  proto.message(
    5,
    proto.message(
      1,
      proto.text(1, tag),
      proto.message(8, proto.integer(1, DT_FLOAT), proto.message(2, proto.message(2))),
      proto.message(9, proto.message(1, proto.text(1, 'hparams'), proto.bytes(2, content))),
    ),
  )

/**
 * The measures of a run as the content of a TensorBoard event file: version, settings for the HParams page, a scalar for
 * every measure, and a session start wherever the run was resumed, which makes readers forget what they have from there on.
 *
 * @param measures - in the order in which they were recorded
 */
export function eventsOf(
  { names, name, step, epoch, wall, value }: RunMeasures,
  { settings, group, startedMs, endedMs, status, resumedAt }: EventsHead,
): Uint8Array {
  const parts: Uint8Array[] = [
    event(startedMs, 0, proto.text(3, VERSION)),
    event(startedMs, 0, pluginValue('_hparams_/session_start_info', sessionStart(settings, group, startedMs / 1000))),
  ]
  const seen = new Set<number>()
  const resumes = [...resumedAt].sort((a, b) => a - b)
  let last = { step: -1, wall: startedMs }
  for (let row = 0; row < value.length;) {
    const at = { step: step[row] ?? 0, wall: Number.isFinite(wall[row]) ? (wall[row] ?? 0) : last.wall }
    while (resumes[0] !== undefined && (epoch[row] ?? 0) > resumes[0]) {
      resumes.shift()
      // At a step that was written already, readers would forget what is valid.
      if (at.step > last.step && last.step >= 0)
        parts.push(event(at.wall, at.step, proto.message(7, proto.integer(1, SESSION_LOG_START))))
    }
    const values: Uint8Array[] = []
    const tags = new Set<number>()
    // Measures of one step and moment share an event, each tag once.
    for (; row < value.length; row++) {
      const tag = name[row] ?? 0
      const isSame = step[row] === at.step && (wall[row] === at.wall || Number.isNaN(wall[row]))
      if (values.length > 0 && (!isSame || tags.has(tag))) break
      values.push(...measureValues(names[tag] ?? '', value[row] ?? NaN, !seen.has(tag)))
      seen.add(tag)
      tags.add(tag)
    }
    parts.push(event(at.wall, at.step, proto.message(5, ...values)))
    last = at
  }
  if (endedMs !== null)
    parts.push(event(endedMs, 0, pluginValue('_hparams_/session_end_info', sessionEnd(status, endedMs / 1000))))
  return joined(parts)
}
