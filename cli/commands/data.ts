import type { Command } from 'commander'
import { resolve } from 'node:path'
import { FILE_DATASET_KINDS, orText, type DatasetKind, type DatasetStatus } from '../../contract/index.js'
import { runCommand, type CommandContext } from '../command.js'
import { bytesText, tableText } from '../output.js'
import { addCommonOptions, datasetKind, path, type CommonOptions } from './options.js'

/** Shows a long work of the dataset store as a bar while it goes on. */
async function withProgress(
  context: CommandContext,
  kind: DatasetKind,
  work: () => Promise<DatasetStatus>,
): Promise<unknown> {
  let bar: ReturnType<CommandContext['output']['progress']> | null = null
  let barTotal: number | null = null
  const stop = context.lab.listen('lab.progress', (progress) => {
    if (progress.subject !== kind) return
    if (bar === null || barTotal !== progress.total) {
      bar = context.output.progress(progress.text, progress.total ?? 1)
      barTotal = progress.total
    }
    bar.update(progress.done, progress.unit === 'bytes' ? bytesText(progress.done) : progress.unit)
  })
  try {
    const status = await work()
    context.output.line(`${status.facts.label}: ${status.note}`)
    return { dataset: status }
  } finally {
    stop()
  }
}

/** `lab data list|import|download|verify`. */
export function addDataCommands(program: Command, exit: (code: number) => void): void {
  const data = program.command('data').description('list, import, download and verify datasets')

  addCommonOptions(
    data.command('list').description('list the datasets: which are available, and how to get the others'),
  ).action(async (options: CommonOptions) => {
    exit(
      await runCommand({ ...options, readOnly: true }, async ({ lab, output }) => {
        const datasets = await lab.call('dataset.list', null)
        output.line(
          tableText([
            ['dataset', 'state', 'verified', 'note'],
            ...datasets.map((status) => [
              status.facts.label,
              status.state,
              status.verified ? 'yes' : 'no',
              status.note,
            ]),
          ]),
        )
        return { datasets }
      }),
    )
  })

  addCommonOptions(data.command('import').description('import a dataset from its official archive or a folder'))
    .argument('<dataset>', orText(FILE_DATASET_KINDS))
    .argument('<path>', 'cifar-10-binary.tar.gz, one of the four idx.gz files, or a folder', path)
    .action(async (name: string, source: string, options: CommonOptions) => {
      exit(
        await runCommand({ ...options, readOnly: true }, (context) => {
          const kind = datasetKind(name)
          return withProgress(context, kind, () => context.lab.call('dataset.import', { kind, path: resolve(source) }))
        }),
      )
    })

  addCommonOptions(
    data
      .command('download')
      .description('download a dataset from its official address; resumes an interrupted download'),
  )
    .argument('<dataset>', orText(FILE_DATASET_KINDS))
    .action(async (name: string, options: CommonOptions) => {
      exit(
        await runCommand({ ...options, readOnly: true }, (context) => {
          const kind = datasetKind(name)
          return withProgress(context, kind, () => context.lab.call('dataset.download', { kind }))
        }),
      )
    })

  addCommonOptions(data.command('verify').description('verify every file against the published checksums'))
    .argument('[dataset]', 'dataset to verify; default: all that are available')
    .action(async (name: string | undefined, options: CommonOptions) => {
      exit(
        await runCommand({ ...options, readOnly: true }, async (context) => {
          const present = (await context.lab.call('dataset.list', null)).filter(
            (status) => status.state !== 'absent' && !status.facts.generated,
          )
          const kinds = name === undefined ? present.map((status) => status.kind) : [datasetKind(name)]
          const results = []
          for (const kind of kinds)
            results.push(await withProgress(context, kind, () => context.lab.call('dataset.verify', { kind })))
          return { results }
        }),
      )
    })
}
