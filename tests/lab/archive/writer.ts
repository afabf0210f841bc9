import { openArchive } from '../../../lab/archive/index.js'

const [folder = '', id = ''] = process.argv.slice(2)
const archive = await openArchive(folder)
for (let step = 1; ; step++) {
  await archive.appendMetrics(id, [{ epoch: step, step, name: 'learningRate', value: step / 10, wall: step }])
  if (step % 3 === 0)
    await archive.writeCheckpoint(
      id,
      {
        epoch: step,
        step,
        tensors: { weights: { data: new Float32Array(500).fill(step), shape: [10, 50] } },
        state: { step },
      },
      2,
    )
  if (step % 5 === 0)
    await archive.writeArray(id, { name: 'norms', epoch: step, shape: [200], data: new Float32Array(200).fill(step) })
  await archive.update(id, { step })
  process.stdout.write(`${step}\n`)
}
