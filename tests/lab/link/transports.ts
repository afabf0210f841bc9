import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EventEmitter } from 'node:events'
import { WebSocket, WebSocketServer } from 'ws'
import type { Endpoint, Frame } from '../../../contract/index.js'
import { createMemoryPair, serveLab, socketEndpoint } from '../../../lab/link/index.js'
import type { LabCore } from '../../../lab/core.js'
import { ipcEndpoint } from '../../../main/ipcEndpoint.js'
import { FRAME_CHANNEL, START_PAGE } from '../../../main/origin.js'

/** A way from a window to a lab that can be broken. */
export interface Transport {
  connect(): Promise<Endpoint>
  /** Cuts every connection that is open, as a network would. */
  cut(): void
  /** While it refuses, no new connection comes about. */
  refuse(refusing: boolean): void
  close(): Promise<void>
}

function memoryTransport(lab: LabCore): Transport {
  const open = new Set<Endpoint>()
  let refusing = false
  return {
    connect: async () => {
      if (refusing) throw new Error('refused')
      const [window, host] = createMemoryPair()
      open.add(host)
      serveLab(lab, host)
      return window
    },
    cut: () => {
      for (const endpoint of open) endpoint.close()
      open.clear()
    },
    refuse: (value) => {
      refusing = value
    },
    close: async () => undefined,
  }
}

async function socketTransport(lab: LabCore): Promise<Transport> {
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  let refusing = false
  sockets.on('connection', (socket) => {
    if (refusing) return socket.terminate()
    serveLab(lab, socketEndpoint(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    connect: () =>
      new Promise((resolve, reject) => {
        if (refusing) return reject(new Error('refused'))
        const socket = new WebSocket(`ws://127.0.0.1:${port}`)
        socket.on('open', () => resolve(socketEndpoint(socket)))
        socket.on('error', reject)
      }),
    cut: () => {
      for (const socket of sockets.clients) socket.terminate()
    },
    refuse: (value) => {
      refusing = value
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Electron's IPC as far as the endpoint uses it: structured clones, one listener for all windows, a page that can go away. */
function ipcTransport(lab: LabCore): Transport {
  const ipcMain = new EventEmitter()
  const pages = new Set<EventEmitter>()
  let refusing = false
  let nextPage = 1
  return {
    connect: async () => {
      if (refusing) throw new Error('refused')
      const id = nextPage++
      const page = Object.assign(new EventEmitter(), {
        id,
        isDestroyed: () => !pages.has(page),
        send: (channel: string, frame: Frame) => {
          const copy = structuredClone(frame)
          setImmediate(() => page.emit(`to page ${channel}`, copy))
        },
      })
      pages.add(page)
      serveLab(lab, ipcEndpoint(ipcMain as never, page as never))
      return {
        send: (frame) => {
          const copy = structuredClone(frame)
          setImmediate(() => ipcMain.emit(FRAME_CHANNEL, { sender: { id }, senderFrame: { url: START_PAGE } }, copy))
        },
        onFrame: (listener) => page.on(`to page ${FRAME_CHANNEL}`, listener),
        onClose: (listener) => page.on('destroyed', listener),
        close: () => void page.emit('destroyed'),
      }
    },
    cut: () => {
      for (const page of pages) {
        pages.delete(page)
        page.emit('destroyed')
      }
    },
    refuse: (value) => {
      refusing = value
    },
    close: async () => undefined,
  }
}

/** Every transport that must behave the same. */
export const TRANSPORTS: Record<string, (lab: LabCore) => Transport | Promise<Transport>> = {
  memory: memoryTransport,
  WebSocket: socketTransport,
  'Electron IPC': ipcTransport,
}
