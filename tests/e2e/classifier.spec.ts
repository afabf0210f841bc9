import { expect, test } from '@playwright/test'
import { startHost, temporaryHome, type TestHost } from './host.js'
import { epochOf, waitForEpoch } from './quickLook.js'

const { home, remove } = temporaryHome()
let host: TestHost
const faults: string[] = []

test.beforeAll(async () => {
  host = await startHost(home)
})
test.afterAll(async () => {
  await host.kill()
  remove()
})
test.beforeEach(({ page }) => {
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/WebSocket|net::ERR/.test(message.text())) faults.push(message.text())
  })
})
test.afterEach(() => {
  expect(faults.splice(0)).toEqual([])
})

test('a classifier from the form to the comparison of its seeds', async ({ page }) => {
  await page.goto(host.url)
  await page.getByRole('link', { name: 'New' }).first().click()
  await expect(page.getByRole('heading', { name: 'Local learning layer' })).toBeVisible()
  await page.getByRole('group', { name: 'Kind of experiment' }).getByRole('button', { name: 'Classifier' }).click()
  await expect(page).toHaveURL(/#\/new\/classifier/)
  await page.getByRole('button', { name: 'Preset', exact: true }).click()
  await page.getByRole('menuitem', { name: /Quick look, a classifier/ }).click()
  await page.getByRole('textbox', { name: 'Hidden units' }).fill('32')
  await page.getByRole('textbox', { name: 'Epochs' }).fill('6')
  await page.getByRole('textbox', { name: 'Seeds' }).fill('2')
  await page.getByRole('button', { name: 'Add a regulariser' }).click()
  await page.getByRole('menuitem', { name: 'Spectrum of the hidden layer' }).click()
  await page.getByRole('group', { name: 'Regularisers' }).getByRole('textbox', { name: 'First index' }).fill('40')
  await page.getByRole('group', { name: 'Regularisers' }).getByRole('textbox', { name: 'First index' }).blur()
  await expect(page.getByText('There are only 32 eigenvalues. Use 30 or less.')).toBeVisible()
  await page.getByRole('group', { name: 'Regularisers' }).getByRole('textbox', { name: 'First index' }).fill('2')
  await expect(page.locator('pre.cmd')).toContainText('lab run quick-classifier')
  await expect(page.locator('pre.cmd')).toContainText('--set model.hiddenUnits=32')
  await expect(page.locator('pre.cmd')).toContainText('--seeds 2')
  await page.getByRole('button', { name: 'Run 2 next' }).click()
  await expect(page).toHaveURL(/#\/runs\/r-[0-9a-f]{8}/)

  await waitForEpoch(page, 1)
  await expect(page.getByTestId('test-accuracy')).toHaveText(/^\d+\.\d\s%$/)
  const cells = page.locator('.confusion tbody td:not(.recall)')
  await expect(cells).toHaveCount(100)
  const counts = (await cells.allTextContents()).map(Number)
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2000)
  await expect(page.locator('.gallery canvas').first()).toBeVisible()
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(page.getByText('Paused', { exact: true }).first()).toBeVisible()
  const paused = await epochOf(page)
  await page.getByRole('button', { name: /^Resume/ }).click()
  await waitForEpoch(page, Math.min(6, paused + 1))
  await expect(page.getByText('Finished', { exact: true }).first()).toBeVisible({ timeout: 120_000 })
  await expect(page.getByText('one curve, resumed at epoch')).toBeVisible()
  const loss = await page.getByTestId('loss').textContent()
  await page.getByRole('button', { name: 'Unweighted' }).click()
  await expect(page.getByTestId('loss')).toHaveText(loss ?? '')

  await page.getByRole('link', { name: 'Runs' }).first().click()
  const group = page.getByRole('row', { name: /Perceptron, scenes.*2 seeds/ })
  await expect(group).toContainText('±', { timeout: 120_000 })
  await group.getByRole('button', { name: '2 runs of Perceptron, scenes' }).click()
  await expect(page.getByRole('row', { name: /Perceptron, scenes/ })).toHaveCount(3)
  await group.click()
  await page.keyboard.press('c')
  await expect(page).toHaveURL(/#\/compare\?ids=/)
  await expect(page.getByText('They differ in nothing')).toHaveCount(0)
  await expect(page.getByRole('row', { name: /Test accuracy/ })).toContainText('±')
  await page.getByRole('button', { name: 'Each seed' }).click()
  await expect(page.getByText('They differ in nothing but their names and seeds.')).toBeVisible()
})
