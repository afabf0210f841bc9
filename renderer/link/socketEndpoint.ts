import { LabError, type Endpoint, type Frame } from '../../contract/index.js'
import { decodeFrame, encodeFrame } from '../../contract/link/index.js'

/** Why a socket could not be opened: browsers do not report it, so the server is asked to check the token. */
async function refusal(page: URL, token: string | null): Promise<LabError> {
  const headers: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` }
  const status = await fetch(new URL('/session', page), { headers, cache: 'no-store' }).then(
    (answer) => answer.status,
    () => null,
  )
  return status === 401
    ? new LabError(
        'link.refused',
        token === null ? 'this page has no token' : 'the token of this page is no longer valid',
      )
    : new LabError('link.lost', 'the workbench does not respond')
}

/**
 * Opens a browser's WebSocket to the web host.
 *
 * @param page - the page's own address
 * @param token - the secret of the server; null when this browser has none
 * @returns the open endpoint
 * @throws LabError `link.refused` when the server answers and the token is wrong, `link.lost` when it cannot be reached
 */
export function openSocket(page: URL, token: string | null): Promise<Endpoint> {
  const url = new URL('/link', page)
  url.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:'
  if (token !== null) url.searchParams.set('token', token)
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    socket.binaryType = 'arraybuffer'
    let opened = false
    const frameListeners: ((frame: Frame) => void)[] = []
    const closeListeners: (() => void)[] = []
    socket.addEventListener('open', () => {
      opened = true
      resolve({
        send: (frame) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(encodeFrame(frame))
        },
        onFrame: (listener) => frameListeners.push(listener),
        onClose: (listener) => closeListeners.push(listener),
        close: () => socket.close(),
      })
    })
    socket.addEventListener('message', ({ data }) => {
      if (!(data instanceof ArrayBuffer)) return
      let frame: Frame
      try {
        frame = decodeFrame(new Uint8Array(data))
      } catch {
        // A frame that cannot be read leaves its call without an answer; a new connection ends that call.
        return socket.close()
      }
      for (const listener of frameListeners) listener(frame)
    })
    socket.addEventListener('close', () => {
      if (!opened) void refusal(page, token).then(reject)
      for (const listener of closeListeners) listener()
    })
  })
}
