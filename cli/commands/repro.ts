import { InvalidArgumentError, type Command } from 'commander'
import { join, resolve } from 'node:path'
import { LabError, REPRO_SCALES, SCALE_TEXTS, type ReproScale } from '../../contract/index.js'
import { replay } from '../../lab/repro/replay.js'
import { REPRO_STAGES, type ReproStage } from '../../lab/repro/stages/index.js'
import { runCommand, type CommandContext } from '../command.js'
import { followRun } from '../follow.js'
import { followSweep } from '../followSweep.js'
import { durationText } from '../output.js'
import { assign } from '../settings.js'
import { untilSignal } from '../untilSignal.js'
import { addChangingOptions, commaList, integer, list, path, type CommonOptions } from './options.js'

interface ReproOptions extends CommonOptions {
  only: ReproStage[]
  scale: ReproScale
  out: string
  seed: number
  set: string[]
}

/** A name of a list, or a refusal by commander: before a folder is made. */
function known<Name extends string>(value: string, names: readonly Name[], what: string): Name {
  const found = names.find((name) => name === value)
  if (found === undefined) throw new InvalidArgumentError(`expected ${what}, one of ${names.join(', ')}, got ${value}`)
  return found
}

/** How to continue a replay that was stopped. */
function withAdvice(error: unknown): never {
  if (error instanceof LabError && (error.code === 'run.interrupted' || error.code === 'cancelled'))
    throw new LabError(error.code, `${error.message}; run the same command again to resume`, error.details, error)
  throw error
}

/** @throws LabError `replay.state` while the open workbench computes the replay of this folder */
async function expectNotRunning({ lab, beside }: CommandContext, folder: string): Promise<void> {
  const running = beside
    ? (await lab.call('replay.list', null)).find(
        (record) => record.state === 'running' && resolve(record.folder) === folder,
      )
    : undefined
  if (running !== undefined)
    throw new LabError('replay.state', `${running.id} is running in the open workbench; pause it there first`, {
      id: running.id,
    })
}

/** `lab repro`: the paper's pipeline, or stages of it. */
export function addReproCommand(program: Command, exit: (code: number) => void): void {
  addChangingOptions(
    program
      .command('repro')
      .description(
        'reproduce the paper: train the layer and the models, attack them, measure spectra and a plane, draw the figures and write a report',
      ),
  )
    .option(
      '--only <stages>',
      `stages to run, comma-separated, including the stages that they need: ${REPRO_STAGES.join(', ')}`,
      (value) => commaList(value).map((name) => known<ReproStage>(name, REPRO_STAGES, 'a stage')),
      [...REPRO_STAGES],
    )
    .option(
      '--scale <scale>',
      REPRO_SCALES.map((scale) => `${scale}: ${SCALE_TEXTS[scale]}`).join('; '),
      (value) => known<ReproScale>(value, REPRO_SCALES, 'a scale'),
      'demo',
    )
    .option('--out <folder>', 'output folder', path, join('data', 'repro'))
    .option('--seed <number>', 'random seed of weights, shuffling, noise and plane', integer, 1)
    .option(
      '--set <key=value>',
      'change a value of the plan, such as models.L2.regularisers.0.strength=0.001 or robustness.images=200; repeatable',
      list,
      [],
    )
    .action(async (options: ReproOptions) => {
      const folder = resolve(options.out)
      exit(
        await runCommand({ ...options, archive: options.archive ?? join(folder, 'archive') }, async (context) => {
          const { lab, output } = context
          await expectNotRunning(context, folder)
          const result = await untilSignal(
            () => undefined,
            (signal) =>
              replay(
                lab,
                {
                  stages: options.only,
                  scale: options.scale,
                  seed: options.seed,
                  folder,
                  change: (plan) => {
                    for (const assignment of options.set) assign(plan as unknown as Record<string, unknown>, assignment)
                  },
                },
                {
                  followRun: (id) => followRun(lab, id, output),
                  followSweep: (id) => followSweep(lab, id, output),
                  line: output.line,
                  step: ({ label, number, total, secondsLeft }) =>
                    output.line(
                      `[${number}/${total}] ${label}; about ${durationText(Math.max(1, secondsLeft))} left in total`,
                    ),
                },
                signal,
              ),
          ).catch(withAdvice)
          for (const file of result.files) output.line(join(folder, file))
          return { ...result, folder }
        }),
      )
    })
}
