import { rm } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import open from 'open'
import { writeFileAtomically } from '../lab/files/atomicWrite.js'

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** A page that goes to an address at once. */
export const redirectPage = (url: string): string => `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${escaped(url)}">
<title>LocalLearning Workbench</title>
<p><a href="${escaped(url)}">Open the workbench</a></p>
`

/**
 * Opens an address with its token in the browser. Every user of a machine sees the arguments of its processes, so the browser is
 * given a page that only this user can read, which leads there.
 *
 * @param path - where the page is written, with mode 0600
 * @returns removes the page
 * @throws whatever the system says when it has no browser
 */
export async function openInBrowser(url: string, path: string): Promise<() => Promise<void>> {
  await writeFileAtomically(path, new TextEncoder().encode(redirectPage(url)))
  const remove = (): Promise<void> => rm(path, { force: true })
  try {
    await open(pathToFileURL(path).href)
  } catch (error) {
    await remove()
    throw error
  }
  return remove
}
