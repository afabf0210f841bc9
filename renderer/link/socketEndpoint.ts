import { LabError, type Endpoint, type Frame } from '../../contract/index.js'
import { decodeFrame, encodeFrame } from '../../contract/link/index.js'

/**
 * Opens a browser's WebSocket to the web host.
 *
 * @param url - ws://127.0.0.1:PORT/link?token=…
 * @returns the open endpoint
 * @throws LabError `link.lost` when it cannot be opened; a browser does not tell why
 */
export function openSocket(url: string): Promise<Endpoint> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    socket.binaryType = 'arraybuffer'
    const frameListeners: ((frame: Frame) => void)[] = []
    const closeListeners: (() => void)[] = []
    socket.addEventListener('open', () => resolve({
      send: (frame) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(encodeFrame(frame))
      },
      onFrame: (listener) => frameListeners.push(listener),
      onClose: (listener) => closeListeners.push(listener),
      close: () => socket.close(),
    }))
    socket.addEventListener('message', ({ data }) => {
      if (!(data instanceof ArrayBuffer)) return
      const frame = decodeFrame(new Uint8Array(data))
      for (const listener of frameListeners) listener(frame)
    })
    socket.addEventListener('close', () => {
      reject(new LabError('link.lost', 'the workbench does not answer'))
      for (const listener of closeListeners) listener()
    })
  })
}
