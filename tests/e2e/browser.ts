import type { LaunchOptions } from '@playwright/test'
import { existsSync } from 'node:fs'

const SYSTEM_BROWSERS = [
  process.env['LOCALLEARNING_BROWSER'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The system's browser if there is one, else Playwright's own; as root Chromium needs to run without its sandbox. */
export function chromiumOptions(): LaunchOptions {
  const executablePath = SYSTEM_BROWSERS.find((path): path is string => path !== undefined && existsSync(path))
  return {
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
    ...(executablePath === undefined ? {} : { executablePath }),
  }
}
