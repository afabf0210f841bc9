import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, hostOfFile, runLab, test } from './fixture.js'

const host = hostOfFile('trained')

test('a sweep is filled in, runs, and shows its curve, its images and the card of its model', async ({ page }) => {
  await page.goto(`${host.url}#/robustness`)
  await expect(page.getByText('No sweeps yet. A sweep attacks')).toBeVisible()
  await page.getByRole('link', { name: 'New sweep' }).last().click()
  await page.getByLabel('Dataset').last().click()
  await page.getByRole('option', { name: 'Synthetic scenes' }).click()
  await page.getByRole('combobox', { name: 'Attack' }).click()
  await page.getByRole('option', { name: /^FGSM/ }).click()
  await page.getByRole('textbox', { name: 'Images', exact: true }).fill('20')
  await page.getByRole('textbox', { name: 'Smallest perturbation' }).fill('1e-4')
  await page.getByRole('textbox', { name: 'Number of ε values', exact: true }).fill('12')
  await page.getByRole('button', { name: 'Start sweep' }).click()
  await expect(page.getByText('Select at least one model.')).toBeVisible()
  await page.getByRole('checkbox', { disabled: false }).first().check()
  await expect(page.locator('pre')).toContainText('--attack fgsm')
  await page.getByRole('button', { name: 'Start sweep' }).click()
  await expect(page).toHaveURL(/#\/robustness\/a-[0-9a-f]{8}$/)
  const sweep = page.url().slice(-10)

  await expect(page.getByText('20 images', { exact: true })).toBeVisible({ timeout: 120_000 })
  await expect(page.getByRole('group', { name: /Relative accuracy: Scenes falls to one half/ }).first()).toBeVisible()
  await expect(page.getByRole('img', { name: /^Image \d+, attacked/ }).first()).toBeVisible({ timeout: 60_000 })
  await page.getByRole('slider', { name: 'ε shown in the gallery' }).first().press('ArrowRight')
  await page
    .getByRole('radio', { name: 'Critical ε' })
    .or(page.getByRole('button', { name: 'Critical ε' }))
    .click()
  await expect(
    page
      .getByText('FGSM, critical ε')
      .or(page.getByText(/^FGSM, ε = /))
      .first(),
  ).toBeVisible()
  expect(readdirSync(join(host.home, 'archive', 'probes', 'robustness'))).toContain(sweep)

  await page.getByRole('link', { name: 'Scenes', exact: true }).click()
  await expect(page.getByRole('list', { name: 'Gradient-masking checks' }).getByRole('listitem')).toHaveCount(5, {
    timeout: 180_000,
  })
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export JSON' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('robustness card Scenes.json')
})

test('the menu of a chart saves its numbers and opens Figure 1 of the newest sweeps, which the studio exports', async ({
  page,
}) => {
  await host.stop()
  // The sweep of the test above, and two more of its model.
  const sweeps = join(host.home, 'archive', 'probes', 'robustness')
  const { request } = JSON.parse(readFileSync(join(sweeps, readdirSync(sweeps)[0] ?? '', 'sweep.json'), 'utf8')) as {
    request: { models: [{ model: string }] }
  }
  const run = request.models[0].model
  for (const attack of [['random'], ['pgd', '--steps', '2']])
    runLab(host.home, [
      'robustness',
      '--model',
      `Scenes=${run}`,
      '--dataset',
      'syntheticScenes',
      '--images',
      '20',
      '--grid',
      '1e-3:0.3:8',
      '--attack',
      ...attack,
    ])
  await host.start()
  await page.goto(`${host.url}#/robustness`)
  const chart = page.getByRole('group', { name: /^Relative accuracy: Scenes/ }).last()
  await chart.focus()
  await chart.press('.')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Save as CSV' }).press('Enter'),
  ])
  const numbers = readFileSync(await download.path(), 'utf8').split('\r\n')
  expect(numbers[0]).toBe(
    'Model,Perturbation size (normalised pixels),Relative accuracy (fraction),Lower (fraction),Upper (fraction)',
  )
  expect(numbers).toHaveLength(1 + 8 + 1)
  await chart.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Open as figure' }).click()
  await expect(page).toHaveURL(/figure=1/)
  await expect(page.getByTestId('figure')).toBeVisible({ timeout: 60_000 })
  await expect(
    page.getByRole('list', { name: 'Results of the archive' }).getByRole('checkbox', { checked: true }),
  ).toHaveCount(3)
  await page.getByRole('button', { name: 'Export 2 files' }).click()
  await expect(page.getByRole('list', { name: 'Written files' })).toContainText(
    /Figure1-AdversarialResults-[\w.-]+\.eps/,
  )
  const figures = join(host.home, 'archive', 'figures')
  const [written = ''] = readdirSync(figures).filter((name) =>
    /^Figure1-AdversarialResults-.*\.provenance\.json$/.test(name),
  )
  const provenance = JSON.parse(readFileSync(join(figures, written), 'utf8')) as {
    runs: string[]
    results: { id: string }[]
  }
  expect(provenance.runs).toEqual([run])
  expect(provenance.results.map(({ id }) => id).sort()).toEqual(readdirSync(sweeps).sort())
})
