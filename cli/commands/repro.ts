import type { Command } from 'commander'
import { join, resolve } from 'node:path'
import { LabError } from '../../contract/index.js'
import { replay } from '../../lab/repro/replay.js'
import { REPRO_SCALES, REPRO_STAGES, type ReproScale, type ReproStage } from '../../lab/repro/scales.js'
import { runCommand } from '../command.js'
import { followRun } from '../follow.js'
import { addCommonOptions, commaList, integer, type CommonOptions } from './options.js'

interface ReproOptions extends CommonOptions {
  only: string[]
  scale: string
  out: string
  seed: number
}

function known<Name extends string>(value: string, names: readonly Name[], what: string): Name {
  const found = names.find((name) => name === value)
  if (found === undefined) throw new LabError('usage', `expected ${what} among ${names.join(', ')}, got ${value}`)
  return found
}

/** `lab repro`: the paper's pipeline, or stages of it. */
export function addReproCommand(program: Command, exit: (code: number) => void): void {
  addCommonOptions(program.command('repro').description('replay the paper: learn the layer, prune it, draw Figure A1'))
    .option('--only <stages>', `stages, comma-separated: ${REPRO_STAGES.join(', ')}`, commaList, [...REPRO_STAGES])
    .option('--scale <scale>', 'smoke (under a minute), demo (a few minutes), full (as published)', 'demo')
    .option('--out <folder>', 'root of the file tree', join('data', 'repro'))
    .option('--seed <number>', 'seed of weights and shuffling', integer, 1)
    .action(async (options: ReproOptions) => {
      const folder = resolve(options.out)
      exit(await runCommand({ ...options, archive: options.archive ?? join(folder, 'archive') }, async ({ lab, output }) => {
        const stages = options.only.map((name) => known<ReproStage>(name, REPRO_STAGES, 'a stage'))
        const scale = known<ReproScale>(options.scale, REPRO_SCALES, 'a scale')
        const result = await replay(lab, { stages, scale, seed: options.seed, folder }, { follow: (id) => followRun(lab, id, output), line: output.line })
        for (const file of result.files) output.line(join(folder, file))
        return { ...result, folder }
      }))
    })
}
