import type { Command } from 'commander'
import { isImportedId, type MetricName } from '../../contract/index.js'
import { IMPORT_FORMATS } from '../../contract/library/imported.js'
import type { LabCore } from '../../lab/core.js'
import { runCommand, type CommandContext } from '../command.js'
import { bytesText, tableText } from '../output.js'
import { addListCommand, importedRow, RUN_HEAD, runRow } from './library/list.js'
import { addChangingOptions, addCommonOptions, real, type CommonOptions } from './options.js'

/** Source, settings and last measures of a run of another program. */
async function showImported(lab: Pick<LabCore, 'call'>, output: CommandContext['output'], id: string) {
  const [{ run, settings }, curves] = await Promise.all([
    lab.call('library.imported', { id }),
    lab.call('library.curves', { id }),
  ])
  const measures = Object.fromEntries(Object.entries(curves).map(([name, { value }]) => [name, value.at(-1) ?? null]))
  const { format, path: from, tool, sha256 } = run.origin
  output.line(tableText([RUN_HEAD, importedRow(run)]))
  output.line(`Imported from ${from} (${IMPORT_FORMATS[format].label}, ${tool}, sha256 ${sha256})`)
  for (const fault of run.faults) output.line(fault)
  const rows = (values: object): string[][] => Object.entries(values).map(([name, value]) => [name, String(value)])
  if (Object.keys(settings).length > 0) output.line(tableText([['setting', 'value'], ...rows(settings)]))
  output.line(tableText([['measure', 'last'], ...rows(measures)]))
  return { run, settings, measures }
}

/** `lab list`, `lab show`, `lab prune`, `lab remove`. */
export function addRunsCommands(program: Command, exit: (code: number) => void): void {
  addListCommand(program, exit)

  addCommonOptions(program.command('show').description('show the state, verdict, latest measures and files of a run'))
    .argument('<run>', 'id of the run')
    .action(async (id: string, options: CommonOptions) => {
      exit(
        await runCommand({ ...options, readOnly: true }, async ({ lab, output }) => {
          if (isImportedId(id)) return showImported(lab, output, id)
          const { record, spec } = await lab.call('run.get', { id })
          const [columns, files] = await Promise.all([
            lab.call('run.metrics', { id, names: null }),
            lab.call('run.files', { id }),
          ])
          const measures = Object.fromEntries(
            Object.entries(columns).map(([name, column]) => [name, column.value.at(-1) ?? null]),
          ) as Partial<Record<MetricName, number | null>>
          output.line(tableText([RUN_HEAD, runRow(record)]))
          if (record.verdict !== null) output.line(record.verdict.text)
          if (record.error !== null) output.line(`${record.error.code}: ${record.error.message}`)
          output.line(
            tableText([['measure', 'last'], ...Object.entries(measures).map(([name, value]) => [name, String(value)])]),
          )
          output.line(tableText([['file', 'size'], ...files.map((file) => [file.path, bytesText(file.bytes)])]))
          return { run: record, spec, measures, files }
        }),
      )
    })

  addChangingOptions(program.command('prune').description('remove the unconverged units of a layer'))
    .argument('<run>', 'id of a finished run')
    .option('--faithful', 'choose the cutoff as the original program does, from the last mixture that it fitted')
    .option('--cutoff <variance>', 'remove the units with at least this weight variance', real)
    .option('--off-norm <distance>', 'also remove the units whose norm is further than this from R', real)
    .option('--dry-run', 'dry run: show what would be removed')
    .action(
      async (
        id: string,
        options: CommonOptions & { faithful?: boolean; cutoff?: number; offNorm?: number; dryRun?: boolean },
      ) => {
        exit(
          await runCommand({ ...options, readOnly: options.dryRun === true }, async ({ lab, output }) => {
            const input = {
              id,
              mode: options.faithful === true ? 'faithful' : 'corrected',
              cutoff: options.cutoff ?? null,
              offNorm: options.offNorm ?? null,
            } as const
            const plan = await lab.call('prune.plan', input)
            for (const note of plan.notes) output.line(note)
            const removes = options.dryRun === true ? 'would be removed' : 'removed'
            output.line(
              `${plan.removedCount} of ${plan.variances.length} units ${removes}${plan.cutoff === null ? '' : `, cutoff at a variance of ${plan.cutoff.toPrecision(4)}`}`,
            )
            const pruning = options.dryRun === true ? null : await lab.call('prune.apply', input)
            if (pruning?.verdict) output.line(pruning.verdict.text)
            return { plan, pruning }
          }),
        )
      },
    )

  addChangingOptions(program.command('remove').description('delete a run and its files'))
    .argument('<run>', 'id of the run')
    .action(async (id: string, options: CommonOptions) => {
      exit(
        await runCommand(options, async ({ lab, output }) => {
          await lab.call('run.remove', { id })
          output.line(`Deleted ${id}.`)
          return { removed: id }
        }),
      )
    })
}
