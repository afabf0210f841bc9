import type { Command } from 'commander'
import { LabError } from '../../../contract/index.js'
import type { LibraryEdit } from '../../../contract/library/edits.js'
import type { LabCore } from '../../../lab/core.js'
import { runCommand } from '../../command.js'
import { localTimeText, tableText } from '../../output.js'
import { addChangingOptions, addCommonOptions, commaList, integerIn, type CommonOptions } from '../options.js'

interface EditOptions extends CommonOptions {
  where?: string
}

/** The runs that a command names, by their ids or by a query. @throws LabError `usage` without any */
export async function chosenRuns(
  lab: LabCore,
  ids: readonly string[],
  { where }: EditOptions,
  from: 'library' | 'trash',
): Promise<string[]> {
  if (where === undefined && ids.length === 0) throw new LabError('usage', 'expected the ids of runs, or --where QUERY')
  if (where !== undefined && ids.length > 0) throw new LabError('usage', 'expected ids or --where, got both')
  if (where === undefined) return [...ids]
  const { lines } = await lab.call('library.table', { query: where, from, wait: true })
  const found = lines.flatMap((line) => line.ids)
  if (found.length === 0) throw new LabError('usage', `no run matches ${where}`)
  return found
}

/** A command that edits some runs. */
function addEdit(
  program: Command,
  exit: (code: number) => void,
  { name, description, from = 'library' }: { name: string; description: string; from?: 'library' | 'trash' },
  options: (command: Command) => Command,
  edit: (ids: string[], options: Record<string, unknown>) => LibraryEdit,
): void {
  const command = addChangingOptions(program.command(name).description(`${description}; \`lab undo\` takes it back`))
  options(
    command
      .argument('[run...]', 'ids of runs')
      .option('--where <query>', 'every run that matches a query; see lab list --help'),
  ).action(async (ids: string[], given: EditOptions & Record<string, unknown>) => {
    exit(
      await runCommand(given, async ({ lab, output }) => {
        const answer = await lab.call('library.edit', edit(await chosenRuns(lab, ids, given, from), given))
        output.line(answer.edit === null ? 'Nothing to change.' : `${answer.edit.text}.`)
        return answer
      }),
    )
  })
}

/** `lab rename`, `tag`, `note`, `star`, `move`, `trash`, `restore`. */
export function addEditCommands(program: Command, exit: (code: number) => void): void {
  addEdit(
    program,
    exit,
    { name: 'rename', description: 'give runs a name' },
    (command) => command.requiredOption('--name <name>', 'the new name'),
    (ids, { name }) => ({ kind: 'rename', ids, name: String(name) }),
  )
  addEdit(
    program,
    exit,
    { name: 'tag', description: 'add and remove tags of runs' },
    (command) =>
      command
        .option('--add <tags>', 'tags to add, comma-separated', commaList, [])
        .option('--remove <tags>', 'tags to remove, comma-separated', commaList, []),
    (ids, { add, remove }) => {
      if ((add as string[]).length + (remove as string[]).length === 0)
        throw new LabError('usage', 'expected --add TAGS or --remove TAGS')
      return { kind: 'tag', ids, add: add as string[], remove: remove as string[] }
    },
  )
  addEdit(
    program,
    exit,
    { name: 'note', description: 'set the note of runs' },
    (command) => command.requiredOption('--text <note>', 'the note; an empty one removes it'),
    (ids, { text }) => ({ kind: 'note', ids, note: String(text) }),
  )
  addEdit(
    program,
    exit,
    { name: 'star', description: 'star runs' },
    (command) => command.option('--off', 'remove the star'),
    (ids, { off }) => ({ kind: 'star', ids, star: off !== true }),
  )
  addEdit(
    program,
    exit,
    { name: 'move', description: 'move runs to a folder of the library' },
    (command) => command.requiredOption('--folder <path>', 'such as Thesis/Chapter 3; an empty one takes them out'),
    (ids, { folder }) => ({ kind: 'move', ids, folder: String(folder) }),
  )
  addEdit(
    program,
    exit,
    { name: 'trash', description: 'move runs to the trash' },
    (command) => command,
    (ids) => ({ kind: 'trash', ids, trashed: true }),
  )
  addEdit(
    program,
    exit,
    { name: 'restore', description: 'take runs out of the trash', from: 'trash' },
    (command) => command,
    (ids) => ({ kind: 'trash', ids, trashed: false }),
  )
}

/** `lab undo`, `redo`, `history`, `empty-trash`. */
export function addHistoryCommands(program: Command, exit: (code: number) => void): void {
  addChangingOptions(
    program.command('undo').description('take back the last edit of the library, or one by its number'),
  )
    .argument('[number]', 'number of the edit, from lab history', integerIn(1, Number.MAX_SAFE_INTEGER))
    .action(async (sequence: number | undefined, options: CommonOptions) => {
      exit(
        await runCommand(options, async ({ lab, output }) => {
          const answer = await lab.call('library.undo', { sequence: sequence ?? null })
          const kept = answer.kept === 0 ? '' : ` ${answer.kept} values that were edited later stay.`
          output.line(`Undone: ${answer.edit?.text ?? ''}.${kept}`)
          return answer
        }),
      )
    })
  addChangingOptions(program.command('redo').description('carry out the edit again that was undone last')).action(
    async (options: CommonOptions) => {
      exit(
        await runCommand(options, async ({ lab, output }) => {
          const answer = await lab.call('library.redo', null)
          output.line(`Done again: ${answer.edit?.text ?? ''}.`)
          return answer
        }),
      )
    },
  )
  addCommonOptions(program.command('history').description('list the edits of the library, newest first'))
    .option('--count <count>', 'number of edits', integerIn(1, 10_000), 30)
    .action(async (options: CommonOptions & { count: number }) => {
      exit(
        await runCommand({ ...options, readOnly: true }, async ({ lab, output }) => {
          const answer = await lab.call('library.history', { count: options.count })
          const rows = answer.edits.map(({ sequence, at, text, undone }) => [
            String(sequence),
            localTimeText(at),
            undone ? 'undone' : '',
            text,
          ])
          output.line(rows.length === 0 ? 'No edits yet.' : tableText([['number', 'time', '', 'edit'], ...rows]))
          return answer
        }),
      )
    })
  addChangingOptions(
    program.command('empty-trash').description('delete the runs in the trash and their files; this cannot be undone'),
  ).action(async (options: CommonOptions) => {
    exit(
      await runCommand(options, async ({ lab, output }) => {
        const removed = await lab.call('library.emptyTrash', { ids: null })
        output.line(
          removed.length === 0
            ? 'The trash is empty.'
            : `Deleted ${removed.length} ${removed.length === 1 ? 'run' : 'runs'}.`,
        )
        return { removed }
      }),
    )
  })
}
