import { joined, proto, protoFields, protoNumber, protoText } from './protobuf.js'

/** Fields of `HParamsPluginData`, `SessionStartInfo`, `SessionEndInfo` and `google.protobuf.Value`. */
const DATA = { version: 1, start: 3, end: 4 } as const
const START = { hparams: 1, group: 4, startSeconds: 5 } as const
const END = { status: 1, endSeconds: 2 } as const
const VALUE = { null: 1, number: 2, text: 3, boolean: 4 } as const

/** Settings and times that the HParams plugin keeps of a run. */
export interface HParams {
  settings: Record<string, unknown>
  startedMs: number | null
  endedMs: number | null
}

function valueOf(bytes: Uint8Array): unknown {
  for (const field of protoFields(bytes)) {
    if (field.number === VALUE.number) return protoNumber(field)
    if (field.number === VALUE.text) return protoText(field)
    if (field.number === VALUE.boolean) return field.integer !== 0
  }
  return null
}

/** @throws LabError `file.damaged` */
export function hparamsOf(content: Uint8Array): HParams {
  const found: HParams = { settings: {}, startedMs: null, endedMs: null }
  for (const info of protoFields(content)) {
    if (info.number !== DATA.start && info.number !== DATA.end) continue
    for (const field of protoFields(info.bytes)) {
      if (info.number === DATA.end && field.number === END.endSeconds) found.endedMs = protoNumber(field) * 1000
      if (info.number === DATA.start && field.number === START.startSeconds) found.startedMs = protoNumber(field) * 1000
      if (info.number !== DATA.start || field.number !== START.hparams) continue
      let [key, value]: [string, unknown] = ['', null]
      for (const part of protoFields(field.bytes))
        if (part.number === 1) key = protoText(part)
        else if (part.number === 2) value = valueOf(part.bytes)
      if (key !== '' && key !== '__proto__') found.settings[key] = value
    }
  }
  return found
}

function valueField(value: number | string | boolean): Uint8Array {
  if (typeof value === 'number') return proto.double(VALUE.number, value)
  return typeof value === 'string' ? proto.text(VALUE.text, value) : proto.integer(VALUE.boolean, value ? 1 : 0)
}

/** The content of a session's start: the settings of a run. @param seconds - since 1970 */
export const sessionStart = (
  settings: Readonly<Record<string, number | string | boolean>>,
  group: string,
  seconds: number,
): Uint8Array =>
  joined([
    proto.integer(DATA.version, 0),
    proto.message(
      DATA.start,
      ...Object.entries(settings).map(([key, value]) =>
        proto.message(START.hparams, proto.text(1, key), proto.message(2, valueField(value))),
      ),
      ...(group === '' ? [] : [proto.text(START.group, group)]),
      proto.double(START.startSeconds, seconds),
    ),
  ])

/** Numbers of the states of a session. */
export const SESSION_STATUS = { unknown: 0, success: 1, failure: 2, running: 3 } as const
export type SessionStatus = keyof typeof SESSION_STATUS

/** The content of a session's end. */
export const sessionEnd = (status: SessionStatus, seconds: number): Uint8Array =>
  joined([
    proto.integer(DATA.version, 0),
    proto.message(DATA.end, proto.integer(END.status, SESSION_STATUS[status]), proto.double(END.endSeconds, seconds)),
  ])
