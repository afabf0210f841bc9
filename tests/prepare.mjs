// `npm test` runs this first: packages, the built window, and a browser for the end-to-end tests.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { runNoisily } from '../cli/start/child.mjs'
import { prepareProject } from '../cli/start/prepare.mjs'

const SYSTEM_BROWSERS = [
  process.env.LOCALLEARNING_BROWSER,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const DOWNLOAD_LIMIT_MS = 120_000

function playwrightBrowser() {
  try {
    const path = createRequire(import.meta.url)('@playwright/test').chromium.executablePath()
    return existsSync(path) ? path : null
  } catch {
    return null
  }
}

const findBrowser = () => SYSTEM_BROWSERS.find((path) => path && existsSync(path)) ?? playwrightBrowser()

/** The system's browser, else the one that Playwright downloads into its own cache; nothing is installed on the system. */
async function prepareBrowser() {
  const found = findBrowser()
  if (found) return found
  const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli')
  const download = await runNoisily(
    'Downloading a browser for the end-to-end tests',
    process.execPath,
    [playwright, 'install', 'chromium'],
    { quiet: true, limitMs: DOWNLOAD_LIMIT_MS },
  )
  if (download.code !== 0) console.log("Playwright's browser could not be downloaded.")
  return findBrowser()
}

await prepareProject()
const browser = await prepareBrowser()
if (!browser) {
  console.error(
    'The end-to-end tests need a browser. Install Chromium (on Debian: sudo apt install chromium) or Chrome, or set LOCALLEARNING_BROWSER to the path of one.',
  )
  process.exit(1)
}
console.log(`Browser for the end-to-end tests: ${browser}`)
