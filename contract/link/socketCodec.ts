import { decode, encode, ExtData, type ExtensionCodecType } from '@msgpack/msgpack'
import { LabError } from '../errors.js'
import { checkBudget, REPLY_BUDGET, type MessageBudget } from './messageBudget.js'
import type { Frame } from '../wire.js'

/** Extension types of MessagePack by which typed arrays keep their kind; the numbers are part of the wire format. */
const ARRAY_KINDS = [
  { type: 1, make: Uint8Array },
  { type: 2, make: Int32Array },
  { type: 3, make: Float32Array },
  { type: 4, make: Float64Array },
] as const
const UNDEFINED_TYPE = 5

/** Stands for `undefined`, which MessagePack would turn into null. */
class UndefinedMark {}
const undefinedMark = new UndefinedMark()

const extensionCodec: ExtensionCodecType<undefined> = {
  tryToEncode(value) {
    if (value instanceof UndefinedMark) return new ExtData(UNDEFINED_TYPE, new Uint8Array(0))
    if (!ArrayBuffer.isView(value)) return null
    const kind = ARRAY_KINDS.find(({ make }) => value instanceof make)
    if (kind === undefined) throw new LabError('internal', `the link cannot carry ${value.constructor.name}`)
    return new ExtData(kind.type, new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  },
  decode(bytes, type) {
    if (type === UNDEFINED_TYPE) return undefined
    const kind = ARRAY_KINDS.find((candidate) => candidate.type === type)
    if (kind === undefined) throw new LabError('internal', `expected an extension type in 1 to 5, got ${type}`)
    // A copy: inside the message the bytes lie at any offset, and typed arrays want theirs aligned. (`slice` of a Node buffer would copy nothing.)
    return new kind.make(new Uint8Array(bytes).buffer)
  },
}

/** The value with every `undefined` replaced by its mark; what holds none is handed back itself. */
function markUndefined(value: unknown): unknown {
  if (value === undefined) return undefinedMark
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  if (Array.isArray(value)) {
    const marked = value.map(markUndefined)
    return marked.some((entry, index) => entry !== value[index]) ? marked : value
  }
  const entries = Object.entries(value)
  const marked = entries.map(([key, entry]): [string, unknown] => [key, markUndefined(entry)])
  return marked.some(([, entry], index) => entry !== entries[index]?.[1]) ? Object.fromEntries(marked) : value
}

/**
 * A frame as one MessagePack document for a WebSocket. Float32Array, Float64Array, Int32Array, Uint8Array, undefined and null
 * arrive as they were sent.
 *
 * @param frame - plain data and typed arrays
 * @throws LabError `internal` for another typed array
 */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  return encode(markUndefined(frame), { extensionCodec })
}

/**
 * The frame that {@link encodeFrame} wrote; its content is still to be checked by whoever takes it.
 *
 * @param bytes - one whole message
 * @param budget - how much it may hold
 * @throws LabError `internal` when the bytes are no frame, `value.range` beyond the budget
 */
export function decodeFrame(bytes: Uint8Array, budget: MessageBudget = REPLY_BUDGET): Frame {
  checkBudget(bytes, budget)
  let value: unknown
  try {
    value = decode(bytes, { extensionCodec })
  } catch (error) {
    throw error instanceof LabError
      ? error
      : new LabError('internal', 'a message on the link is not MessagePack', { bytes: bytes.byteLength }, error)
  }
  if (!isFrame(value))
    throw new LabError('internal', 'a message on the link is not a frame', { bytes: bytes.byteLength })
  return value
}

const TAGS: ReadonlySet<string> = new Set([
  'call',
  'cancel',
  'reply',
  'fail',
  'listen',
  'unlisten',
  'event',
  'gap',
] satisfies Frame['tag'][])

/** Whether a value that crossed a process boundary has the outer form of a frame. */
export function isFrame(value: unknown): value is Frame {
  return (
    typeof value === 'object' &&
    value !== null &&
    'tag' in value &&
    typeof value.tag === 'string' &&
    TAGS.has(value.tag) &&
    'id' in value &&
    Number.isSafeInteger(value.id)
  )
}
