import { Command } from 'commander'
import { allowInheritedStreams } from '../lab/files/userFile.js'
import { COMMANDS } from './commands/index.js'
import { programVersion } from './session.js'

/** The command line tool `lab`: the workbench without a window. @param exit - receives the exit code of the command */
export function createProgram(exit: (code: number) => void): Command {
  const program = new Command('lab')
    .description(
      'Train receptive fields and classifiers, attack them, measure their spectra, and draw the figures of arXiv 2405.00679.',
    )
    .version(programVersion())
    .showHelpAfterError('Run the command with --help to see its arguments and options.')
    .configureOutput({ writeOut: (text) => process.stdout.write(text), writeErr: (text) => process.stderr.write(text) })
    .exitOverride()
    .hook('preAction', (_program, command) => {
      if (command.name() !== 'serve') allowInheritedStreams()
    })
  for (const add of COMMANDS) add(program, exit)
  // Subcommands copy the settings of their parent only when they are made through it, which all of these are.
  return program
}
