import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import type { DoctorCheck } from '../../contract/index.js'
import { nodeRequire } from '../nodeRequire.js'

/** Names under which browsers are found on the path, and where macOS and Windows put them. */
const BROWSERS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'brave-browser',
  'firefox',
]
const BROWSER_FILES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  '/Applications/Safari.app/Contents/MacOS/Safari',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
]

/** The executable of the installed Electron package; null when its download did not happen. */
export async function electronBinary(): Promise<string | null> {
  try {
    const folder = dirname(nodeRequire.resolve('electron/package.json'))
    const name = (await readFile(join(folder, 'path.txt'), 'utf8')).trim()
    const binary = join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), name)
    return existsSync(binary) ? binary : null
  } catch {
    return null
  }
}

/** A browser of this machine; null when none is found. */
export function findBrowser(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const onPath = BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...onPath, ...BROWSER_FILES].find((file) => existsSync(file)) ?? null
}

/** Which windows the workbench can open here. */
export async function hostChecks(): Promise<DoctorCheck[]> {
  const electron = await electronBinary()
  const browser = findBrowser()
  return [
    {
      id: 'host.electron',
      group: 'hosts',
      label: 'Electron',
      state: electron === null ? 'missing' : 'good',
      detail: electron ?? 'its binary is not installed; the workbench opens in the browser instead',
      remedy:
        electron === null
          ? 'Run `node node_modules/electron/install.js` to download it; this needs access to github.com.'
          : null,
    },
    {
      id: 'host.browser',
      group: 'hosts',
      label: 'Browser',
      state: browser === null ? 'missing' : 'good',
      detail: browser ?? 'no browser found',
      remedy:
        browser === null
          ? 'Install a browser (`apt install chromium`), or open the printed address in another browser on this machine.'
          : null,
    },
  ]
}
