import type { Command } from 'commander'
import {
  fallAtOnce,
  foundSize,
  LabError,
  type RobustnessRequest,
  type RobustnessResult,
  type RobustnessSeries,
  type SizeGrid,
  type SweepRecord,
} from '../../../contract/index.js'
import { runCommand, type CommandContext } from '../../command.js'
import { followSweep } from '../../followSweep.js'
import { tableText } from '../../output.js'
import { integer, integerIn, real } from '../options.js'
import { addAttackOptions, attackFrom } from './attackOptions.js'
import {
  addProbeOptions,
  expectOut,
  probeModels,
  probeRequest,
  sizeGrid,
  withProgress,
  writeOut,
  type ProbeOptions,
} from './options.js'

interface RobustnessOptions extends ProbeOptions {
  grid?: SizeGrid
  seeds: number
  criticalOnly?: boolean
  batch: number
  level: number
  resamples: number
  resume?: string
}

async function requestOf(context: CommandContext, options: RobustnessOptions): Promise<RobustnessRequest> {
  const attack = attackFrom(options)
  if (options.grid === undefined) throw new LabError('usage', 'expected --grid FROM:TO:COUNT[:log|lin]')
  return {
    name: `${attack.kind}, ${options.dataset}`,
    models: await probeModels(context, options.model),
    ...probeRequest(options),
    images: options.images ?? null,
    attack,
    grid: options.grid,
    seeds: Array.from({ length: options.seeds }, (_, index) => options.seed + index),
    criticalOnly: options.criticalOnly === true,
    batchSize: options.batch,
    level: options.level,
    resamples: options.resamples,
  }
}

/** Every number of a sweep; with one pass its arrays are at the top. */
function documentOf({ record, warnings, passes, series, checks }: RobustnessResult): Record<string, unknown> {
  const results = passes.map((pass) => ({
    ...pass,
    medianCriticalNorm: series.find(({ label }) => label === pass.model.label)?.criticalNorm?.median ?? null,
    neverFooled: pass.criticalEpsilon.filter(Number.isNaN).length,
  }))
  return {
    id: record.id,
    ...(results.length === 1 ? results[0] : {}),
    sweep: record,
    warnings,
    passes: results,
    series,
    checks,
  }
}

/** The size at half accuracy: `0.0123`, `below 0.1`, `not reached`. */
function halfText({ epsilonAtHalf, epsilons }: RobustnessSeries): string {
  const found = foundSize(epsilonAtHalf, epsilons)
  return found.kind === 'notReached'
    ? 'not reached'
    : `${found.kind === 'below' ? 'below ' : ''}${found.epsilon.toPrecision(3)}`
}

/** The median critical norm; an upper limit where half of the fooled images fell at the smallest size already. */
const medianText = (series: RobustnessSeries): string =>
  series.criticalNorm === null
    ? 'none fooled'
    : `${fallAtOnce(series) ? 'at most ' : ''}${series.criticalNorm.median.toPrecision(4)}`

async function printResult(context: CommandContext, record: SweepRecord, options: RobustnessOptions): Promise<unknown> {
  const result = await context.lab.call('robustness.get', { id: record.id })
  for (const text of result.warnings) context.output.line(`WARNING: ${text}`)
  const rows = result.series.map((series) => [
    series.label,
    series.cleanAccuracy.toFixed(4),
    String(series.keptImages),
    halfText(series),
    medianText(series),
    String(series.neverFooled),
  ])
  context.output.line(tableText([['model', 'accuracy', 'images', 'ε at 0.5', 'median ‖Δx‖', 'never fooled'], ...rows]))
  for (const { label, checks } of result.checks)
    for (const { passed, label: what, text } of checks)
      if (passed === false) context.output.line(`${label}: check failed: ${what}. ${text}`)
  const document = documentOf(result)
  await writeOut(context, options.out, document)
  return document
}

/** `lab robustness` and `lab card`. */
export function addRobustnessCommands(program: Command, exit: (code: number) => void): void {
  addAttackOptions(
    addProbeOptions(
      program
        .command('robustness')
        .description('robustness sweep: attack correctly classified images with increasing ε'),
    ),
  )
    .option('--grid <grid>', 'grid of ε values, FROM:TO:COUNT[:log|lin]', sizeGrid)
    .option(
      '--seeds <number>',
      'number of passes, with consecutive seeds from --seed; results are pooled',
      integerIn(1, 64),
      1,
    )
    .option('--critical-only', 'stop attacking an image once it is fooled')
    .option('--batch <number>', 'number of images per batch', integer, 1000)
    .option('--level <share>', 'confidence level of the intervals', real, 0.95)
    .option('--resamples <number>', 'number of bootstrap resamples', integer, 1000)
    .option('--resume <sweep>', 'resume a paused or interrupted sweep')
    .action(async (options: RobustnessOptions) => {
      exit(
        await runCommand(options, async (context) => {
          await expectOut(context, options)
          const { lab, output } = context
          const sweep =
            options.resume === undefined
              ? await lab.call('robustness.run', await requestOf(context, options))
              : await lab.call('robustness.resume', { id: options.resume })
          output.line(`${sweep.id} ${sweep.request.name}`)
          return printResult(context, await followSweep(lab, sweep.id, output), options)
        }),
      )
    })

  addProbeOptions(
    program
      .command('card')
      .description('summarise the robustness of one model: accuracy, finished sweeps and gradient-masking checks'),
  ).action(async (options: ProbeOptions) => {
    exit(
      await runCommand(options, async (context) => {
        await expectOut(context, options)
        const [model] = await probeModels(context, options.model)
        if (model === undefined) throw new LabError('usage', 'expected --model NAME-OR-FILE')
        const card = await withProgress(context, 'robustness.card', () =>
          context.lab.call('robustness.card', {
            model: model.model,
            ...probeRequest(options),
            images: options.images ?? 200,
            seed: options.seed,
          }),
        )
        context.output.line(
          `${model.label}: accuracy ${card.cleanAccuracy.toFixed(4)}, checks on ${card.images} images`,
        )
        for (const { label, passed, text } of card.checks)
          context.output.line(`${passed === null ? 'not tested' : passed ? 'ok' : 'WARNING'}: ${label}. ${text}`)
        for (const { id, attack, series, warnings } of card.attacks)
          context.output.line(
            `${id} ${attack.kind}: median ‖Δx‖ ${medianText(series)}, ε at 0.5 ${halfText(series)}${warnings.map((text) => `; WARNING: ${text}`).join('')}`,
          )
        await writeOut(context, options.out, card)
        return card
      }),
    )
  })
}
