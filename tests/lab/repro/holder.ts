import { replay } from '../../../lab/repro/replay.js'
import { openTestLab } from '../lab/harness.js'
import { listenerOf, makeTiny } from './harness.js'

// A program of its own that a test kills in mid-replay: prints every step that begins, and goes on.
const [home = '', folder = ''] = process.argv.slice(2)
const lab = await openTestLab(home)
await replay(
  lab,
  { stages: ['report'], scale: 'smoke', seed: 1, folder, change: makeTiny },
  listenerOf(lab, (key) => process.stdout.write(`${key}\n`)),
)
await lab.close()
