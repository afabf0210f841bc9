import { Option, type Command } from 'commander'
import { resolve } from 'node:path'
import { LabError } from '../../../contract/index.js'
import {
  EXPORT_FORMATS,
  EXPORT_KINDS,
  EXPORTS,
  type ExportAnswer,
  type ExportFormat,
} from '../../../contract/library/exchange.js'
import { runCommand, type CommandContext } from '../../command.js'
import { bytesText, tableText } from '../../output.js'
import { addCommonOptions, path, type CommonOptions } from '../options.js'
import { chosenRuns } from './edit.js'
import { columnList } from './list.js'

interface ExportOptions extends CommonOptions {
  where?: string
  format: ExportFormat
  out: string
  columns?: string[]
  force?: boolean
}

const HELP = `
Formats:
${EXPORT_KINDS.map((kind) => `  ${EXPORTS[kind].format.padEnd(12)}${kind === 'tensorboard' ? 'a folder for each run' : EXPORTS[kind].fileName}: ${EXPORTS[kind].help}`).join('\n')}
Numbers keep every bit: 64 bits in Parquet and events, the shortest text that reads back the same in CSV.`

const DEFAULT_COLUMNS = ['id', 'name', 'state', 'kind', 'dataset', 'seed', 'epoch', 'accuracy', 'alpha', 'created']

async function exportAll({ lab, output }: CommandContext, ids: readonly string[], options: ExportOptions) {
  const folder = resolve(options.out)
  const lines = (await chosenRuns(lab, ids, options, 'library')).map((id) => [id])
  const files: ExportAnswer['files'] = []
  for (const kind of EXPORT_KINDS.filter((each) => EXPORTS[each].format === options.format)) {
    const answer = await lab.call('library.export', {
      kind,
      lines,
      columns: options.columns ?? DEFAULT_COLUMNS,
      folder,
      overwrite: options.force === true,
    })
    files.push(...answer.files)
  }
  output.line(tableText([['file', 'size'], ...files.map((file) => [file.path, bytesText(file.bytes)])]))
  return { files }
}

/** `lab export`. */
export function addExportCommand(program: Command, exit: (code: number) => void): void {
  addCommonOptions(program.command('export').description('export runs as tables, measures or TensorBoard events'))
    .argument('[run...]', 'ids of runs')
    .option('--where <query>', 'every run that matches a query; see lab list --help')
    .addOption(new Option('--format <format>', 'format').choices(EXPORT_FORMATS).makeOptionMandatory())
    .requiredOption('--out <folder>', 'output folder; made if it does not exist', path)
    .option('--columns <names>', 'columns of the table of runs, comma-separated; see lab list --help', columnList)
    .option('--force', 'overwrite existing files')
    .addHelpText('after', HELP)
    .action(async (ids: string[], options: ExportOptions) => {
      exit(
        await runCommand({ ...options, readOnly: true }, (context) => {
          if (options.columns !== undefined && options.format === 'tensorboard')
            throw new LabError('usage', '--columns belongs to --format csv and parquet')
          return exportAll(context, ids, options)
        }),
      )
    })
}
