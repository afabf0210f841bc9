// `npm test` runs this first: packages, the built window, and a browser for the end-to-end tests.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { runNoisily } from '../cli/start/child.mjs'
import { prepareProject } from '../cli/start/prepare.mjs'

const SYSTEM_BROWSERS = [process.env.LOCALLEARNING_BROWSER, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']
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

/** The system's browser, else Playwright's download, else the system's packages where this user may install them. */
async function prepareBrowser() {
  const found = findBrowser()
  if (found) return found
  const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli')
  const download = await runNoisily('Downloading a browser for the end-to-end tests', process.execPath, [playwright, 'install', 'chromium'], { quiet: true, limitMs: DOWNLOAD_LIMIT_MS })
  if (download.code === 0 && findBrowser()) return findBrowser()
  console.log('Playwright\'s browser could not be downloaded.')
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    await runNoisily('Reading the system\'s package lists', 'apt-get', ['update'], { quiet: true })
    await runNoisily('Installing Chromium from the system\'s packages', 'apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { quiet: true })
  }
  return findBrowser()
}

await prepareProject()
const browser = await prepareBrowser()
if (!browser) {
  console.error('The end-to-end tests need a browser: install Chromium or Chrome, or name one with LOCALLEARNING_BROWSER.')
  process.exit(1)
}
console.log(`Browser for the end-to-end tests: ${browser}`)
