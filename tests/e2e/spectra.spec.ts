import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, hostOfFile, test } from './fixture.js'

const host = hostOfFile('trained')
/** Units of the models of the fixture: the ranks of their spectra. */
const UNITS = 20

test('spectra are measured, the window is dragged, and the exponent follows in scope, table and map', async ({
  page,
}) => {
  await page.goto(`${host.url}#/spectra`)
  await expect(page.getByText('No model selected. Select models on the left').first()).toBeVisible()
  await page.getByRole('combobox', { name: 'Dataset' }).click()
  await page.getByRole('option', { name: 'Synthetic scenes' }).click()
  const models = page.getByRole('list', { name: 'Models' })
  await models
    .getByRole('checkbox', { name: /^Scenes/ })
    .first()
    .check()
  await page.getByRole('textbox', { name: 'Images', exact: true }).fill('300')
  await page.getByRole('textbox', { name: 'Images', exact: true }).blur()
  await page.getByRole('checkbox', { name: 'Bootstrap band' }).check()
  await expect(page.locator('pre.cmd')).toContainText('--source hidden --dataset syntheticScenes')
  await page.getByRole('button', { name: 'Measure 2 spectra' }).click()
  await expect(page.getByRole('button', { name: 'All measured' })).toBeVisible({ timeout: 120_000 })
  expect(readdirSync(join(host.home, 'archive', 'probes', 'spectra'))).toHaveLength(2)

  // Twenty ranks do not reach the paper's window of 11 to 500: the page starts with one that the layer can carry.
  const window = page.getByTestId('window dataset')
  await expect(window).toHaveText('2 to 15')
  const first = page.getByRole('slider', { name: 'First rank of the fit, Synthetic scenes' })
  const last = page.getByRole('slider', { name: 'Last rank of the fit, Synthetic scenes' })
  for (let rank = 15; rank < UNITS; rank++) await last.press('ArrowRight')
  for (let rank = 2; rank < 11; rank++) await first.press('ArrowRight')
  await expect(window).toHaveText(`11 to ${UNITS}`)
  const slope = page.getByTestId(/^slope dataset r-/)
  await expect(slope).toHaveText(/^−\d\.\d+ −\d\.\d+ to −\d\.\d+$|^−\d\.\d+ ± \d\.\d+$/)
  const before = await slope.textContent()
  const [from, to] = [await first.boundingBox(), await last.boundingBox()]
  if (from === null || to === null) throw new Error('the handles have no place')
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
  await page.mouse.down()
  await page.mouse.move(from.x - (to.x - from.x), from.y + from.height / 2, { steps: 5 })
  await page.mouse.up()
  await expect(window).not.toHaveText(`11 to ${UNITS}`)
  // Equal steps on the logarithmic axis: as far below 11 as 20 is above.
  expect(Number(await first.getAttribute('aria-valuenow'))).toBeCloseTo(11 ** 2 / UNITS, -0.5)
  await expect(slope).not.toHaveText(before ?? '')
  await last.press('ArrowLeft')
  await expect(window).toHaveText(/ to 19$/)

  await page
    .getByRole('group', { name: /^Exponent over all windows/ })
    .locator('[data-window="2 20"]')
    .click()
  await expect(window).toHaveText(`2 to ${UNITS}`)
  await page.mouse.move(0, 0)
  const mapped = await page.getByTestId('map-slope').textContent()
  await expect(page.getByRole('row', { name: /^Scenes/ }).getByTestId(/^slope dataset/)).toContainText(
    (mapped ?? 'nothing').slice(0, 4),
  )
  await page.getByRole('button', { name: 'Bootstrap', exact: true }).click()
  await expect(page.getByRole('columnheader', { name: /95 %/ }).first()).toBeVisible()
})

test('what is no number of images is marked and not taken, and a model for other images says so', async ({ page }) => {
  await page.goto(`${host.url}#/spectra`)
  const small = page.getByRole('listitem').filter({ hasText: 'small images' })
  await expect(small).toContainText('incompatible')
  await expect(small.getByRole('checkbox')).toBeDisabled()
  await expect(small.locator('label')).toHaveAttribute('title', 'has 27 inputs, but the images have 3072')
  const images = page.getByRole('textbox', { name: 'Images', exact: true })
  await images.fill('1')
  await images.blur()
  await expect(images).toHaveAttribute('aria-invalid', 'true')
  await expect(images).toHaveValue('1')
  await expect(page.locator('.in.bad')).toHaveAttribute(
    'title',
    'Must be a whole number from 2 to 60000; leave empty for all test images.',
  )
  await images.fill('')
  await images.blur()
  await expect(images).not.toHaveAttribute('aria-invalid', 'true')
})
