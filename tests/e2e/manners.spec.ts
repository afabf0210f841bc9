import type { Locator } from '@playwright/test'
import { expect, hostOfFile, test } from './fixture.js'

const host = hostOfFile('trained')

const colourOf = (place: Locator, token: string): Promise<[string, string]> =>
  place.evaluate((element, name) => {
    const probe = document.createElement('i')
    probe.style.color = `var(${name})`
    document.body.append(probe)
    const wanted = getComputedStyle(probe).color
    probe.remove()
    return [getComputedStyle(element).color, wanted]
  }, token)

test('rows of the table of runs are selected with Shift, not their text; an armed button has the colour of danger', async ({
  page,
}) => {
  await page.goto(`${host.url}#/runs?group=group`)
  await page.getByRole('button', { name: /runs of Scenes/ }).click()
  const rows = page.locator('.body tbody tr[aria-rowindex]')
  await expect(rows).toHaveCount(3)
  await rows.nth(1).click()
  await rows.nth(2).click({ modifiers: ['Shift'] })
  await expect(page.locator('tbody tr[aria-selected="true"]')).toHaveCount(2)
  expect(await page.evaluate(() => window.getSelection()?.toString() ?? '')).toBe('')
  await page.getByRole('toolbar').getByRole('button', { name: 'Trash' }).click()
  await page.getByRole('button', { name: /^Trash 2/ }).click()
  // The group is still unfolded.
  await expect(rows).toHaveCount(3)
  await expect(page.locator('tbody tr[aria-selected="true"]')).toHaveCount(0)
  await rows.first().click()
  const remove = page.getByRole('button', { name: 'Delete for good' })
  await remove.click()
  const armed = page.getByRole('button', { name: /Press again to delete 2 for good/ })
  // Under the pointer, too; colours of controls change in a moment.
  await expect
    .poll(async () => {
      const [shown, danger] = await colourOf(armed, '--bad')
      return shown === danger
    })
    .toBe(true)
  await page.getByRole('button', { name: 'Restore' }).click()
  await expect(page.getByText('The trash is empty.')).toBeVisible()
})

test('what the arrow keys wrote into a field is undone with Ctrl Z', async ({ page }) => {
  await page.goto(`${host.url}#/new/localLearning?preset=quick-look`)
  const units = page.getByLabel('Hidden units')
  await expect(units).toHaveValue('100')
  await units.focus()
  await units.press('ArrowUp')
  await units.press('ArrowUp')
  await expect(units).toHaveValue('102')
  await expect(page.getByText('layer.hiddenUnits=102')).toBeVisible()
  await units.press('Control+z')
  await units.press('Control+z')
  await expect(units).toHaveValue('100')
  await expect(page.getByText('layer.hiddenUnits')).toHaveCount(0)
})

test('windows of runs have distinct titles', async ({ page }) => {
  await page.goto(host.url)
  await page.locator('a[href*="#/runs/r-"]').first().click()
  await expect(page).toHaveTitle(/^Scenes · Runs · LocalLearning Workbench$/)
})
