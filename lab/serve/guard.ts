import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Compares in a time that does not depend on how much agrees; hashing makes the lengths equal. */
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

/** The token of a request: in the header of a page's own question, or in the address of a link. There is no cookie: other ports would get it. */
function givenToken(request: IncomingMessage): string | null {
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')
  return bearer?.[1] ?? addressOf(request).searchParams.get('token')
}

/** Who may come in: names of this machine only, pages of this server only, and only with the token. */
export interface Guard {
  /** Refuses names that a foreign page could have bound to 127.0.0.1 (DNS rebinding). */
  knowsHost(request: IncomingMessage): boolean
  /** Refuses pages of other sites; a request without an Origin comes from no page. */
  knowsOrigin(request: IncomingMessage): boolean
  hasToken(request: IncomingMessage): boolean
}

/**
 * @param token - the secret of this server
 * @param port - port that it listens on
 */
export function createGuard(token: string, port: number): Guard {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`])
  return {
    knowsHost: (request) => hosts.has(request.headers.host ?? ''),
    knowsOrigin: ({ headers: { origin } }) =>
      origin === undefined || [...hosts].some((host) => origin === `http://${host}`),
    hasToken: (request) => {
      const given = givenToken(request)
      return given !== null && equalInConstantTime(given, token)
    },
  }
}
