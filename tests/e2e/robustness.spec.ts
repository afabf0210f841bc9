import { expect, test } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startHost, temporaryHome, type TestHost } from './host.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const { home, remove } = temporaryHome()
let host: TestHost

test.beforeAll(async () => {
  test.setTimeout(240_000)
  const settings = ['name=Scenes', 'dataset.imageLimit=500', 'model.hiddenUnits=20', 'schedule.epochs=2', 'probes.spectrumImages=100', 'probes.windowEnd=15']
  execFileSync(process.execPath, ['cli/lab.mjs', 'run', 'quick-classifier', ...settings.flatMap((setting) => ['--set', setting])], { cwd: PROJECT, env: { ...process.env, LOCALLEARNING_HOME: home }, stdio: 'ignore' })
  host = await startHost(home)
})
test.afterAll(async () => {
  await host.kill()
  remove()
})

test('a sweep is filled in, runs, and shows its curve, its images and the card of its model', async ({ page }) => {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(`${host.url}#/robustness`)
  await expect(page.getByText('No sweep yet. A sweep attacks')).toBeVisible()
  await page.getByRole('link', { name: 'New sweep' }).last().click()
  await page.getByLabel('Dataset').last().click()
  await page.getByRole('option', { name: 'Synthetic scenes' }).click()
  await page.getByRole('combobox', { name: 'Attack' }).click()
  await page.getByRole('option', { name: /^FGSM/ }).click()
  await page.getByRole('textbox', { name: 'Images' }).fill('20')
  await page.getByRole('textbox', { name: 'Smallest size' }).fill('1e-4')
  await page.getByRole('textbox', { name: 'Sizes', exact: true }).fill('12')
  await page.getByRole('button', { name: 'Start sweep' }).click()
  await expect(page.getByText('No model is chosen. Choose one or more.')).toBeVisible()
  await page.getByRole('checkbox').first().check()
  await expect(page.locator('pre')).toContainText('--attack fgsm')
  await page.getByRole('button', { name: 'Start sweep' }).click()
  await expect(page).toHaveURL(/#\/robustness\/a-[0-9a-f]{8}$/)
  const sweep = page.url().slice(-10)

  await expect(page.getByText('20 images', { exact: true })).toBeVisible({ timeout: 120_000 })
  await expect(page.getByRole('img', { name: /Relative accuracy: Scenes falls to one half/ }).first()).toBeVisible()
  await expect(page.getByRole('img', { name: /^Image \d+, attacked/ }).first()).toBeVisible({ timeout: 60_000 })
  await page.getByRole('slider', { name: 'Size shown in the gallery' }).first().press('ArrowRight')
  await page.getByRole('radio', { name: 'Each critical ε' }).or(page.getByRole('button', { name: 'Each critical ε' })).click()
  await expect(page.getByText('FGSM, critical ε').or(page.getByText(/^FGSM, ε = /)).first()).toBeVisible()
  expect(readdirSync(join(home, 'archive', 'probes', 'robustness'))).toContain(sweep)

  await page.getByRole('link', { name: 'Scenes', exact: true }).click()
  await expect(page.getByRole('list', { name: 'Masking checks' }).getByRole('listitem')).toHaveCount(5, { timeout: 180_000 })
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export JSON' }).click()])
  expect(download.suggestedFilename()).toBe('robustness card Scenes.json')
  expect(faults).toEqual([])
})
