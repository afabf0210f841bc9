import type { Locator, Page } from '@playwright/test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, hostOfFile, test } from './fixture.js'

const host = hostOfFile('trained')

const scope = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })
const subtitle = (page: Page): Locator => page.locator('header.head [role=status]')
const anchor = (page: Page, name: string): Locator =>
  page.getByRole('complementary', { name: 'Inspector' }).getByRole('button', { name: new RegExp(`^Anchor ${name}\\b`) })

/** The middle of the map in a scope, moved by shares of its width and height. */
async function placeIn(region: Locator, [right, down]: readonly [number, number]): Promise<{ x: number; y: number }> {
  const box = await region.locator('canvas').last().boundingBox()
  if (box === null) throw new Error('the scope has no place')
  return { x: box.x + box.width * (0.5 + right), y: box.y + box.height * (0.4 + down) }
}

test.beforeEach(async ({ page }) => {
  await page.goto(`${host.url}#/plane`)
  await expect(page.getByRole('checkbox', { name: /^Scenes/ })).toHaveCount(2)
  for (const box of await page.getByRole('checkbox', { name: /^Scenes/ }).all()) await box.check()
  await page.getByRole('textbox', { name: 'Points along each direction' }).fill('50')
  await page.getByRole('textbox', { name: 'Points along each direction' }).press('Enter')
  // The newest plane of the archive is there again, else that of the first images.
  await expect(subtitle(page)).toContainText(/test images 0, 1, \d; p-/, { timeout: 60_000 })
})

test('a plane is computed, zoomed, measured at a point, and its anchors are dragged', async ({ page }) => {
  await expect(page.getByText('small images')).toHaveCount(0)
  await expect(subtitle(page)).toContainText(/test images 0, 1, 2; .* 5000 points in/)
  await expect(page.getByTestId('command')).toContainText('lab plane --model Scenes=r-')
  expect(readdirSync(join(host.home, 'archive', 'probes', 'planes'))).toHaveLength(1)
  await expect(page.getByText(/between seeds IoU 0\.\d\d/)).toBeVisible()

  const regions = scope(page, 'Class regions')
  const at = await placeIn(regions, [0.1, 0])
  await page.mouse.move(at.x, at.y)
  await page.mouse.wheel(0, -400)
  await expect(page.getByRole('button', { name: 'Compute this view R' })).toBeVisible()
  await page.mouse.click(at.x, at.y)
  await expect(page.getByText('measured exactly')).toBeVisible()
  await expect(page.getByRole('figure', { name: /^Softmax from A to the point/ })).toBeVisible()
  const shownClass = await page.getByTestId('point-class').textContent()
  await expect(regions.getByRole('group', { name: /^Class regions of Scenes/ })).toHaveAccessibleName(
    new RegExp(`: ${shownClass ?? ''}, softmax 0\\.\\d+|: ${shownClass ?? ''}, softmax 1\\.0`),
  )
  // The same point in the other scope: both show one place.
  await expect(
    scope(page, 'Jacobian norm').getByRole('group', { name: /^Jacobian norm of Scenes/ }),
  ).toHaveAccessibleName(/at ε −?\d+\.\d\d, ξ −?\d+\.\d\d: \d/)
  await page.keyboard.press('0')
  await expect(page.getByRole('button', { name: 'Compute this view R' })).toHaveCount(0)

  await page.getByRole('group', { name: 'Jacobian' }).getByRole('button', { name: 'Faithful' }).click()
  await page.getByTestId('compute').click()
  await expect(scope(page, 'Jacobian norm')).toContainText('of the latent, faithful')

  await anchor(page, 'C').press('Enter')
  const tray = page.getByRole('region', { name: 'Images' })
  const image = tray.getByRole('button', { name: /^test image 7,/ })
  await expect(image).toBeVisible()
  await anchor(page, 'C').hover()
  await page.mouse.down()
  const target = await image.boundingBox()
  if (target === null) throw new Error('the image has no place')
  await page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 5 })
  await page.mouse.up()
  await expect(anchor(page, 'C')).toHaveAccessibleName(/test image 7\b/)
  await expect(subtitle(page)).toContainText('test images 0, 1, 7; p-', { timeout: 60_000 })
  expect(readdirSync(join(host.home, 'archive', 'probes', 'planes'))).toHaveLength(3)
})

test('anchors on one line are refused with the reason, and what was shown stays', async ({ page }) => {
  await anchor(page, 'B').press('Enter')
  await page
    .getByRole('region', { name: 'Images' })
    .getByRole('button', { name: /^test image 0,/ })
    .click()
  await expect(page.getByRole('alert')).toContainText('The plane could not be computed.')
  await expect(page.getByRole('alert')).toContainText(/on a line|the same image|line/i)
  await expect(page.getByRole('radiogroup', { name: 'Model in the main views' }).getByRole('radio')).toHaveCount(2)
  await anchor(page, 'B').press('Enter')
  await page
    .getByRole('region', { name: 'Images' })
    .getByRole('button', { name: /^test image 3,/ })
    .click()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(subtitle(page)).toContainText(/test images 0, 3, \d; p-/, { timeout: 60_000 })
})
