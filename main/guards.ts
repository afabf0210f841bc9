import type { App, Session, WebContents } from 'electron'
import { isOwnPage } from './origin.js'

/**
 * Keeps every page of the program at home: no navigation elsewhere, no new windows, no embedded pages, no permissions.
 * (Electron's security checklist, items 4, 5, 13, 14.)
 *
 * @param app - Electron's app; every page it ever makes is guarded
 */
export function guardPages(app: Pick<App, 'on'>): void {
  app.on('web-contents-created', (_event, contents) => guardPage(contents))
}

function guardPage(contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>): void {
  contents.on('will-navigate', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

/** Refuses every permission a page can ask for, except writing text to the clipboard ("Copy command"). */
export function denyPermissions(
  session: Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler'>,
): void {
  session.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(permission === 'clipboard-sanitized-write'),
  )
  session.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write')
}
