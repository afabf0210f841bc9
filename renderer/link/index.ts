import type { LabBridge, LabLink } from '../../contract/index.js'
import { createLink, type LinkTimers } from '../../contract/link/index.js'
import { bridgeEndpoint } from './bridgeEndpoint.js'
import { openSocket } from './socketEndpoint.js'

declare global {
  interface Window {
    /** Set by the preload script in Electron; absent in a browser. */
    labBridge?: LabBridge
  }
}

const TOKEN_KEY = 'workbench.token'

const timers: LinkTimers = {
  setTimeout: (callback, milliseconds) => window.setTimeout(callback, milliseconds),
  clearTimeout: (timer) => window.clearTimeout(timer as number | undefined),
  random: Math.random,
}

/** The token of the page's address, kept for this tab and then taken out of the address, so that it is not copied with it. */
function takeToken(): string | null {
  const address = new URL(window.location.href)
  const given = address.searchParams.get('token')
  if (given === null) return window.sessionStorage.getItem(TOKEN_KEY)
  window.sessionStorage.setItem(TOKEN_KEY, given)
  address.searchParams.delete('token')
  window.history.replaceState(window.history.state, '', address)
  return given
}

/**
 * Connects this page to its lab: through Electron's bridge if there is one, else over a WebSocket to the page's own origin.
 *
 * Call it once, before the router reads the address. A tab that was opened without the token has the cookie of the first one.
 */
export function connectLab(): LabLink {
  const bridge = window.labBridge
  if (bridge !== undefined) return createLink(() => Promise.resolve(bridgeEndpoint(bridge)), timers)
  const token = takeToken()
  const url = new URL('/link', window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  if (token !== null) url.searchParams.set('token', token)
  return createLink(() => openSocket(url.href), timers)
}
