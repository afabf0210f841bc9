import type { WebSocket } from 'ws'
import { asLabError, type Endpoint, type Frame } from '../../contract/index.js'
import { decodeFrame, encodeFrame, REQUEST_BUDGET, type MessageBudget } from '../../contract/link/index.js'

/** A window that reads so slowly that this much waits for it is cut off; it connects again and learns of its gap. */
const LARGEST_BACKLOG_BYTES = 256 * 2 ** 20

/**
 * One end of a WebSocket of the `ws` library, frame by frame.
 *
 * A message that is no frame closes the socket with code 1003, one that holds too much with 1009.
 *
 * @param socket - an open socket
 * @param budget - how much a message may hold: requests on the side of the lab, replies on the other
 */
export function socketEndpoint(socket: WebSocket, budget: MessageBudget = REQUEST_BUDGET): Endpoint {
  const frameListeners: ((frame: Frame) => void)[] = []
  socket.on('message', (data: Buffer) => {
    let frame: Frame
    try {
      frame = decodeFrame(data, budget)
    } catch (error) {
      return asLabError(error).code === 'value.range'
        ? socket.close(1009, 'too many values')
        : socket.close(1003, 'not a frame')
    }
    for (const listener of frameListeners) listener(frame)
  })
  // A broken socket emits `error` and then `close`, and `close` is reported.
  socket.on('error', () => undefined)
  return {
    send: (frame) => {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > LARGEST_BACKLOG_BYTES) return socket.terminate()
      socket.send(encodeFrame(frame))
    },
    onFrame: (listener) => frameListeners.push(listener),
    onClose: (listener) => socket.on('close', listener),
    close: () => socket.close(),
  }
}
