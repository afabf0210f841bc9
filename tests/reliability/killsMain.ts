// `npm run reliability:kills [-- --kills 300 --seed 1 --only layer,sweep]`: real programs, killed at random moments.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureEdits } from './kills/edits.js'
import { measureLibraryEdits } from './kills/library.js'
import { measureExports } from './kills/exports.js'
import { measureResumed, type KillOptions, type KillReport, type ResumedWork } from './kills/resumed.js'
import { classifierTraining, layerTraining, replayOfThePaper, robustnessSweep } from './kills/works.js'

const resumed = (work: ResumedWork) => (options: KillOptions) => measureResumed(work, options)
/** Kinds of work, with their shares of the kills: replays take longest. */
const KINDS = {
  layer: { share: 0.2, measure: resumed(layerTraining) },
  classifier: { share: 0.15, measure: resumed(classifierTraining) },
  sweep: { share: 0.15, measure: resumed(robustnessSweep) },
  replay: { share: 0.1, measure: resumed(replayOfThePaper) },
  exports: { share: 0.15, measure: measureExports },
  edits: { share: 0.25, measure: measureEdits },
  library: { share: 0.35, measure: measureLibraryEdits },
} as const satisfies Record<string, { share: number; measure(options: KillOptions): Promise<KillReport> }>
type Kind = keyof typeof KINDS

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    only: { type: 'string', default: Object.keys(KINDS).join() },
  },
})
const kinds = values.only.split(',').filter((name): name is Kind => Object.hasOwn(KINDS, name))
const shares = kinds.reduce((sum, kind) => sum + KINDS[kind].share, 0)
/** Numbers in [0, 1) that follow from a seed (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
const reported = (text: string): void => void process.stderr.write(`${text}\n`)
reported(`seed ${values.seed}`)
const folder = mkdtempSync(join(tmpdir(), 'workbench-kills-'))
const reports: KillReport[] = []
for (const kind of kinds) {
  const random = uniform(Number(values.seed))
  const kills = Math.max(1, Math.round((Number(values.kills) * KINDS[kind].share) / shares))
  reports.push(await KINDS[kind].measure({ folder, kills, random, reported }))
}
const faults = reports.flatMap(({ kind, faults: found }) => found.map((fault) => `${kind}: ${fault}`))
process.stdout.write(`${JSON.stringify({ seed: Number(values.seed), reports }, null, 2)}\n`)
if (faults.length === 0) rmSync(folder, { recursive: true, force: true })
else {
  reported(`the archives are kept in ${folder}`)
  process.exitCode = 1
}
