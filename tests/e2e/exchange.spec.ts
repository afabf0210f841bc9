import { unzipSync } from 'fflate'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { makeArchive } from '../../bench/library/makeArchive.js'
import { violations } from './axe.js'
import { expect, test } from './fixture.js'
import { startHost, temporaryHome, type TestHost } from './host.js'

const FILES = fileURLToPath(new URL('../interchange/files', import.meta.url))
const { home, remove } = temporaryHome()
let host: TestHost
test.beforeAll(async () => {
  await makeArchive(join(home, 'archive'), { runs: 5 })
  host = await startHost(home)
})
test.afterAll(async () => {
  await host.kill()
  remove()
})

const open = async (page: Page, search = ''): Promise<void> => {
  await page.goto(`${host.url}#/runs${search}`)
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeEnabled()
}

test('runs of other programs are imported, shown with their curves, and imported once', async ({ page }) => {
  await open(page)
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Import runs' })
  await dialog.getByLabel('A file or folder on the computer').fill(FILES)
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(dialog.getByRole('listitem')).toHaveCount(3)
  await expect(dialog.getByRole('listitem').last()).toContainText('first run: imported, 708 values')
  await dialog.getByLabel('Files of runs').setInputFiles([
    join(FILES, 'wandb', 'run-first.wandb'),
    join(FILES, 'expected.json'),
  ]) // prettier-ignore
  await expect(dialog.getByRole('listitem').first()).toContainText('first run: imported before')
  await expect(dialog.getByRole('listitem').last()).toContainText('expected.json: refused')
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('link', { name: 'first run' }).click()
  await expect(page.getByRole('heading', { name: 'first run' })).toBeVisible()
  await expect(page.getByText('Imported, read-only')).toBeVisible()
  await expect(page.getByText('two words')).toBeVisible()
  await expect(page.locator('.charts canvas').first()).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.getByLabel('Search measures').fill('loss')
  await expect(page.locator('.charts canvas')).toHaveCount(1)
  await page.goto(`${host.url}#/runs?query=${encodeURIComponent('kind = imported')}&columns=loss,lr,source`)
  await expect(page.locator('.hits')).toHaveText(/^3 of 8 runs/)
  await page.getByText('first run', { exact: true }).click()
  await expect(page.getByRole('link', { name: 'Open' })).toHaveAttribute('href', /#\/runs\/i-[0-9a-f]{8}$/)
  await expect(page.getByRole('button', { name: 'Rerun' })).toHaveCount(0)
})

const saved = async (page: Page, name: RegExp): Promise<Buffer> => {
  const file = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByRole('menuitem', { name }).click()
  return readFile(await (await file).path())
}

test('selected runs, or all of the table, are saved in every form', async ({ page }) => {
  await open(page, `?group=&query=${encodeURIComponent('not kind = imported')}`)
  await expect(page.locator('.hits')).toHaveText(/^5 /)
  const table = (await saved(page, /Table of runs.*CSV/)).toString()
  expect(table.trimEnd().split('\r\n')).toHaveLength(6)
  expect((await saved(page, /Table of runs.*Parquet/)).subarray(0, 4).toString()).toBe('PAR1')
  await page.locator('.body tbody tr[aria-rowindex]').first().click()
  const long = (await saved(page, /Measures, long.*CSV/)).toString().trimEnd().split('\r\n')
  expect(long[0]).toBe('run,name,measure,step,epoch,value,time')
  expect(new Set(long.slice(1).map((line) => line.split(',')[0])).size).toBe(1)
  const files = unzipSync(new Uint8Array(await saved(page, /TensorBoard events/)))
  expect(Object.keys(files)).toEqual([expect.stringMatching(/^[^/]+-r-[0-9a-f]{8}\/events\.out\.tfevents\./)])
})
