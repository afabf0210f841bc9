// A process that starts a long sweep, prints its id once part of it lies on disk, and waits to be killed.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openTestLab } from './harness.js'
import { sweepRequest } from './probeSetup.js'

const [folder = '', model = ''] = process.argv.slice(2)
const lab = await openTestLab(folder)
const { id } = await lab.call(
  'robustness.run',
  sweepRequest({
    models: [{ model, label: 'A' }],
    attack: {
      kind: 'pgd',
      norm: 'linf',
      target: null,
      steps: 14,
      stepSize: 1e-2,
      stepSizeRatio: 0.1,
      randomStart: false,
    },
    grid: { from: 1e-4, to: 0.1, count: 40, spacing: 'log' },
  }),
)
const timer = setInterval(() => {
  if (!existsSync(join(folder, 'archive/probes/robustness', id, 'progress/b/result.json'))) return
  clearInterval(timer)
  process.stdout.write(`${id}\n`)
}, 20)
