import type { IpcMain, IpcMainEvent, WebContents } from 'electron'
import type { Endpoint, Frame } from '../contract/index.js'
import { FRAME_CHANNEL, isOwnPage } from './origin.js'

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

/** Whether what came over IPC has the outer form of a frame; the lab checks the rest. */
function isFrame(value: unknown): value is Frame {
  return (
    typeof value === 'object' &&
    value !== null &&
    'tag' in value &&
    typeof value.tag === 'string' &&
    TAGS.has(value.tag) &&
    'id' in value &&
    typeof value.id === 'number'
  )
}

/**
 * One end of the link between a window and the lab over Electron's IPC.
 *
 * Frames of other windows, of pages that are not the workbench's own, and things that are no frames are dropped.
 *
 * @param ipc - Electron's ipcMain
 * @param contents - the window's page
 */
export function ipcEndpoint(
  ipc: Pick<IpcMain, 'on' | 'off'>,
  contents: Pick<WebContents, 'id' | 'send' | 'isDestroyed' | 'once' | 'off'>,
): Endpoint {
  const frameListeners: ((frame: Frame) => void)[] = []
  const closeListeners: (() => void)[] = []
  let open = true

  const receive = (event: IpcMainEvent, value: unknown): void => {
    if (event.sender.id !== contents.id || !isOwnPage(event.senderFrame?.url) || !isFrame(value)) return
    for (const listener of frameListeners) listener(value)
  }
  const close = (): void => {
    if (!open) return
    open = false
    ipc.off(FRAME_CHANNEL, receive)
    // A window that is reloaded many times makes an endpoint each time.
    if (!contents.isDestroyed()) contents.off('destroyed', close)
    for (const listener of closeListeners) listener()
  }
  ipc.on(FRAME_CHANNEL, receive)
  contents.once('destroyed', close)

  return {
    send: (frame) => {
      if (open && !contents.isDestroyed()) contents.send(FRAME_CHANNEL, frame)
    },
    onFrame: (listener) => frameListeners.push(listener),
    onClose: (listener) => closeListeners.push(listener),
    close,
  }
}
