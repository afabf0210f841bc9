import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunRecord } from '../../contract/index.js'

const NAMES = ['loss', 'testAccuracy', 'trainAccuracy'] as const
const LINES_AT_ONCE = 10_000

/** Gives a run of a made archive measures of many epochs, as a run of weeks has them. */
export function lengthen(folder: string, id: string, epochs: number): void {
  const run = join(folder, 'runs', id)
  const record = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as RunRecord
  writeFileSync(join(run, 'run.json'), JSON.stringify({ ...record, epoch: epochs, epochs }, null, 2))
  writeFileSync(join(run, 'metrics.jsonl'), '')
  for (let from = 1; from <= epochs; from += LINES_AT_ONCE) {
    const lines: string[] = []
    for (let epoch = from; epoch < Math.min(from + LINES_AT_ONCE, epochs + 1); epoch++)
      for (const name of NAMES)
        lines.push(
          JSON.stringify({ step: epoch, epoch, name, value: Math.sin(epoch / 1000) + 1, wall: 1.8e12 + epoch }),
        )
    appendFileSync(join(run, 'metrics.jsonl'), `${lines.join('\n')}\n`)
  }
}
