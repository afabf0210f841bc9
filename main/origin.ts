/** The window's own scheme; file:// is never used. */
export const SCHEME = 'workbench'
/** The one origin that may speak to the lab. */
export const ORIGIN = `${SCHEME}://app`
/** What the window loads. */
export const START_PAGE = `${ORIGIN}/index.html`
/** Prefix of every channel between window and main process. */
export const FRAME_CHANNEL = 'workbench:frame'
export const CHOOSE_FILE_CHANNEL = 'workbench:chooseFile'
export const REVEAL_FILE_CHANNEL = 'workbench:revealFile'

/**
 * Whether a page belongs to the workbench.
 *
 * @param url - address of a frame, as Electron gives it
 */
export function isOwnPage(url: string | undefined): boolean {
  if (url === undefined) return false
  try {
    const { protocol, host } = new URL(url)
    return protocol === `${SCHEME}:` && host === 'app'
  } catch {
    return false
  }
}
