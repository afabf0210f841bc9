import { expect, type Page } from '@playwright/test'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PNG } from 'pngjs'

/** What a person does with the quick look, the same in a browser and in Electron. */

/** Starts the quick look from the form and comes to its page. */
export async function startQuickLook(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'New' }).first().click()
  await page.getByRole('button', { name: 'Preset', exact: true }).click()
  await page.getByRole('menuitem', { name: /Quick look/ }).click()
  await expect(page.getByLabel('Hidden units')).toHaveValue('100')
  await expect(page.getByText('lab run quick-look')).toBeVisible()
  await page.getByRole('button', { name: 'Start now' }).click()
  await expect(page).toHaveURL(/#\/runs\/r-[0-9a-f]{8}/)
  return /r-[0-9a-f]{8}/.exec(page.url())?.[0] ?? ''
}

export const epochOf = async (page: Page): Promise<number> =>
  Number(/\d+/.exec((await page.getByTestId('epoch').textContent()) ?? '')?.[0] ?? NaN)

/** Waits until the page shows an epoch of at least this number. */
export async function waitForEpoch(page: Page, epoch: number): Promise<void> {
  await expect.poll(() => epochOf(page), { timeout: 120_000 }).toBeGreaterThanOrEqual(epoch)
}

/** The mosaic's canvas as its number of distinct colours: noise and fields have many, an empty canvas one. */
export async function mosaicColours(page: Page): Promise<number> {
  return page
    .locator('.mosaic canvas')
    .first()
    .evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement
      const data =
        (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ??
        new Uint8ClampedArray(0)
      const colours = new Set<number>()
      for (let at = 0; at < data.length; at += 4 * 37)
        colours.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0))
      return colours.size
    })
}

/** Watches a run to its end: the curves move, pause and resume work, the verdict appears in words. */
export async function watchRun(page: Page): Promise<void> {
  await waitForEpoch(page, 2)
  expect(await mosaicColours(page)).toBeGreaterThan(500)
  const first = await page.getByTestId('curve-value').textContent()
  await expect.poll(() => page.getByTestId('curve-value').textContent()).not.toBe(first)
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(page.getByText('Paused', { exact: true }).first()).toBeVisible()
  const paused = await epochOf(page)
  await page.getByRole('button', { name: /^Resume/ }).click()
  await waitForEpoch(page, paused + 2)
  await expect(page.getByTestId('verdict')).toContainText(/norms/, { timeout: 180_000 })
}

/** Prunes by hand with the keyboard, applies, and exports Figure A1; returns the files as they lie in the archive. */
export async function pruneAndExport(page: Page, home: string, run: string): Promise<void> {
  await page.getByRole('link', { name: 'Prune…' }).click()
  await expect(page.getByTestId('removed-count')).toHaveText(/\d+/)
  const handle = page.getByRole('slider', { name: 'Cutoff of the variance' })
  // Without an automatic cutoff the handle waits at the right edge.
  const automatic = (await handle.getAttribute('aria-valuenow')) ?? (await handle.getAttribute('aria-valuemax'))
  await handle.focus()
  for (let press = 0; press < 3; press++) {
    const before = await handle.getAttribute('aria-valuenow')
    await page.keyboard.press('Shift+ArrowLeft')
    await expect(handle).not.toHaveAttribute('aria-valuenow', before ?? '')
  }
  await expect(page.getByText('manual cutoff')).toBeVisible()
  expect(Number(await handle.getAttribute('aria-valuenow'))).toBeCloseTo(Number(automatic) - 0.75, 1)
  await page.getByRole('button', { name: 'Prune', exact: true }).click()
  await expect(page.getByText(/Pruned: \d+ units removed/)).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Make Figure A1' }).click()
  await expect(page.getByTestId('figure')).toBeVisible({ timeout: 120_000 })
  await page.getByLabel('SVG').check()
  await page.getByRole('button', { name: 'Export 3 files' }).click()
  await expect(page.getByRole('list', { name: 'Written files' }).getByRole('listitem')).toHaveCount(3)
  const figures = join(home, 'archive', 'runs', run, 'figures')
  expect(
    readdirSync(figures)
      .filter((name) => /\.(eps|png|svg)$/.test(name))
      .sort(),
  ).toEqual(['FigureA1-FKHL3Spectra.eps', 'FigureA1-FKHL3Spectra.png', 'FigureA1-FKHL3Spectra.svg'])
  expect(readFileSync(join(figures, 'FigureA1-FKHL3Spectra.eps'), 'latin1')).toMatch(
    /^%!PS-Adobe-3\.0 EPSF-3\.0\n%%BoundingBox: 0 0 397 238\n/,
  )
  const png = PNG.sync.read(readFileSync(join(figures, 'FigureA1-FKHL3Spectra.png')))
  expect([png.width, png.height]).toEqual([1650, 990])
}
