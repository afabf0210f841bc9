import { Command, CommanderError } from 'commander'
import { LabError } from '../contract/index.js'
import { addDataCommands } from './commands/data.js'
import { addCompareCommand } from './commands/library/compare.js'
import { addEditCommands, addHistoryCommands } from './commands/library/edit.js'
import { addExportCommand } from './commands/library/export.js'
import { addImportCommand } from './commands/import.js'
import { addDoctorCommand } from './commands/doctor.js'
import { addModelCommands } from './commands/models.js'
import { addFigureCommand } from './commands/figure.js'
import { addPlaneCommand } from './commands/probes/plane.js'
import { addRobustnessCommands } from './commands/probes/robustness.js'
import { addSpectrumCommand } from './commands/probes/spectrum.js'
import { addReproCommand } from './commands/repro.js'
import { addRunCommands } from './commands/run.js'
import { addRunsCommands } from './commands/runs.js'
import { addServeCommand } from './commands/serve.js'
import { addSettingsCommand } from './commands/settings.js'
import { addTensorflowCommands } from './commands/tensorflow.js'
import { allowInheritedStreams } from '../lab/files/userFile.js'
import { writeErrorDocument } from './output.js'
import { programVersion } from './session.js'
import { keepStandardStreams } from './terminal/standardStreams.js'

const BAD_USAGE = 2

/** The command line tool `lab`: the workbench without a window. */
function createProgram(exit: (code: number) => void): Command {
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
  addRunCommands(program, exit)
  addReproCommand(program, exit)
  addRunsCommands(program, exit)
  addCompareCommand(program, exit)
  addEditCommands(program, exit)
  addHistoryCommands(program, exit)
  addExportCommand(program, exit)
  addImportCommand(program, exit)
  addModelCommands(program, exit)
  addFigureCommand(program, exit)
  addDataCommands(program, exit)
  addRobustnessCommands(program, exit)
  addSpectrumCommand(program, exit)
  addPlaneCommand(program, exit)
  addSettingsCommand(program, exit)
  addServeCommand(program, exit)
  addDoctorCommand(program, exit)
  addTensorflowCommands(program, exit)
  // Subcommands copy the settings of their parent only when they are made through it, which all of these are.
  return program
}

/** Whether the words ask for a JSON document; they are not parsed yet, or could not be. */
const wantsJson = (words: readonly string[]): boolean =>
  words.slice(0, words.includes('--') ? words.indexOf('--') : undefined).includes('--json')

const streams = keepStandardStreams()
let exitCode = 0
try {
  await createProgram((code) => {
    exitCode = code
  }).parseAsync(process.argv)
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  exitCode = error.exitCode === 0 ? 0 : BAD_USAGE
  if (exitCode !== 0 && wantsJson(process.argv))
    writeErrorDocument(new LabError('usage', error.message.replace(/^error: /, '')))
}
// What was written last may still be on its way: an empty write ends after it.
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
const failure = streams.failure()
if (failure !== null) {
  process.stderr.write(`Standard output could not be written: ${failure.message}\n`)
  if (exitCode === 0) exitCode = 1
}
process.exitCode = exitCode
