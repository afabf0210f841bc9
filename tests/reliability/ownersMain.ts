// `npm run reliability:owners [-- --starts 1000]`: simultaneous starts of two to four programs over one archive.
import { parseArgs } from 'node:util'
import { measureOwners } from './owners.js'

const { values } = parseArgs({ options: { starts: { type: 'string', default: '1000' } } })
const report = await measureOwners(Number(values.starts))
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
if (report.doubles > 0 || report.none > 0) process.exitCode = 1
