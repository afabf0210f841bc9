import { connect } from 'node:net'
import { hostname } from 'node:os'
import { WebSocket } from 'ws'
import { asLabError, LabError, type EventName, type Events } from '../../contract/index.js'
import { createLink, REPLY_BUDGET } from '../../contract/link/index.js'
import { archiveOwner } from '../archive/lock/index.js'
import type { FoundLock, OwnerSocket } from '../archive/lock/owner.js'
import { verdictOf } from '../archive/lock/owner.js'
import type { LabCore } from '../core.js'
import { socketEndpoint } from '../link/index.js'
import { DETACHED_HEADER, LINK_PATH, proof } from './protocol.js'

/** The lab of another process, over its socket. */
export interface OwnerLab extends LabCore {
  /** Rejects with `archive.ownerEnded` when the other process ends; never resolves. */
  readonly lost: Promise<never>
  close(): Promise<void>
}

/** An owner that is just opening an archive of many runs, or closing one, needs this long. */
const PATIENCE_MS = 15_000
const POLL_MS = 100

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

type Dialled = WebSocket | 'unreachable' | 'otherVersion'

function dial({ path, secret }: OwnerSocket, detached: boolean): Promise<Dialled> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://localhost${LINK_PATH}`, {
      // The address names no host: the connection is to the socket's path.
      createConnection: () => connect(path),
      maxPayload: 0,
      perMessageDeflate: false,
      headers: { authorization: proof(secret), ...(detached ? { [DETACHED_HEADER]: '1' } : {}) },
    })
    socket.once('open', () => resolve(socket))
    socket.on('error', () => resolve('unreachable'))
    socket.once('unexpected-response', (_request, response) => {
      socket.terminate()
      resolve(response.statusCode === 404 ? 'otherVersion' : 'unreachable')
    })
  })
}

/** Whether the owner may answer on this machine: it runs, and it is of a version that answers. */
async function mayAnswer(owner: FoundLock['owner'], beat: string | null): Promise<boolean> {
  if (owner === null || beat === null || owner.socket === 'none') return false
  const verdict = await verdictOf({ owner, beat, token: owner.token })
  return verdict === 'runs' || (verdict === 'unknown' && owner.host === hostname())
}

/**
 * Connects to the process that has an archive open.
 *
 * @param folder - the archive
 * @param options - `detached`: work that is started goes on when this process ends; `patienceMs`: how long an owner
 *   that does not answer yet is waited for
 * @returns null when no process of this machine has it open, or none that answers; the archive can then be opened, or
 *   that says who has it
 * @throws LabError `archive.busy` for a workbench of a version with another form of commands
 */
export async function connectOwner(
  folder: string,
  { detached = false, patienceMs = PATIENCE_MS }: { detached?: boolean; patienceMs?: number } = {},
): Promise<OwnerLab | null> {
  const startMs = performance.now()
  for (;;) {
    const lock = await archiveOwner(folder).catch(() => null)
    if (lock === null || !(await mayAnswer(lock.owner, lock.beat))) return null
    const socket = lock.owner?.socket
    const dialled = typeof socket === 'object' && socket !== null ? await dial(socket, detached) : 'unreachable'
    if (dialled === 'otherVersion') {
      const pid = lock.owner?.pid ?? 0
      throw new LabError('archive.busy', `${folder} is open in a workbench of another version, process ${pid}`, {
        folder,
        pid,
      })
    }
    if (dialled !== 'unreachable') return overSocket(dialled)
    if (performance.now() - startMs > patienceMs) return null
    await later(POLL_MS)
  }
}

function overSocket(socket: WebSocket): OwnerLab {
  let dialled: WebSocket | null = socket
  const link = createLink(
    async () => {
      // One connection, one command: another owner would not know what the first one was asked.
      if (dialled === null) throw new LabError('link.lost', 'the connection is not opened again')
      const endpoint = socketEndpoint(dialled, REPLY_BUDGET)
      dialled = null
      return endpoint
    },
    {
      setTimeout: (callback, ms) => setTimeout(callback, ms).unref(),
      clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
      random: Math.random,
    },
  )
  const ended = (): LabError =>
    new LabError('archive.ownerEnded', 'the workbench that had the archive open has ended, or let go of it')
  let closed = false
  const lost = new Promise<never>((_resolve, reject) => {
    link.onState((state) => {
      if (state === 'open' || closed) return
      link.close()
      reject(ended())
    })
  })
  // Whoever does not wait for it is not to be ended by it.
  lost.catch(() => undefined)
  return {
    lost,
    call: (name, input, options) =>
      link.call(name, input, options).catch((thrown: unknown) => {
        const error = asLabError(thrown)
        throw error.code === 'link.lost' ? ended() : error
      }),
    listen: <Name extends EventName>(name: Name, listener: (payload: Events[Name]) => void) =>
      link.listen(name, listener),
    close: async () => {
      closed = true
      link.close()
    },
  }
}
