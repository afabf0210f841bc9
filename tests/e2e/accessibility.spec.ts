import type { Page } from '@playwright/test'
import { EXAMPLE_ADDRESSES } from '../../renderer/pages/index.js'
import { violations } from './axe.js'
import { expect, hostOfFile, test } from './fixture.js'

const host = hostOfFile('trained')

/** Every page of the rail and the forms below them; runs and sweeps of the archive are added by their ids. */
const PAGES = EXAMPLE_ADDRESSES
const RUN_TABS = ['live', 'units', 'spectrum', 'checkpoints', 'specification', 'files', 'command'] as const

async function open(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => (window.location.hash = to), `#${path}`)
  await page.waitForTimeout(700)
}

for (const theme of ['light', 'dark'] as const) {
  test(`every page can be used by everybody, in the ${theme} theme`, async ({ page }) => {
    test.setTimeout(240_000)
    await page.emulateMedia({ colorScheme: theme })
    await page.goto(`${host.url}#/runs`)
    await page.locator('tbody tr[aria-rowindex]').first().dblclick()
    await page.waitForTimeout(300)
    // Two seeds are a group, whose row opens.
    if (!page.url().includes('/runs/r-')) await page.locator('tbody tr[aria-rowindex]').nth(1).dblclick()
    await page.waitForURL(/\/runs\/r-/)
    const run = /\/runs\/(r-[0-9a-f]{8})/.exec(page.url())?.[1] ?? ''
    const found: Record<string, string[]> = {}
    for (const path of [...PAGES, ...RUN_TABS.map((tab) => `/runs/${run}/${tab}`)]) {
      await open(page, path)
      const own = await violations(page)
      if (own.length > 0) found[path] = own
      expect(await page.locator('h1').count(), `headings of ${path}`).toBe(1)
    }
    expect(found).toEqual({})
  })
}

for (const [width, height] of [
  [1440, 900],
  [1024, 700],
] as const) {
  test(`no title of a pane is cut at ${width} x ${height}, and panes end where their columns end`, async ({ page }) => {
    test.setTimeout(120_000)
    await page.setViewportSize({ width, height })
    await page.goto(host.url)
    const run =
      /r-[0-9a-f]{8}/.exec((await page.locator('a[href*="#/runs/r-"]').first().getAttribute('href')) ?? '')?.[0] ?? ''
    for (const path of [...PAGES, ...RUN_TABS.map((tab) => `/runs/${run}/${tab}`)]) {
      await open(page, path)
      // Half as long again, as in a pane with more read-outs.
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll('.pane-head :is(h2, h3)')]
          .map((title) => {
            title.append(' and more')
            return title
          })
          .filter(
            (title) =>
              title.scrollWidth > title.clientWidth ||
              title.getBoundingClientRect().right >
                (title.closest('.pane, section, aside') ?? document.body).getBoundingClientRect().right,
          )
          .map((title) => title.textContent),
      )
      expect(cut, path).toEqual([])
    }
    await open(page, '/data/syntheticScenes')
    const margins = await page.locator('.grid canvas').evaluate((canvas) => {
      const [own, around] = [canvas.getBoundingClientRect(), canvas.parentElement!.getBoundingClientRect()]
      return [own.left - around.left, around.right - own.right]
    })
    for (const margin of margins) expect(Math.abs(margin)).toBeLessThan(1)
  })
}

for (const [width, height] of [
  [1024, 700],
  [960, 600],
] as const) {
  test(`nothing is cut off out of reach at ${width} x ${height}`, async ({ page }) => {
    test.setTimeout(120_000)
    await page.setViewportSize({ width, height })
    await page.goto(host.url)
    for (const path of PAGES) {
      await open(page, path)
      const lost = await page.evaluate(() => {
        const reachable = (element: Element): boolean => {
          const whole = element.getBoundingClientRect()
          // A few pixels of a handle may lie under its neighbour.
          const box = {
            width: whole.width,
            height: whole.height,
            left: whole.left + 5,
            right: whole.right - 5,
            top: whole.top + 5,
            bottom: whole.bottom - 5,
          }
          if (
            box.width === 0 ||
            box.height === 0 ||
            element.closest('.visually-hidden, [aria-hidden="true"], .skip') !== null
          )
            return true
          for (let outer = element.parentElement; outer !== null; outer = outer.parentElement) {
            const { overflowX, overflowY } = getComputedStyle(outer)
            const frame = outer.getBoundingClientRect()
            if (overflowX === 'hidden' && (box.left < frame.left - 1 || box.right > frame.right + 1)) return false
            if (overflowY === 'hidden' && (box.top < frame.top - 1 || box.bottom > frame.bottom + 1)) return false
            if (overflowX !== 'visible' && overflowX !== 'hidden') return true
            if (overflowY !== 'visible' && overflowY !== 'hidden') return true
          }
          return box.right <= window.innerWidth + 1 && box.bottom <= window.innerHeight + 1
        }
        return [...document.querySelectorAll('main :is(button, input, select, [role="combobox"])')]
          .filter((element) => !reachable(element))
          .map(
            (element) =>
              `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40) ?? ''}`,
          )
      })
      expect(lost, path).toEqual([])
    }
  })
}
