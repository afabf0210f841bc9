import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron'
import { EventEmitter } from 'node:events'

/** The few parts of Electron that the shell uses, with their real types: messages are cloned as between processes. */
export interface FakeWindow {
  ipcMain: Pick<IpcMain, 'on' | 'off' | 'handle'>
  contents: Pick<WebContents, 'id' | 'send' | 'isDestroyed' | 'once' | 'off' | 'listenerCount'>
  /** What the preload script would do. */
  page: {
    send(channel: string, value: unknown, from?: { url?: string; contentsId?: number }): void
    invoke(channel: string, value: unknown, from?: { url?: string }): Promise<unknown>
    onMessage(listener: (channel: string, value: unknown) => void): void
  }
  destroy(): void
}

const OWN_URL = 'workbench://app/index.html'

export function createFakeWindow(): FakeWindow {
  const incoming = new EventEmitter()
  const outgoing = new EventEmitter()
  const life = new EventEmitter()
  const handlers = new Map<string, (event: IpcMainInvokeEvent, ...values: unknown[]) => unknown>()
  let destroyed = false

  const ipcMain = {
    on: (channel: string, listener: (event: IpcMainEvent, ...values: unknown[]) => void) =>
      incoming.on(channel, listener),
    off: (channel: string, listener: (event: IpcMainEvent, ...values: unknown[]) => void) =>
      incoming.off(channel, listener),
    handle: (channel: string, listener: (event: IpcMainInvokeEvent, ...values: unknown[]) => unknown) =>
      void handlers.set(channel, listener),
  } as unknown as FakeWindow['ipcMain']
  const contents = {
    id: 1,
    send: (channel: string, value: unknown) => {
      const copy = structuredClone(value)
      setImmediate(() => outgoing.emit('message', channel, copy))
    },
    isDestroyed: () => destroyed,
    once: (name: string, listener: () => void) => life.once(name, listener),
    off: (name: string, listener: () => void) => life.off(name, listener),
    listenerCount: (name: string) => life.listenerCount(name),
  } as unknown as FakeWindow['contents']

  return {
    ipcMain,
    contents,
    page: {
      send: (channel, value, from = {}) => {
        const copy: unknown = structuredClone(value)
        setImmediate(() =>
          incoming.emit(
            channel,
            { sender: { id: from.contentsId ?? 1 }, senderFrame: { url: from.url ?? OWN_URL } },
            copy,
          ),
        )
      },
      invoke: async (channel, value, from = {}) => {
        const handler = handlers.get(channel)
        if (handler === undefined) throw new Error(`no handler for ${channel}`)
        return handler(
          { senderFrame: { url: from.url ?? OWN_URL } } as unknown as IpcMainInvokeEvent,
          structuredClone(value),
        )
      },
      onMessage: (listener) => void outgoing.on('message', listener),
    },
    destroy: () => {
      destroyed = true
      life.emit('destroyed')
    },
  }
}
