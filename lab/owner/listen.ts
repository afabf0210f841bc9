import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { LabCore } from '../core.js'
import { serveLab, socketEndpoint } from '../link/index.js'
import type { OwnerSocket } from '../archive/lock/owner.js'
import { closeToOthers, socketPlaces, type OwnerAddress } from './address.js'
import { DETACHED_HEADER, LINK_PATH, proof } from './protocol.js'
import { createStartedWork } from './started.js'

/** An owner that answers the commands of other programs of this user. */
export interface OwnerServer {
  socket: OwnerSocket
  /** Number of programs that are connected. */
  readonly callers: number
  /** Resolves when no other program is connected, or when the signal aborts. */
  idle(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** A model file of 20 000 units over CIFAR-10 takes 246 MB. */
const LARGEST_MESSAGE_BYTES = 2 ** 30
/** Callers that do not hang up by themselves after the last answer are cut off. */
const HANG_UP_MS = 1000

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function isProven(request: IncomingMessage, secret: string): boolean {
  const [given, expected] = [Buffer.from(request.headers.authorization ?? ''), Buffer.from(proof(secret))]
  return given.length === expected.length && timingSafeEqual(given, expected)
}

async function listenAt(server: Server, archive: string): Promise<OwnerAddress | null> {
  for (const place of socketPlaces(archive)) {
    const address = await place().catch(() => null)
    if (address === null) continue
    const listening = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(address.path, () => resolve(true))
    })
    if (listening) return address
    await address.remove()
  }
  return null
}

/**
 * Answers the commands of other programs over a socket that only this user can reach.
 *
 * @param lab - the lab of the process that owns the archive
 * @param archive - the archive's folder
 * @returns null where no socket can be made
 */
export async function listenToCallers(lab: LabCore, archive: string): Promise<OwnerServer | null> {
  const secret = randomBytes(32).toString('base64url')
  const server = createServer((_request, response) => response.writeHead(404).end())
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE_BYTES, perMessageDeflate: false })
  const leavers = new Set<() => void>()
  const callers = new Set<WebSocket>()
  const address = await listenAt(server, archive)
  if (address === null) return null
  await closeToOthers(address.path).catch(() => undefined)
  // A terminal that is done must not be held open by its socket alone.
  server.unref()

  const serve = (socket: WebSocket, detached: boolean): void => {
    callers.add(socket)
    const work = createStartedWork(lab)
    serveLab(lab, socketEndpoint(socket), { mayCall: () => true, answered: work.answered })
    socket.on('close', () => {
      callers.delete(socket)
      if (!detached) work.pauseAll()
      for (const leave of leavers) leave()
    })
  }
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (request.url !== LINK_PATH) return refuse(socket, '404 Not Found')
    if (!isProven(request, secret)) return refuse(socket, '401 Unauthorized')
    sockets.handleUpgrade(request, socket, head, (opened) => serve(opened, request.headers[DETACHED_HEADER] === '1'))
  })
  return {
    socket: { path: address.path, secret },
    get callers() {
      return callers.size
    },
    idle: (signal) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (callers.size > 0 && !signal.aborted) return
          leavers.delete(look)
          resolve()
        }
        leavers.add(look)
        signal.addEventListener('abort', look)
        look()
      }),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of callers) socket.close(1001, 'the workbench is closing')
      const cut = setTimeout(() => {
        for (const socket of callers) socket.terminate()
        server.closeAllConnections()
      }, HANG_UP_MS)
      await closed
      clearTimeout(cut)
      await address.remove()
    },
  }
}
