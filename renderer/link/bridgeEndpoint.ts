import type { Endpoint, Frame, LabBridge } from '../../contract/index.js'

/**
 * The endpoint over the preload script's bridge; Electron ends it together with the page.
 *
 * @param bridge - `window.labBridge`
 */
export function bridgeEndpoint(bridge: LabBridge): Endpoint {
  let open = true
  const closeListeners: (() => void)[] = []
  return {
    send: (frame) => {
      if (open) bridge.send(frame)
    },
    onFrame: (listener: (frame: Frame) => void) =>
      bridge.onFrame((frame) => {
        if (open) listener(frame)
      }),
    onClose: (listener) => closeListeners.push(listener),
    close: () => {
      if (!open) return
      open = false
      for (const listener of closeListeners) listener()
    },
  }
}
