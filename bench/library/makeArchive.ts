import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { METRICS, type ExperimentSpec, type RunRecord } from '../../contract/index.js'
import { randomStream } from '../../engine/random/index.js'
import { newRecord } from '../../lab/archive/records.js'
import { readPresets } from '../../lab/presets.js'
import { PROJECT_FOLDER } from '../../cli/folders.js'

/** An archive of runs that never computed: what lists, queries and edits are measured on. */
export interface MadeArchive {
  folder: string
  ids: string[]
}

const hex = (value: number): string => value.toString(16).padStart(8, '0')

/** The specification of a run: presets, with some settings that vary. */
function specOf(presets: readonly ExperimentSpec[], index: number): ExperimentSpec {
  const spec = structuredClone(presets[Math.floor(index / 5) % presets.length] as ExperimentSpec)
  spec.seed = index % 5
  spec.name = `${spec.name} ${Math.floor(index / 5)}`
  if (spec.kind === 'localLearning') spec.layer.hiddenUnits = [500, 1000, 2000, 4000][Math.floor(index / 40) % 4] ?? 500
  return spec
}

/** Measures of a run as its log: every name at every epoch. */
function measureLines(random: () => number, names: readonly string[], epochs: number): string {
  const lines: string[] = []
  for (let epoch = 1; epoch <= epochs; epoch++)
    for (const name of names)
      lines.push(
        JSON.stringify({ step: epoch * 50, epoch, name, value: 1 / epoch + random(), wall: 1.8e12 + epoch * 1000 }),
      )
  return `${lines.join('\n')}\n`
}

/**
 * Makes an archive of finished runs.
 *
 * @param count - number of runs
 * @param epochs - measured epochs of each
 */
export async function makeArchive(folder: string, count: number, epochs = 5): Promise<MadeArchive> {
  const presets = (await readPresets(join(PROJECT_FOLDER, 'resources'))).map(({ spec }) => spec)
  const stream = randomStream(1, 'library')
  const random = (): number => stream.uniform()
  const names = Object.keys(METRICS)
  const ids: string[] = []
  mkdirSync(join(folder, 'runs'), { recursive: true })
  writeFileSync(join(folder, 'archive.json'), JSON.stringify({ program: 'LocalLearning Workbench', version: 1 }))
  for (let index = 0; index < count; index++) {
    const spec = specOf(presets, index)
    const id = `r-${hex(0x10000000 + index)}`
    const createdAt = new Date(1.79e12 + index * 60_000).toISOString()
    const record: RunRecord = {
      ...newRecord(id, spec, { program: '0.1.0' }, {}),
      state: index % 50 === 49 ? 'failed' : 'finished',
      createdAt,
      startedAt: createdAt,
      finishedAt: createdAt,
      epoch: spec.schedule.epochs,
      computeSeconds: 100 * random(),
      executor: 'onnx-cpu',
      testAccuracy: spec.kind === 'classifier' ? 0.4 + 0.2 * random() : null,
      spectrumSlope: -2 - random(),
      spectrumStandardError: 0.01,
      tags: index % 3 === 0 ? ['paper'] : [],
    }
    const run = join(folder, 'runs', id)
    mkdirSync(run)
    writeFileSync(join(run, 'spec.json'), JSON.stringify(spec, null, 2))
    writeFileSync(join(run, 'run.json'), JSON.stringify(record, null, 2))
    writeFileSync(join(run, 'metrics.jsonl'), measureLines(random, names, epochs))
    ids.push(id)
  }
  return { folder, ids }
}
