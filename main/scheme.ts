import type { CustomScheme, Protocol } from 'electron'
import { pageHeaders } from '../lab/serve/pageHeaders.js'
import { isAssetPath, readStatic } from '../lab/serve/staticFiles.js'
import { SCHEME } from './origin.js'

/** To be registered before Electron's app is ready: an origin of its own, with the rules of https. */
export const PRIVILEGED_SCHEME: CustomScheme = {
  scheme: SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true },
}

/**
 * Answers one request of a page.
 *
 * @param folder - the built renderer
 * @param request - method and address; anything but GET of the host `app` is refused
 */
export async function answerRequest(folder: string, request: Pick<Request, 'method' | 'url'>): Promise<Response> {
  const headers = pageHeaders([])
  const { host, pathname } = new URL(request.url)
  if (host !== 'app') return new Response('Page not found.', { status: 404, headers })
  if (request.method !== 'GET') return new Response('Only GET requests are supported.', { status: 405, headers })
  const file = await readStatic(folder, isAssetPath(pathname) ? pathname : '/index.html')
  if (file === null) return new Response('File not found.', { status: 404, headers })
  return new Response(new Uint8Array(file.bytes), { headers: { ...headers, 'Content-Type': file.mime } })
}

/** Serves the built renderer under the program's own scheme instead of file://. */
export function serveScheme(protocol: Pick<Protocol, 'handle'>, folder: string): void {
  protocol.handle(SCHEME, (request) => answerRequest(folder, request))
}
