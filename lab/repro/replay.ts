import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError, type ExperimentSpec, type PruningRecord, type RunId, type RunRecord } from '../../contract/index.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import type { Lab } from '../lab.js'
import { planLayer, type ReproScale, type ReproStage } from './scales.js'

/** What a replay was asked for. */
export interface ReplayOptions {
  stages: readonly ReproStage[]
  scale: ReproScale
  seed: number
  /** Root of the tree of section 9. */
  folder: string
}

/** How the caller shows a run under way and what else is told. */
export interface ReplayListener {
  follow(id: RunId): Promise<RunRecord>
  line(text: string): void
}

/** What a replay made: files relative to the folder. */
export interface ReplayResult {
  scale: ReproScale
  run: RunRecord
  pruning: PruningRecord | null
  files: string[]
}

/** Which run belongs to which layer experiment, kept in the tree so that a second call goes on where the first stopped. */
interface ReplayMemory {
  specHash: string
  run: RunId
}

const MEMORY_FILE = 'replay.json'

const hashOf = (spec: ExperimentSpec): string => createHash('sha256').update(JSON.stringify(spec)).digest('hex')

async function readMemory(folder: string): Promise<ReplayMemory | null> {
  try {
    const memory: unknown = JSON.parse(await readFile(join(folder, MEMORY_FILE), 'utf8'))
    return typeof memory === 'object' && memory !== null && 'specHash' in memory && 'run' in memory ? { specHash: String(memory.specHash), run: String(memory.run) } : null
  } catch {
    return null
  }
}

/** The run of this very experiment: finished already, resumed, or new. */
async function layerRun(lab: Lab, spec: ExperimentSpec, options: ReplayOptions, listener: ReplayListener): Promise<RunRecord> {
  const specHash = hashOf(spec)
  const memory = await readMemory(options.folder)
  const known = (await lab.call('run.list', null)).find((run) => memory?.specHash === specHash && run.id === memory.run)
  if (known?.state === 'finished') {
    listener.line(`Layer: ${known.id} is there and unchanged`)
    return known
  }
  if (!options.stages.includes('layer')) throw new LabError('run.missing', 'the stage prune needs the layer; run `lab repro --only layer,prune`')
  if (known !== undefined) {
    listener.line(`Layer: ${known.id} goes on from epoch ${known.epoch}`)
    if (known.state !== 'queued' && known.state !== 'running') await lab.call('run.resume', { id: known.id })
    return listener.follow(known.id)
  }
  const submitted = await lab.call('run.submit', { spec, next: true })
  await writeFileAtomically(join(options.folder, MEMORY_FILE), Buffer.from(`${JSON.stringify({ specHash, run: submitted.id }, null, 2)}\n`))
  return listener.follow(submitted.id)
}

/**
 * Replays stages of the paper into the file tree of section 9: models/, experiments/, figures/.
 *
 * A stage that is there and unchanged is skipped, an interrupted one goes on exactly.
 *
 * @throws LabError `dataset.missing`, `run.interrupted`, or the error of the run
 */
export async function replay(lab: Lab, options: ReplayOptions, listener: ReplayListener): Promise<ReplayResult> {
  const folders = ['models', 'experiments', 'figures'].map((name) => join(options.folder, name))
  for (const folder of folders) await mkdir(folder, { recursive: true })
  const [presets, datasets] = await Promise.all([lab.call('preset.list', null), lab.call('dataset.list', null)])
  const cifar10 = datasets.find((status) => status.kind === 'cifar10')
  if (cifar10 === undefined) throw new LabError('internal', 'the shelf does not know CIFAR-10')
  const plan = planLayer(options.scale, options.seed, presets, cifar10)
  listener.line(`Layer: ${plan.spec.layer.hiddenUnits} units, ${plan.spec.schedule.epochs} epochs on ${plan.note}`)

  const run = await layerRun(lab, plan.spec, options, listener)
  if (run.verdict !== null) listener.line(run.verdict.text)
  const files: string[] = []
  const keep = async (path: string, bytes: Uint8Array): Promise<void> => {
    await writeFileAtomically(join(options.folder, path), bytes)
    files.push(path)
  }
  const model = await lab.call('run.readFile', { id: run.id, path: 'model.pty' })
  await keep(`models/${plan.stem}.pty`, model)
  await keep(`models/${plan.stem}_${run.epochs}.pty`, model)

  if (!options.stages.includes('prune')) return { scale: options.scale, run, pruning: null, files }
  const pruning = await lab.call('prune.apply', { id: run.id, mode: 'corrected', cutoff: null })
  listener.line(`Prune: ${pruning.removedCount} of ${plan.spec.layer.hiddenUnits} units removed${pruning.cutoff === null ? '' : ` at a weight variance of ${pruning.cutoff.toPrecision(4)}`}`)
  await keep(`models/${plan.stem}_pruned.pty`, await lab.call('run.readFile', { id: run.id, path: pruning.model }))
  const figures = await lab.call('figure.export', { figure: 'A1', source: { kind: 'run', run: run.id }, style: 'IJoCV', formats: ['eps', 'png'], folder: join(options.folder, 'figures'), dpi: 300 })
  for (const figure of figures) files.push(`figures/${figure.fileName}`)
  return { scale: options.scale, run: (await lab.call('run.get', { id: run.id })).record, pruning, files }
}
