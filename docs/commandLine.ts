import type { Command, Option } from 'commander'
import { createProgram } from '../cli/program.js'

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** Options that most commands have are described once. */
const SHARED = ['data', 'archive', 'json', 'takeOver']
const isShared = (option: Option): boolean => SHARED.includes(option.attributeName())

/** Commands that do something, with the words before their name. */
export const leaves = (command: Command, before: string): { name: string; command: Command }[] => {
  const name = `${before} ${command.name()}`
  return command.commands.length === 0 ? [{ name, command }] : command.commands.flatMap((each) => leaves(each, name))
}

function optionRow({ flags, description, defaultValue }: Option): string {
  const usual = defaultValue === undefined || (Array.isArray(defaultValue) && defaultValue.length === 0)
  return `| \`${cell(flags)}\` | ${cell(description)} | ${usual ? '' : `\`${cell(String(defaultValue))}\``} |`
}

const table = (options: readonly Option[]): string[] =>
  options.length === 0 ? [] : ['', '| option | meaning | default |', '| --- | --- | --- |', ...options.map(optionRow)]

function section({ name, command }: { name: string; command: Command }): string {
  const words = command.registeredArguments.map((argument) => {
    const shown = argument.variadic ? `${argument.name()}…` : argument.name()
    return argument.required ? `<${shown}>` : `[${shown}]`
  })
  const shared = command.options.filter(isShared).map(({ long }) => `\`${long ?? ''}\``)
  const own = command.options.filter((option) => !isShared(option))
  return [
    `## ${name}`,
    '',
    `    ${[name, ...words, ...(command.options.length === 0 ? [] : ['[options]'])].join(' ')}`,
    '',
    `${command.description().replace(/^./, (letter) => letter.toUpperCase())}.`,
    ...(command.registeredArguments.length === 0 ? [] : ['']),
    ...command.registeredArguments.map((argument) => `- \`${argument.name()}\`: ${argument.description}`),
    ...table(own),
    ...(shared.length === 0 ? [] : ['', `Also ${shared.join(', ')}.`]),
    '',
  ].join('\n')
}

/** The page of all commands, from their own help. */
export function commandLinePage(): string {
  const program = createProgram(() => undefined)
  const commands = program.commands.flatMap((command) => leaves(command, 'lab'))
  const shared = SHARED.flatMap(
    (name) =>
      commands.flatMap(({ command }) => command.options).find((option) => option.attributeName() === name) ?? [],
  )
  return [
    '# Command line\n',
    'Generated from the commands in `cli/commands` by `npm run docs`; do not edit. README.md shows the usual ones, docs/FILES.md exit codes.\n',
    'Options that most commands have:',
    ...table(shared),
    '',
    ...commands.map(section),
  ].join('\n')
}
