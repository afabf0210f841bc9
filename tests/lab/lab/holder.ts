import { openTestLab, reachEpoch, smallExperiment } from './harness.js'

// A program of its own that a test kills in mid-run: submits, prints its run on standard output, and learns on.
const [folder = '', epoch = '1', epochs = '400'] = process.argv.slice(2)
const lab = await openTestLab(folder)
const { id } = await lab.call('run.submit', { spec: smallExperiment({ epochs: Number(epochs) }) })
await reachEpoch(lab, id, Number(epoch))
process.stdout.write(`${id}\n`)
setInterval(() => undefined, 1000)
