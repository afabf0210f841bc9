/** Where this browser keeps the token: storage of the page's own origin, which other ports of this machine cannot read. */
const TOKEN_KEY = 'workbench.token'

/** The required part of the browser's window. */
export type AccessWindow = Pick<Window, 'localStorage' | 'location' | 'history'>

function stored(window: AccessWindow): string | null {
  try {
    return window.localStorage.getItem(TOKEN_KEY)
  } catch {
    return null
  }
}

function store(window: AccessWindow, token: string): void {
  try {
    window.localStorage.setItem(TOKEN_KEY, token)
  } catch {
    // Without storage, the browser asks for the address again after a reload.
  }
}

/** The token of this page, and how it gets another one. */
export interface PageAccess {
  token(): string | null
  /**
   * Takes an address that a person pasted, or the token alone.
   *
   * @returns another address to open, null if this page can connect with the token, or the fault in a sentence
   */
  take(text: string): { goTo: string | null } | { fault: string }
}

const TOKEN = /^[A-Za-z0-9_-]{16,}$/

/**
 * Takes the token out of the page's address, so that it is not copied with it, and keeps it for reloads and bookmarks.
 *
 * Call it once, before the router reads the address.
 */
export function pageAccess(window: AccessWindow): PageAccess {
  const address = new URL(window.location.href)
  let token = address.searchParams.get('token')
  if (token !== null) {
    store(window, token)
    address.searchParams.delete('token')
    window.history.replaceState(window.history.state, '', address)
  }
  token ??= stored(window)
  const use = (given: string): { goTo: null } => {
    token = given
    store(window, given)
    return { goTo: null }
  }
  return {
    token: () => token,
    take: (text) => {
      const plain = text.trim()
      if (TOKEN.test(plain)) return use(plain)
      const pasted = URL.canParse(plain) ? new URL(plain) : null
      const given = pasted?.searchParams.get('token') ?? null
      if (pasted === null || given === null)
        return { fault: 'This is not a workbench address. It should look like http://127.0.0.1:4711/?token=…' }
      if (pasted.hostname !== '127.0.0.1' && pasted.hostname !== 'localhost')
        return { fault: `The workbench address must use 127.0.0.1 or localhost, not ${pasted.hostname}.` }
      return pasted.origin === window.location.origin ? use(given) : { goTo: pasted.href }
    },
  }
}
