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
  // Five seeds of one experiment differ in nothing else, and two experiments differ in something.
  spec.schedule.epochs = 100 + Math.floor(index / 5)
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

/** How large an archive is made. */
export interface ArchiveSize {
  runs: number
  /** Measured epochs of each run. */
  epochs?: number
  /** Measures besides those that the program knows, as other programs log them. */
  moreMeasures?: number
}

/** Makes an archive of finished runs. */
export async function makeArchive(
  folder: string,
  { runs: count, epochs = 5, moreMeasures = 0 }: ArchiveSize,
): Promise<MadeArchive> {
  const presets = (await readPresets(join(PROJECT_FOLDER, 'resources'))).map(({ spec }) => spec)
  const stream = randomStream(1, 'library')
  const random = (): number => stream.uniform()
  const more = Array.from({ length: moreMeasures }, (_, index) => `measure${index}`)
  const names = [...Object.keys(METRICS), ...more]
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
