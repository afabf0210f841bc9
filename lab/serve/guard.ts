import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Compares without telling by its duration how much agrees; hashing makes the lengths equal. */
function equalInConstantTime(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/** The address that was asked for; one that cannot be read becomes a path that does not exist. */
export function addressOf(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? '/', 'http://127.0.0.1')
  } catch {
    return new URL('http://127.0.0.1/unreadable.address')
  }
}

function cookieOf(request: IncomingMessage, name: string): string | null {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
  return pairs.find(([key]) => key === name)?.[1] ?? null
}

/** Who may come in: names of this machine only, pages of this server only, and only with the token. */
export interface Guard {
  /** Refuses names that a foreign page could have bound to 127.0.0.1 (DNS rebinding). */
  knowsHost(request: IncomingMessage): boolean
  /** Refuses pages of other sites; a request without an Origin comes from no page. */
  knowsOrigin(request: IncomingMessage): boolean
  hasToken(request: IncomingMessage): boolean
  /** Set with the page, so that a reload needs no token in the address. */
  readonly cookie: string
}

/**
 * @param token - the secret of this server
 * @param port - port that it listens on
 */
export function createGuard(token: string, port: number): Guard {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`])
  // Cookies know no ports; the name keeps two servers apart.
  const cookieName = `workbench-${port}`
  return {
    knowsHost: (request) => hosts.has(request.headers.host ?? ''),
    knowsOrigin: ({ headers: { origin } }) => origin === undefined || [...hosts].some((host) => origin === `http://${host}`),
    hasToken: (request) => {
      const inAddress = addressOf(request).searchParams.get('token')
      const given = inAddress ?? cookieOf(request, cookieName)
      return given !== null && equalInConstantTime(given, token)
    },
    cookie: `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict`,
  }
}
