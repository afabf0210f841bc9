import { readFileSync } from 'node:fs'
import { expect, hostOfFile, test } from './fixture.js'
import { epochOf, pruneAndExport, startQuickLook, waitForEpoch, watchRun } from './quickLook.js'

const host = hostOfFile()

test('from the form to the figure: start, watch, pause, resume, prune, export', async ({ page }) => {
  await page.goto(host.url)
  await expect(page.getByText('No runs yet. Start from a preset')).toBeVisible()
  const run = await startQuickLook(page)
  await page.evaluate(() => {
    const longest = { milliseconds: 0 }
    Object.assign(window, { longestTask: longest })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) longest.milliseconds = Math.max(longest.milliseconds, entry.duration)
    }).observe({ type: 'longtask' })
  })
  await watchRun(page)
  const longest: unknown = await page.evaluate(
    () => (window as unknown as { longestTask: { milliseconds: number } }).longestTask.milliseconds,
  )
  test.info().annotations.push({ type: 'longest task while the run streamed, ms', description: String(longest) })
  console.log(`longest task of the page while the run streamed: ${String(longest)} ms`) // eslint-disable-line no-console
  await pruneAndExport(page, host.home, run)

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save FigureA1-FKHL3Spectra.eps' }).click()
  expect(readFileSync(await (await download).path(), 'latin1').slice(0, 14)).toBe('%!PS-Adobe-3.0')
})

test('a rank of 1 is refused in the form with what to do', async ({ page }) => {
  await page.goto(host.url)
  await page.getByRole('link', { name: 'New' }).first().click()
  const rank = page.getByLabel('Anti-Hebbian rank')
  await rank.fill('1')
  await rank.blur()
  await expect(page.getByText('Rank 1 is the winning unit. Use 2 or more.')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page).toHaveURL(/#\/new/)
})

test('datasets can be browsed by class', async ({ page }) => {
  await page.goto(host.url)
  await page.getByRole('link', { name: 'Data' }).first().click()
  await page.getByText('Synthetic scenes').first().click()
  await expect(page.locator('canvas').first()).toBeVisible()
})

test('every page opens in both themes', async ({ page }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.goto(host.url)
    for (const name of ['Home', 'New', 'Queue', 'Runs', 'Compare', 'Data', 'Figures', 'Doctor', 'Settings']) {
      await page.getByRole('link', { name }).first().click()
      await expect(page.locator('main, .page').first()).toBeVisible()
    }
  }
})

test('a killed workbench leaves a run that can be resumed from the window', async ({ page }) => {
  await page.goto(host.url)
  const run = await startQuickLook(page)
  await waitForEpoch(page, 12)
  await host.kill()
  await expect(page.getByText(/connection.*lost|lost/i).first()).toBeVisible()
  await host.start()
  await page.goto(`${host.url}#/runs/${run}`)
  await expect(page.getByTestId('verdict')).toContainText('Interrupted')
  // It goes back to its checkpoint, and from there on further than it had come.
  const killed = await epochOf(page)
  await page.getByRole('button', { name: /^Resume from epoch \d+ \(bit-exact\)/ }).click()
  await waitForEpoch(page, killed + 2)
})
