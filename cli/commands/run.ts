import type { Command } from 'commander'
import {
  deviceText,
  EXECUTOR_NAMES,
  LabError,
  seedStatistics,
  type ExecutorName,
  type RunRecord,
} from '../../contract/index.js'
import { runCommand, type CommandContext } from '../command.js'
import { followRun } from '../follow.js'
import { durationText } from '../output.js'
import { withAbsoluteLayer } from '../modelPaths.js'
import { readExperiment } from '../settings.js'
import { addChangingOptions, integer, list, path, type CommonOptions } from './options.js'

interface RunOptions extends CommonOptions {
  set: string[]
  out?: string
  seed?: number
  executor?: string
  seeds?: number
  detach?: boolean
}

const EXECUTOR_CHOICES = ['auto', ...EXECUTOR_NAMES] as const

const DETACH =
  'leave the run to the open workbench and end at once; by default the run is paused when this command ends'

/** @throws LabError `usage` where no open workbench could go on with the run */
function expectBeside({ beside }: CommandContext): void {
  if (!beside)
    throw new LabError(
      'usage',
      'expected --detach beside an open workbench (the window or `lab serve`), which computes the run',
    )
}

/** @throws LabError `usage` naming every executor */
function knownExecutor(name: string): ExecutorName | 'auto' {
  const known = EXECUTOR_CHOICES.find((candidate) => candidate === name)
  if (known === undefined)
    throw new LabError('usage', `expected a backend, one of ${EXECUTOR_CHOICES.join(', ')}, got ${name}`)
  return known
}

/** `onnx-cuda (NVIDIA H100, 80 GiB), the fastest that works here`. */
function executorText({ executor, executorNote, device }: RunRecord): string {
  if (executor === null) return 'no backend'
  return `${executor}${device === null ? '' : ` (${deviceText(device)})`}${executorNote === null ? '' : `, ${executorNote}`}`
}

/** The end of a run in words. */
async function tellResult({ lab, output }: CommandContext, record: RunRecord): Promise<unknown> {
  output.line(`${record.id} ${record.state} after ${durationText(record.computeSeconds)} on ${executorText(record)}`)
  if (record.verdict !== null) output.line(record.verdict.text)
  if (record.spectrumSlope !== null)
    output.line(`Spectrum slope ${record.spectrumSlope.toFixed(2)} ± ${(record.spectrumStandardError ?? 0).toFixed(2)}`)
  if (record.testAccuracy !== null)
    output.line(
      `Test accuracy ${record.testAccuracy.toFixed(4)}, training accuracy ${(record.trainAccuracy ?? NaN).toFixed(4)}`,
    )
  output.line(
    record.kind === 'classifier'
      ? `Next: lab evaluate --model ${record.id}`
      : `Next: lab prune ${record.id}; lab figure A1 --run ${record.id} --format eps,png`,
  )
  return { run: record, files: await lab.call('run.files', { id: record.id }) }
}

/** All runs of a group, one after the other, and their accuracies together. */
async function followGroup(context: CommandContext, group: string): Promise<unknown> {
  const members = (await context.lab.call('run.list', null))
    .filter((record) => record.group?.id === group)
    .sort((a, b) => (a.group?.index ?? 0) - (b.group?.index ?? 0))
  const ended: RunRecord[] = []
  for (const { id } of members) {
    const record = await followRun(context.lab, id, context.output)
    await tellResult(context, record)
    ended.push(record)
  }
  const accuracy = seedStatistics(ended.flatMap(({ testAccuracy }) => (testAccuracy === null ? [] : [testAccuracy])))
  if (accuracy !== null)
    context.output.line(
      `Test accuracy over ${accuracy.count} seeds: ${accuracy.mean.toFixed(4)}${accuracy.halfWidth === null ? '' : ` ± ${accuracy.halfWidth.toFixed(4)} (95 %)`}`,
    )
  return { group, runs: ended, testAccuracy: accuracy }
}

/** Leaves a run to the program that has the archive open. */
function leave({ output }: CommandContext, record: RunRecord): unknown {
  output.line(`${record.id} is left to the open workbench; \`lab show ${record.id}\` shows how far it is`)
  return { run: record }
}

/** `lab run SPEC.json` and `lab resume RUN`. */
export function addRunCommands(program: Command, exit: (code: number) => void): void {
  addChangingOptions(program.command('run').description('run an experiment from a JSON file or a preset'))
    .argument(
      '<spec>',
      'JSON file or preset name, such as quick-look or cifar10-demo; an unknown name lists all presets',
    )
    .option('--set <key=value>', 'change one value, such as layer.hiddenUnits=400; repeatable', list, [])
    .option('--out <folder>', 'archive folder for the run', path)
    .option('--seed <number>', 'random seed of weights, shuffling and everything else', integer)
    .option('--seeds <count>', 'number of runs with consecutive seeds', integer)
    .option('--executor <name>', `compute backend: ${EXECUTOR_CHOICES.join(', ')}`)
    .option('--detach', DETACH)
    .action(async (source: string, options: RunOptions) => {
      const archive = options.out ?? options.archive
      exit(
        await runCommand(
          { ...options, ...(archive === undefined ? {} : { archive }), detached: options.detach === true },
          async (context) => {
            if (options.detach === true) expectBeside(context)
            const presets = await context.lab.call('preset.list', null)
            const spec = await withAbsoluteLayer(
              context,
              await readExperiment(source, presets, {
                set: options.set,
                ...(options.seed === undefined ? {} : { seed: options.seed }),
                ...(options.executor === undefined ? {} : { executor: knownExecutor(options.executor) }),
              }),
            )
            const submitted = await context.lab.call('run.submit', {
              spec,
              next: true,
              ...(options.seeds === undefined ? {} : { seeds: options.seeds }),
            })
            context.output.line(`${submitted.id} ${submitted.name}`)
            if (options.detach === true) return leave(context, submitted)
            if (submitted.group === null)
              return tellResult(context, await followRun(context.lab, submitted.id, context.output))
            return followGroup(context, submitted.group.id)
          },
        ),
      )
    })
  addChangingOptions(
    program
      .command('resume')
      .description('resume an interrupted, stopped or paused run; the results are those of an uninterrupted run'),
  )
    .argument('<run>', 'id of the run')
    .option('--executor <name>', `compute backend for the rest of the run: ${EXECUTOR_CHOICES.join(', ')}`)
    .option('--detach', DETACH)
    .action(async (id: string, options: CommonOptions & { executor?: string; detach?: boolean }) => {
      exit(
        await runCommand({ ...options, detached: options.detach === true }, async (context) => {
          if (options.detach === true) expectBeside(context)
          const resumed = await context.lab.call('run.resume', {
            id,
            ...(options.executor === undefined ? {} : { executor: knownExecutor(options.executor) }),
          })
          if (options.detach === true) return leave(context, resumed)
          return tellResult(context, await followRun(context.lab, id, context.output))
        }),
      )
    })
}
