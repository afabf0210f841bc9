import { _electron, expect, test } from '@playwright/test'
import { findDisplay, findElectron } from '../../cli/start/electron.mjs'
import { temporaryHome } from './host.js'
import { pruneAndExport, startQuickLook, watchRun } from './quickLook.js'

const executablePath = findElectron()
const reason =
  executablePath === null
    ? "Electron's binary is not here (node_modules/electron/dist); `npm start` says how to get it"
    : findDisplay() === null
      ? 'there is no display; run under xvfb-run'
      : null
if (reason !== null) console.log(`Electron is not tested: ${reason}.`) // eslint-disable-line no-console

test('the same in Electron: from the form to the figure', async () => {
  test.skip(reason !== null, reason ?? '')
  const { home, remove } = temporaryHome()
  const app = await _electron.launch({
    executablePath: executablePath ?? '',
    args: ['.', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: { ...process.env, LOCALLEARNING_HOME: home } as Record<string, string>,
  })
  try {
    const page = await app.firstWindow()
    expect(page.url()).toMatch(/^workbench:\/\/app\//)
    expect(await page.evaluate(() => typeof (window as unknown as { require?: unknown }).require)).toBe('undefined')
    const run = await startQuickLook(page)
    await watchRun(page)
    await pruneAndExport(page, home, run)
  } finally {
    await app.close()
    remove()
  }
})
