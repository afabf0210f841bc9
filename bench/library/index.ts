import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { PROJECT_FOLDER } from '../../cli/folders.js'
import { chromiumOptions } from '../../tests/e2e/browser.js'
import { startHost, temporaryHome, type TestHost } from '../../tests/e2e/host.js'
import { median } from '../measure.js'
import { lengthen } from './longRun.js'
import { makeArchive } from './makeArchive.js'

/** A measured figure beside what it should be at most. */
export interface LibraryFigure {
  what: string
  value: number
  unit: 'ms' | 'MB' | 'MB/h' | 'frames'
  /** Null for a figure that is only stated. */
  atMost: number | null
}

/** How much is measured. */
export interface LibrarySizes {
  runs: number
  rounds: number
  /** How long a page is left open to see whether the host grows. */
  minutes: number
}
export const FULL_LIBRARY: LibrarySizes = { runs: 10_000, rounds: 5, minutes: 6 }
export const QUICK_LIBRARY: LibrarySizes = { runs: 500, rounds: 2, minutes: 0 }

/** With those that the program knows, 200 columns. */
const MORE_MEASURES = 70
/** After this time the host has read what is new. */
const SETTLED_MS = 15_000
const LONG_RUN_EPOCHS = 100_000
const QUERIES = [
  'accuracy > .5',
  'accuracy > .5 and tag:paper',
  'hiddenUnits = 2000',
  'min(loss) < 0.4 or measure3 > 0.5',
  'created > 2026-09-25 and not state = failed',
]

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) / 1024

async function openPage(browser: Browser, host: TestHost, address = '#/runs'): Promise<{ page: Page; tookMs: number }> {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  const begunMs = performance.now()
  await page.goto(`${host.url}${address}`)
  await page.locator('.body tbody tr[aria-rowindex]').first().waitFor()
  return { page, tookMs: performance.now() - begunMs }
}

const hits = (page: Page): Promise<string> => page.locator('.hits').innerText()
/** Milliseconds that the last answer took, as the page says it. */
const answeredMs = async (page: Page): Promise<number> => Number(/(\d+) ms/.exec(await hits(page))?.[1] ?? NaN)

/** The median over queries and orders of the time from the request to the answer. */
async function queryTimes(page: Page): Promise<{ queryMs: number; sortMs: number }> {
  const query = page.getByRole('combobox', { name: 'Query' })
  const asked: number[] = []
  for (const text of QUERIES) {
    const before = await hits(page)
    await query.fill(text)
    const untilMs = performance.now() + 10_000
    while ((await hits(page)) === before && performance.now() < untilMs) await page.waitForTimeout(20)
    asked.push(await answeredMs(page))
  }
  await query.fill('')
  await page.waitForTimeout(1000)
  const sorted: number[] = []
  for (const head of ['Accuracy', 'α', 'Took', 'Accuracy']) {
    await page.getByRole('button', { name: head, exact: true }).click()
    await page.waitForTimeout(800)
    sorted.push(await answeredMs(page))
  }
  return { queryMs: median(asked), sortMs: median(sorted) }
}

/** Runs in the page, as text: a compiled function would bring helpers along that the page has not. */
const SCROLL = `new Promise((resolve) => {
  const body = document.querySelector('.scroll.body')
  const frames = []
  let last = performance.now()
  const step = () => {
    const now = performance.now()
    frames.push(now - last)
    last = now
    body.scrollBy(0, 100)
    if (frames.length < 400) requestAnimationFrame(step)
    else resolve(frames.slice(1))
  }
  requestAnimationFrame(step)
})`

/** Frames of a scroll through the table: the longest, and how many took more than 50 ms. */
async function scrollFrames(page: Page): Promise<{ longestMs: number; slow: number }> {
  const frames = await page.evaluate<number[]>(SCROLL)
  return { longestMs: Math.max(...frames), slow: frames.filter((frameMs) => frameMs > 50).length }
}

/** Growth of the host's memory with a page open, over the second half of the time. */
async function growth(page: Page, { pid }: TestHost, minutes: number): Promise<number> {
  const half = minutes * 30_000
  await page.waitForTimeout(half)
  const before = residentMb(pid)
  await page.waitForTimeout(half)
  return ((residentMb(pid) - before) * 3_600_000) / half
}

function listTimes(archive: string, rounds: number): number {
  const times = Array.from({ length: rounds + 1 }, () => {
    const begunMs = performance.now()
    execFileSync(
      process.execPath,
      ['cli/lab.mjs', 'list', '--archive', archive, '--where', QUERIES[1] ?? '', '--limit', '20'],
      { cwd: PROJECT_FOLDER, stdio: 'ignore' },
    )
    return performance.now() - begunMs
  })
  // The first one fills the caches.
  return median(times.slice(1))
}

/** Makes an archive and measures the library on it: the page, the command, the memory. */
export async function measureLibrary(
  { runs, rounds, minutes }: LibrarySizes,
  measured: (figure: LibraryFigure) => void,
): Promise<LibraryFigure[]> {
  const { home, remove } = temporaryHome()
  const archive = join(home, 'archive')
  const { ids } = await makeArchive(archive, { runs, epochs: 3, moreMeasures: MORE_MEASURES })
  const long = ids.at(-2) ?? ''
  lengthen(archive, long, LONG_RUN_EPOCHS)
  const browser = await chromium.launch(chromiumOptions())
  const figures: LibraryFigure[] = []
  const state = (what: string, value: number, unit: LibraryFigure['unit'], atMost: number | null = null): void => {
    figures.push({ what, value, unit, atMost })
    measured({ what, value, unit, atMost })
  }
  let host = await startHost(home)
  try {
    state('page, cold', (await openPage(browser, host)).tookMs, 'ms', 3000)
    await host.stop()
    state('lab list --where, warm', listTimes(archive, rounds), 'ms', 1000)
    host = await startHost(home)
    const first = await openPage(browser, host)
    state('page, first after a restart', first.tookMs, 'ms', 3000)
    // Curves that are new are read in the background, which is no part of a warm start.
    await first.page.waitForTimeout(SETTLED_MS)
    await first.page.locator('.reading').waitFor({ state: 'detached' })
    await first.page.context().close()
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const { page, tookMs } = await openPage(browser, host)
      times.push(tookMs)
      await page.context().close()
    }
    state('page, warm', median(times), 'ms', 500)
    const { page } = await openPage(browser, host)
    await page.locator('.reading').waitFor({ state: 'detached' })
    const { queryMs, sortMs } = await queryTimes(page)
    state('query', queryMs, 'ms', 50)
    state('sort', sortMs, 'ms', 50)
    await page.getByLabel('Group by').selectOption({ label: 'None' })
    await page.waitForTimeout(1000)
    const frames = await scrollFrames(page)
    state('scrolling, longest frame', frames.longestMs, 'ms', 50)
    state('scrolling, frames over 50 ms', frames.slow, 'frames', 0)
    state('memory of the host', residentMb(host.pid), 'MB')
    const heapBytes = await page.evaluate(
      () => (performance as unknown as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? NaN,
    )
    state('memory of the page', heapBytes / 1e6, 'MB')
    if (minutes > 0) state('growth of the host', await growth(page, host, minutes), 'MB/h', 20)
    const begunMs = performance.now()
    await page.goto(`${host.url}#/runs/${long}`)
    await page.locator('[data-testid="epoch"]').waitFor()
    await page.locator('svg path[d]').nth(8).waitFor({ state: 'attached' })
    state('run of 100,000 epochs', performance.now() - begunMs, 'ms', 1000)
  } finally {
    await browser.close()
    await host.stop()
    remove()
  }
  return figures
}

const DIGITS = { ms: 0, MB: 0, 'MB/h': 1, frames: 0 } as const satisfies Record<LibraryFigure['unit'], number>

/** A figure as a line of the report. */
export const figureLine = ({ what, value, unit, atMost }: LibraryFigure): string =>
  `${what.padEnd(32)}${`${value.toFixed(DIGITS[unit])} ${unit}`.padStart(14)}${atMost === null ? '' : `   at most ${atMost} ${unit}${value <= atMost ? '' : '  MISSED'}`}`
