import type { Page } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, runLab, test } from './fixture.js'
import { startHost, temporaryHome, type TestHost } from './host.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const { home, remove } = temporaryHome()
let host: TestHost
const SMALL = ['dataset.imageLimit=300', 'schedule.epochs=3', 'probes.spectrumImages=100', 'probes.windowEnd=9']
const settings = (...more: string[]): string[] => [...SMALL, ...more].flatMap((setting) => ['--set', setting])
const lab = (...words: string[]): string =>
  execFileSync(process.execPath, ['cli/lab.mjs', ...words], {
    cwd: PROJECT,
    env: { ...process.env, LOCALLEARNING_HOME: home },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })

test.beforeAll(async () => {
  test.setTimeout(240_000)
  // Real runs: three seeds of two sizes of perceptrons, one of them attacked, and a layer of each of two sizes.
  for (const units of [10, 30])
    runLab(home, [
      'run',
      'quick-classifier',
      '--seeds',
      '3',
      ...settings(`model.hiddenUnits=${units}`, `name=P${units}`),
    ])
  for (const units of [12, 20])
    runLab(home, [
      'run',
      'quick-look',
      ...settings(`layer.hiddenUnits=${units}`, `name=L${units}`, 'probes.windowStart=2'),
    ])
  const attacked = lab('list', '--where', 'P10', '--columns', 'id', '--csv').trim().split(/\s+/).slice(1)
  const models = attacked.flatMap((id) => ['--model', `P10=${id}`])
  runLab(home, [
    ...['robustness', ...models, '--dataset', 'syntheticScenes', '--images', '20', '--attack', 'fgsm'],
    ...['--grid', '0.0005:0.1:10', '--resamples', '0'],
  ])
  host = await startHost(home)
})
test.afterAll(async () => {
  await host.kill()
  remove()
})

const pane = (page: Page, name: string | RegExp) => page.getByRole('region', { name })
const rows = (page: Page) => page.locator('.body tbody tr[aria-rowindex]')

/** From the table of runs: both groups of perceptrons, and C. */
async function compareGroups(page: Page): Promise<void> {
  await page.goto(`${host.url}#/runs?group=specification&query=kind%20%3D%20classifier`)
  await expect(rows(page)).toHaveCount(2)
  await page.getByRole('group', { name: /Table of runs/ }).focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('c')
  await expect(page).toHaveURL(/#\/compare\?ids=[^;]+;[^;]+$/)
  await expect(page.getByRole('heading', { name: 'Compare' })).toBeVisible()
}

test('groups of the table of runs are compared: what differs, means, paired differences', async ({ page }) => {
  await compareGroups(page)
  await expect(page.locator('.groups .name')).toHaveText(['hidden units 30', 'hidden units 10'])
  await expect(pane(page, 'Settings that differ').first().locator('tbody tr')).toHaveText([/hidden units\s*30\s*10/])
  const differences = pane(page, 'Difference to hidden units 30').first()
  await expect(differences.locator('circle.seed').first()).toBeVisible()
  await expect(differences).toContainText('Holm')
  await page.getByRole('radio', { name: 'Signed ranks' }).or(page.getByText('Signed ranks')).first().click()
  await expect(differences).toContainText('not enough seeds')
  await expect(page).toHaveURL(/test=signedRank/)
  // The other group as the baseline turns the signs round, also when the link is opened again.
  await page.getByRole('button', { name: 'Make hidden units 10 the baseline' }).click()
  await expect(pane(page, 'Difference to hidden units 10').first()).toBeVisible()
  await expect(page).toHaveURL(/baseline=r-/)
  const { hash } = new URL(page.url())
  await page.goto('about:blank')
  await page.goto(`${host.url}${hash}`)
  await expect(pane(page, 'Difference to hidden units 10').first()).toContainText('not enough seeds')
})

test('the terminal prints the numbers of the page, beside the open window', async ({ page }) => {
  await compareGroups(page)
  const json = JSON.parse(lab('compare', '--where', 'kind = classifier', '--json')) as {
    groups: { name: string }[]
    measures: { name: string; cells: { mean: number }[]; differences: { mean: number | null; p: number | null }[] }[]
  }
  expect(json.groups.map(({ name }) => name)).toEqual(['hidden units 30', 'hidden units 10'])
  const [accuracy] = json.measures
  expect(accuracy?.name).toBe('accuracy')
  const shown = await page.locator('.groups .value').allTextContents()
  for (const [place, text] of shown.entries()) {
    const mean = Number(/^\s*([\d.]+)/.exec(text)?.[1])
    const decimals = (/^\s*\d+\.(\d+)/.exec(text)?.[1] ?? '').length
    expect(accuracy?.cells[place]?.mean.toFixed(decimals)).toBe(mean.toFixed(decimals))
  }
  const csv = lab('compare', '--where', 'kind = classifier', '--csv')
  expect(csv).toContain(String(accuracy?.differences[1]?.p))
})

test('stored spectra and attacks are drawn, and what is missing leads to its page', async ({ page }) => {
  await compareGroups(page)
  const spectra = pane(page, 'Spectra and fits').first()
  await expect(spectra.locator('table tbody tr')).toHaveCount(2)
  await expect(spectra).toContainText('window')
  const robustness = pane(page, 'Robustness').first()
  await expect(robustness.locator('table tbody tr')).toHaveCount(1)
  await expect(robustness).toContainText('Not attacked: hidden units 30.')
  await robustness.getByText('Norms', { exact: true }).click()
  await expect(page).toHaveURL(/robustness=norms/)
  await robustness.getByRole('link', { name: 'Attack' }).click()
  await expect(page).toHaveURL(/#\/robustness\/new/)
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(3)
})

test('tables are copied as Markdown, LaTeX and CSV', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await compareGroups(page)
  const copied = async (place: number, name: RegExp): Promise<string> => {
    await page.getByRole('button', { name: /Copy as table|Copied/ }).click()
    await page.getByRole('menuitem', { name }).nth(place).click()
    return page.evaluate(() => navigator.clipboard.readText())
  }
  expect(await copied(0, /Markdown/)).toContain(
    '| Measure | Group | Difference | Seeds | p (paired t, Holm) | Effect |',
  )
  expect(await copied(1, /LaTeX/)).toContain('\\toprule')
  expect(await copied(0, /CSV/)).toMatch(/^measure,unit,group,n,mean/)
})

test('receptive fields of two layers are matched one to one', async ({ page }) => {
  await page.goto(`${host.url}#/runs?query=kind%20%3D%20localLearning`)
  await expect(rows(page)).toHaveCount(2)
  await page.getByRole('group', { name: /Table of runs/ }).focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('c')
  const fields = pane(page, 'Matched receptive fields').first()
  await expect(fields).toContainText('12 pairs, one to one')
  await expect(fields).toContainText('8 units of A without a partner')
  const cosines = (await fields.locator('.pairs small').allTextContents()).map(Number)
  expect(cosines.length).toBeGreaterThan(3)
  expect(cosines).toEqual([...cosines].sort((a, b) => b - a))
  await expect(pane(page, 'Robustness').first()).toContainText('Layers have no classes')
})

test('a run that is deleted by hand is named, and nothing to compare leads to the table', async ({ page }) => {
  await page.goto(
    `${host.url}#/compare?ids=r-0badbad0,${lab('list', '--where', 'P10', '--columns', 'id', '--csv').trim().split(/\s+/)[1] ?? ''}`,
  )
  await expect(pane(page, 'Groups').first()).toContainText('r-0badbad0')
  await page.goto(`${host.url}#/compare`)
  await page.getByRole('region', { name: 'Comparison' }).getByRole('link', { name: 'Table of runs' }).click()
  await expect(page).toHaveURL(/#\/runs/)
})
