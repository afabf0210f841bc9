import { LabError } from '../errors.js'

/** How much a message may hold, whatever its bytes claim. */
export interface MessageBudget {
  /** Values of any kind, those inside lists and maps counted too; a typed array is one. */
  values: number
  depth: number
}

/** What a window sends: specs, requests, the order of a queue. */
export const REQUEST_BUDGET: MessageBudget = { values: 500_000, depth: 64 }
/** What a lab sends: lists of all runs with all their facts. */
export const REPLY_BUDGET: MessageBudget = { values: 20_000_000, depth: 200 }

interface Step {
  /** Bytes that the head and its content take. */
  bytes: number
  /** Values that follow inside. */
  inside: number
}

/** Lengths of what begins at a byte, by the table of MessagePack's specification. */
function stepAt(view: DataView, at: number): Step {
  const type = view.getUint8(at)
  const plain = (bytes: number): Step => ({ bytes, inside: 0 })
  if (type < 0x80 || type >= 0xe0) return plain(1)
  if (type < 0x90) return { bytes: 1, inside: 2 * (type & 15) }
  if (type < 0xa0) return { bytes: 1, inside: type & 15 }
  if (type < 0xc0) return plain(1 + (type & 31))
  switch (type) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
      return plain(1)
    case 0xc4:
    case 0xd9:
      return plain(2 + view.getUint8(at + 1))
    case 0xc5:
    case 0xda:
      return plain(3 + view.getUint16(at + 1))
    case 0xc6:
    case 0xdb:
      return plain(5 + view.getUint32(at + 1))
    case 0xc7:
      return plain(3 + view.getUint8(at + 1))
    case 0xc8:
      return plain(4 + view.getUint16(at + 1))
    case 0xc9:
      return plain(6 + view.getUint32(at + 1))
    case 0xcc:
    case 0xd0:
      return plain(2)
    case 0xcd:
    case 0xd1:
      return plain(3)
    case 0xca:
    case 0xce:
    case 0xd2:
      return plain(5)
    case 0xcb:
    case 0xcf:
    case 0xd3:
      return plain(9)
    case 0xd4:
      return plain(3)
    case 0xd5:
      return plain(4)
    case 0xd6:
      return plain(6)
    case 0xd7:
      return plain(10)
    case 0xd8:
      return plain(18)
    case 0xdc:
      return { bytes: 3, inside: view.getUint16(at + 1) }
    case 0xdd:
      return { bytes: 5, inside: view.getUint32(at + 1) }
    case 0xde:
      return { bytes: 3, inside: 2 * view.getUint16(at + 1) }
    case 0xdf:
      return { bytes: 5, inside: 2 * view.getUint32(at + 1) }
    default:
      throw new LabError('internal', 'a message on the link is not MessagePack', { bytes: view.byteLength })
  }
}

/**
 * Counts the values of a MessagePack document before anything is made of it.
 *
 * @throws LabError `value.range` beyond the budget, `internal` for what is no whole document
 *
 * Source: the MessagePack specification, formats.
 */
export function checkBudget(bytes: Uint8Array, { values, depth }: MessageBudget): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const refuse = (fact: string): LabError =>
    new LabError('value.range', `a message on the link ${fact}`, { bytes: bytes.byteLength })
  const open: number[] = [1]
  let [at, count] = [0, 0]
  while (open.length > 0) {
    const left = open.length - 1
    if (open[left] === 0) {
      open.pop()
      continue
    }
    open[left] = (open[left] ?? 0) - 1
    if (at >= bytes.length)
      throw new LabError('internal', 'a message on the link is truncated', { bytes: bytes.byteLength })
    count += 1
    if (count > values) throw refuse(`contains more than ${values} values`)
    const step = guarded(view, at)
    at += step.bytes
    if (step.inside === 0) continue
    open.push(step.inside)
    if (open.length - 1 > depth) throw refuse(`is nested more than ${depth} levels deep`)
  }
}

function guarded(view: DataView, at: number): Step {
  try {
    return stepAt(view, at)
  } catch (error) {
    if (error instanceof LabError) throw error
    throw new LabError('internal', 'a message on the link is truncated', { bytes: view.byteLength }, error)
  }
}
