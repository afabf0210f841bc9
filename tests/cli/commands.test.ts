import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../cli/program.js'
import { commandLinePage, leaves } from '../../docs/commandLine.js'

const program = createProgram(() => undefined)
const commands = program.commands.flatMap((command) => leaves(command, 'lab'))

describe.each(commands.map(({ name, command }) => [name, command] as const))('the command %s', (name, command) => {
  it('has a name of its own and says what it does', () => {
    expect(commands.filter((other) => other.name === name)).toHaveLength(1)
    expect(command.description()).toMatch(/^[a-z].*[^.]$/s)
  })
  it('describes every argument and option, each option once', () => {
    for (const argument of command.registeredArguments) expect(argument.description, argument.name()).not.toBe('')
    for (const { flags, description, long } of command.options) {
      expect(description, flags).toMatch(/^\S.*[^.\s]$/s)
      expect(command.options.filter((other) => other.long === long)).toHaveLength(1)
    }
  })
  it('is in the help of its parent and in docs/CLI.md', () => {
    expect(command.parent?.helpInformation()).toContain(command.name())
    expect(readFileSync('docs/CLI.md', 'utf8')).toContain(`## ${name}\n`)
  })
})

describe('docs/CLI.md', () => {
  it('is what npm run docs writes', () => expect(readFileSync('docs/CLI.md', 'utf8')).toBe(commandLinePage()))
})
