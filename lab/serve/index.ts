import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { LabError } from '../../contract/index.js'
import type { LabCore } from '../core.js'
import { serveLab, socketEndpoint } from '../link/index.js'
import { acceptedEncoding, createCompressor } from './compressed.js'
import { addressOf, createGuard, type Guard } from './guard.js'
import { pageHeaders } from './pageHeaders.js'
import { isAssetPath, readStatic } from './staticFiles.js'

/** How to serve the workbench to browsers of this machine. */
export interface ServeOptions {
  lab: LabCore
  /** Any free port when 0. */
  port: number
  /** The built renderer: index.html with its assets. */
  rendererFolder: string
  /** Nothing else is offered: runs hold paths of this machine. */
  host?: '127.0.0.1'
  /** The secret of the address; 256 random bits when absent. */
  token?: string
}

export interface WebHost {
  /** Address with its token. */
  url: string
  port: number
  close(): Promise<void>
}

/** A window sends specs and file names; the largest thing is a spectrum. */
const LARGEST_MESSAGE_BYTES = 64 * 2 ** 20

const socketAddresses = (port: number): string[] => [`ws://127.0.0.1:${port}`, `ws://localhost:${port}`]

/** Where a page asks whether its token is still the right one: a browser does not report why a socket was refused. */
const SESSION_PATH = '/session'

/** What the answers of one server share. */
interface Site {
  guard: Guard
  folder: string
  port: number
  compress: ReturnType<typeof createCompressor>
}

/**
 * Answers a request of a browser. The page itself holds no secret and is given to everybody on this machine, with status 403
 * where the token is missing: it then asks the person for the address. Everything else goes over the socket.
 */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { guard, folder, port, compress }: Site,
): Promise<void> {
  const reply = (status: number, body: string | Buffer, headers: Record<string, string> = {}): void => {
    response.writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      ...pageHeaders(socketAddresses(port)),
      ...headers,
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return reply(405, 'Only GET and HEAD requests are supported.\n', { Allow: 'GET, HEAD' })
  if (!guard.knowsHost(request))
    return reply(421, 'This server responds only to requests for 127.0.0.1 and localhost.\n')
  const path = addressOf(request).pathname
  if (path === SESSION_PATH) return reply(guard.hasToken(request) ? 204 : 401, '')
  const page = !isAssetPath(path)
  const file = await readStatic(folder, page ? '/index.html' : path)
  if (file === null) return reply(404, 'File not found.\n')
  // Assets carry a hash of their content in their names.
  const caching: Record<string, string> =
    !page && path.startsWith('/assets/') ? { 'Cache-Control': 'private, max-age=31536000, immutable' } : {}
  const { bytes, encoding } = await compress(
    path,
    file,
    acceptedEncoding(request.headers['accept-encoding']?.toString()),
  )
  const encoded: Record<string, string> = encoding === null ? {} : { 'Content-Encoding': encoding }
  reply(page && !guard.hasToken(request) ? 403 : 200, bytes, {
    'Content-Type': file.mime,
    Vary: 'Accept-Encoding',
    ...caching,
    ...encoded,
  })
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new LabError(
          'serve.port',
          `port ${port}: ${'code' in error && error.code === 'EADDRINUSE' ? 'another program is using it' : error.message}`,
          { port },
          error,
        ),
      ),
    )
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

/**
 * Serves the workbench on 127.0.0.1: the built renderer over HTTP, the link over a WebSocket at /link.
 *
 * The socket needs the token and an Origin of this server.
 *
 * @returns the address with its token, and the end of serving; the lab stays open
 * @throws LabError `serve.port` when the port is taken or may not be used
 */
export async function serveWeb({
  lab,
  port,
  rendererFolder,
  host = '127.0.0.1',
  token = randomBytes(32).toString('base64url'),
}: ServeOptions): Promise<WebHost> {
  const server = createServer({ maxHeaderSize: 16_384 })
  const listeningPort = await listen(server, port, host)
  const guard = createGuard(token, listeningPort)
  const site: Site = { guard, folder: rendererFolder, port: listeningPort, compress: createCompressor() }
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE_BYTES, perMessageDeflate: false })

  server.on('request', (request, response) => {
    answer(request, response, site).catch(() => response.destroy())
  })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (addressOf(request).pathname !== '/link') return refuseUpgrade(socket, '404 Not Found')
    if (!guard.knowsHost(request) || !guard.knowsOrigin(request)) return refuseUpgrade(socket, '403 Forbidden')
    if (!guard.hasToken(request)) return refuseUpgrade(socket, '401 Unauthorized')
    sockets.handleUpgrade(request, socket, head, (opened) => void serveLab(lab, socketEndpoint(opened)))
  })

  return {
    url: `http://${host}:${listeningPort}/?token=${token}`,
    port: listeningPort,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
