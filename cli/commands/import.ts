import type { Command } from 'commander'
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { LabError } from '../../contract/index.js'
import { IMPORT_FORMATS } from '../../contract/library/imported.js'
import type { ImportOutcome } from '../../contract/library/exchange.js'
import { runCommand, type CommandContext } from '../command.js'
import { isInheritedStream, sentModel } from '../inheritedStream.js'
import { tableText } from '../output.js'
import { MODEL_HEAD, modelRow } from './models.js'
import { addChangingOptions, path, type CommonOptions } from './options.js'

interface ImportOptions extends CommonOptions {
  name?: string
}

const HELP = `
Models      .pty, .pt, .pth of torch.save, .safetensors, .npz; one at a time
Runs        TensorBoard event files, W&B offline files (run-NAME.wandb) and CSV tables of measures as lab export writes them,
            or folders that contain event files and W&B files. They become read-only runs of the library. The same
            content is imported once; of files that are cut or damaged what is whole is imported.`

/** Whether a path is one of runs: a folder, or a file with such a name. Everything else is read as a model. */
async function isOfRuns(file: string): Promise<boolean> {
  if (isInheritedStream(file)) return false
  if (/tfevents|\.wandb$|\.csv$/i.test(basename(file))) return true
  return stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

const eachPath = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), path(value)]

const outcomeText = ({ run, known, trashed }: ImportOutcome): string =>
  run === null ? 'refused' : trashed ? 'imported before, in the trash' : known ? 'imported before' : 'imported'

function showOutcomes(output: CommandContext['output'], outcomes: readonly ImportOutcome[]): void {
  output.line(
    tableText([
      ['run', '', 'name', 'values', 'from'],
      ...outcomes.map((outcome) => [
        outcome.run?.id ?? '',
        outcomeText(outcome),
        outcome.run?.name ?? '',
        outcome.run === null ? '' : String(outcome.run.values),
        `${outcome.source}${outcome.run === null ? '' : ` (${IMPORT_FORMATS[outcome.run.origin.format].label})`}`,
      ]),
    ]),
  )
  for (const { source, run, refused } of outcomes) {
    if (refused !== null) output.note(refused.includes(source) ? refused : `${source}: ${refused}`)
    for (const fault of run?.faults ?? []) output.note(`${run?.id ?? ''}: ${fault}`)
  }
}

async function importModel({ lab, output, beside }: CommandContext, file: string, options: ImportOptions) {
  const source = beside && isInheritedStream(file) ? await sentModel(lab, file) : { path: resolve(file) }
  const model = await lab.call('model.import', { source, name: options.name ?? null })
  output.line(tableText([MODEL_HEAD, modelRow(model)]))
  return { model }
}

/** `lab import`, for models and for runs of other programs. */
export function addImportCommand(program: Command, exit: (code: number) => void): void {
  addChangingOptions(
    program
      .command('import')
      .description('import a model, or runs of TensorBoard, W&B or a CSV table, into the archive'),
  )
    .argument('<path...>', 'model file, or files and folders of runs; no code in them is executed', eachPath)
    .option('--name <name>', 'name of the model; default: the file name')
    .addHelpText('after', HELP)
    .action(async (paths: string[], options: ImportOptions) => {
      exit(
        await runCommand(options, async (context) => {
          const kinds = await Promise.all(paths.map(isOfRuns))
          const [first = ''] = paths
          if (!kinds.includes(true) && paths.length === 1) return importModel(context, first, options)
          const model = paths[kinds.indexOf(false)]
          if (model !== undefined)
            throw new LabError(
              'usage',
              `models are imported one at a time; ${model} is neither a folder nor a file of runs`,
            )
          if (options.name !== undefined)
            throw new LabError('usage', '--name belongs to models; name runs with lab rename')
          const outcomes = await context.lab.call('library.import', {
            sources: paths.map((each) => ({ path: resolve(each) })),
          })
          showOutcomes(context.output, outcomes)
          return { runs: outcomes }
        }),
      )
    })
}
