import type { Page } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, hostOfFile, test } from './fixture.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const host = hostOfFile()
const pane = (page: Page) => page.getByRole('region', { name: 'Paper replay' })
const button = (page: Page, name: string) => pane(page).getByRole('button', { name, exact: true })

test('a replay starts from one button, shows its progress, pauses, and goes on after a kill', async ({ page }) => {
  await page.goto(host.url)
  await expect(pane(page).getByRole('radio', { name: /^smoke/ })).toBeChecked()
  await pane(page).getByRole('radio', { name: /^demo/ }).check()
  await expect(pane(page).getByText('the scale demo needs CIFAR-10', { exact: false })).toBeVisible()
  await expect(button(page, 'Replay the paper')).toBeDisabled()
  await expect(pane(page).getByRole('link', { name: 'Import or download CIFAR-10' })).toHaveAttribute(
    'href',
    '#/data/cifar10',
  )
  await pane(page)
    .getByRole('radio', { name: /^smoke/ })
    .check()
  await expect(pane(page).getByText('Uses the built-in scenes')).toBeVisible()
  await pane(page)
    .getByRole('button', { name: /^Replay the paper, about / })
    .click()
  await expect(pane(page).getByText(/^Step 1 of \d+: Layer$/)).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('link', { name: 'Replay, smoke: layer' }).first()).toBeVisible()
  const bar = pane(page).getByRole('progressbar', { name: 'Progress of the replay' })
  await expect
    .poll(async () => Number(await bar.getAttribute('aria-valuenow')), { timeout: 120_000 })
    .toBeGreaterThan(0)
  await button(page, 'Pause').click()
  await expect(pane(page).getByText('Paused', { exact: true })).toBeVisible({ timeout: 60_000 })
  await button(page, 'Continue').click()
  await expect(pane(page).getByText('Running', { exact: true })).toBeVisible()

  await host.kill()
  await host.start()
  await page.goto(host.url)
  await expect(pane(page).getByText('Interrupted', { exact: true })).toBeVisible()
  await expect(button(page, 'Continue')).toBeEnabled()
})

test('a finished replay shows its numbers, its command line and its report', async ({ page, context }) => {
  test.setTimeout(300_000)
  await host.stop()
  // The same lab in a process of its own makes one with another seed, in which every stage is tiny.
  execFileSync(process.execPath, ['--import', 'tsx', 'tests/lab/repro/replayHolder.ts', host.home, '2'], {
    cwd: PROJECT,
    stdio: 'ignore',
  })
  await host.start()
  await page.goto(host.url)
  await expect(pane(page).getByText('smoke, seed 2, arXiv 2405.00679')).toBeVisible()
  const table = pane(page).getByRole('table')
  await expect(table.getByText('KH is more robust than BP against PGD')).toBeVisible()
  await expect(table.getByRole('row', { name: /^KH 0\.472 .*different data$/ })).toHaveCount(1)
  await expect(pane(page).getByText('results are not compared', { exact: false })).toBeVisible()
  // No result of the smoke scale has a tolerance, so all results are shown and there is nothing to choose.
  await expect(button(page, 'With tolerance')).toHaveCount(0)
  await expect(table.getByText('Training time of the layer in seconds')).toBeVisible()

  const [report] = await Promise.all([context.waitForEvent('page'), button(page, 'Open report').click()])
  await expect(report.getByRole('heading', { name: 'Replay of arXiv 2405.00679' })).toBeVisible()
  await expect(report.getByRole('img', { name: /^Figure/ })).toHaveCount(6)
  expect(
    await report.getByRole('img', { name: /^Figure 1/ }).evaluate((image) => (image as HTMLImageElement).naturalWidth),
  ).toBeGreaterThan(0)
  await report.close()

  await pane(page).getByRole('combobox', { name: 'Replay' }).click()
  await page.getByRole('option', { name: 'smoke, seed 1' }).click()
  await expect(pane(page).getByText('Interrupted', { exact: true })).toBeVisible()
})
