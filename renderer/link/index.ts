import { LabError, type LabBridge, type LabLink } from '../../contract/index.js'
import { createLink, type LinkTimers } from '../../contract/link/index.js'
import { accessRefused, askAccess, takeToken, withToken } from './access.js'
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

/**
 * Connects this page to its lab: through Electron's bridge if there is one, else over a WebSocket to the page's own origin.
 *
 * Call it once, before the router reads the address. A tab that was opened without the token has the cookie of the first one.
 */
export function connectLab(): LabLink {
  const bridge = window.labBridge
  if (bridge !== undefined) return createLink(() => Promise.resolve(bridgeEndpoint(bridge)), timers)
  takeToken()
  return createLink(async () => {
    try {
      const endpoint = await openSocket(withToken('/link', 'ws').href)
      accessRefused.value = false
      return endpoint
    } catch (error) {
      accessRefused.value = await askAccess()
      throw accessRefused.value ? new LabError('link.refused', 'the workbench does not accept the token of this window', {}, error) : error
    }
  }, timers)
}
