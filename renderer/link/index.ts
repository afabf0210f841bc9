import type { LabBridge, LabLink } from '../../contract/index.js'
import { createLink, type LinkTimers } from '../../contract/link/index.js'
import { pageAccess, type PageAccess } from './access.js'
import { bridgeEndpoint } from './bridgeEndpoint.js'
import { openSocket } from './socketEndpoint.js'

declare global {
  interface Window {
    /** Set by the preload script in Electron; absent in a browser. */
    labBridge?: LabBridge
  }
}

const timers: LinkTimers = {
  setTimeout: (callback, milliseconds) => window.setTimeout(callback, milliseconds),
  clearTimeout: (timer) => window.clearTimeout(timer as number | undefined),
  random: Math.random,
}

let access: PageAccess | null = null

/** The token of this page; null in Electron, which needs none. */
export const linkAccess = (): PageAccess | null => access

/**
 * Connects this page to its lab: through Electron's bridge if there is one, else over a WebSocket to the page's own origin.
 *
 * Call it once, before the router reads the address.
 */
export function connectLab(): LabLink {
  const bridge = window.labBridge
  if (bridge !== undefined) return createLink(() => Promise.resolve(bridgeEndpoint(bridge)), timers)
  const own = (access = pageAccess(window))
  return createLink(() => openSocket(new URL(window.location.href), own.token()), timers)
}
