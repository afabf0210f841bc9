import { chromium } from 'playwright'
import { readFileSync } from 'node:fs'
const AXE = readFileSync('/work/wt/cmp/node_modules/axe-core/axe.min.js','utf8')
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args:['--no-sandbox'] })
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
await page.goto(process.argv[2]); await page.waitForTimeout(3500)
await page.evaluate(AXE)
console.log(JSON.stringify(await page.evaluate(async()=> (await axe.run()).violations.map(v=>[v.id, v.help, v.nodes.slice(0,4).map(n=>n.html.slice(0,160)+' '+n.failureSummary.slice(0,200))])),null,1))
await browser.close()
