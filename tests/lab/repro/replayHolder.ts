import { openTestLab } from '../lab/harness.js'
import { makeTiny } from './harness.js'

// A program of its own whose replay a test kills, or lets finish: prints the key of every step, and ends when the replay does.
const [home = '', seed = '1'] = process.argv.slice(2)
const lab = await openTestLab(home, { changeReplay: makeTiny })
const ended = new Promise<void>((resolve) => {
  let step = ''
  lab.listen('replay.changed', ({ record }) => {
    const now = record.progress?.label ?? ''
    if (now !== step) process.stdout.write(`${now}\n`)
    step = now
    if (record.state !== 'running') resolve()
  })
})
await lab.call('replay.start', { scale: 'smoke', seed: Number(seed) })
await ended
await lab.close()
