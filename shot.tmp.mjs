import { chromium } from 'playwright'
const [url, out, theme='light', width='1440', height='900', ...acts] = process.argv.slice(2)
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args:['--no-sandbox'] })
const page = await browser.newPage({ viewport: { width: +width, height: +height }, colorScheme: theme })
page.on('console', m => { if (['error','warning'].includes(m.type())) console.log(m.type(), m.text().slice(0,300)) })
page.on('pageerror', e => console.log('PAGEERROR', e.message))
await page.goto(url); await page.waitForTimeout(3000)
for (const act of acts) { await page.evaluate(act); await page.waitForTimeout(1200) }
await page.screenshot({ path: out })
await browser.close()
