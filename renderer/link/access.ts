import { shallowRef, type ShallowRef } from 'vue'

const TOKEN_KEY = 'workbench.token'

/** Whether the workbench answers but does not accept this page's token: it was restarted with another one. */
export const accessRefused: ShallowRef<boolean> = shallowRef(false)

/** The token of the page's address, kept for this tab and then taken out of the address, so that it is not copied with it. */
export function takeToken(): void {
  const address = new URL(window.location.href)
  const given = address.searchParams.get('token')
  if (given === null) return
  window.sessionStorage.setItem(TOKEN_KEY, given)
  address.searchParams.delete('token')
  window.history.replaceState(window.history.state, '', address)
}

export const heldToken = (): string | null => window.sessionStorage.getItem(TOKEN_KEY)

/** Address of a part of the workbench, with the token. */
export function withToken(path: string, protocol: 'http' | 'ws'): URL {
  const url = new URL(path, window.location.href)
  url.hash = ''
  url.protocol = `${protocol}${url.protocol.endsWith('s:') ? 's' : ''}:`
  const token = heldToken()
  if (token !== null) url.searchParams.set('token', token)
  return url
}

/**
 * Asks why no connection came about; a browser does not tell it of a WebSocket.
 *
 * @returns whether the workbench refused the token; false where nothing answers
 */
export async function askAccess(): Promise<boolean> {
  const answer = await fetch(withToken('/', 'http'), { cache: 'no-store', redirect: 'manual' }).catch(() => null)
  return answer?.status === 401 || answer?.status === 403
}

/** What a pasted address means. */
export type PastedAddress = { kind: 'token'; token: string } | { kind: 'elsewhere'; url: string } | { kind: 'fault'; message: string }

/**
 * Reads the address that the workbench printed.
 *
 * @param origin - of this page: a token for it keeps the page and its drafts
 */
export function readAddress(text: string, origin: string): PastedAddress {
  const trimmed = text.trim()
  if (trimmed === '') return { kind: 'fault', message: 'Paste the address that the workbench printed when it started.' }
  if (/^[\w-]{16,}$/.test(trimmed)) return { kind: 'token', token: trimmed }
  const url = URL.parse(trimmed)
  const token = url?.searchParams.get('token') ?? null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return { kind: 'fault', message: `“${trimmed}” is not an address such as http://127.0.0.1:4173/?token=….` }
  if (token === null) return { kind: 'fault', message: 'This address has no token. Copy it whole, with ?token=… at its end.' }
  return url.origin === origin ? { kind: 'token', token } : { kind: 'elsewhere', url: url.href }
}

/** Takes a pasted token; the next try to connect uses it. */
export function giveToken(token: string): void {
  window.sessionStorage.setItem(TOKEN_KEY, token)
  accessRefused.value = false
}
