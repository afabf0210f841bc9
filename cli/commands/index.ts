import type { Command } from 'commander'
import { addDataCommands } from './data.js'
import { addDoctorCommand } from './doctor.js'
import { addFigureCommand } from './figure.js'
import { addImportCommand } from './import.js'
import { addCompareCommand } from './library/compare.js'
import { addExportCommand } from './library/export.js'
import { addEditCommands, addHistoryCommands } from './library/edit.js'
import { addModelCommands } from './models.js'
import { addPlaneCommand } from './probes/plane.js'
import { addRobustnessCommands } from './probes/robustness.js'
import { addSpectrumCommand } from './probes/spectrum.js'
import { addReproCommand } from './repro.js'
import { addRunCommands } from './run.js'
import { addRunsCommands } from './runs.js'
import { addServeCommand } from './serve.js'
import { addSettingsCommand } from './settings.js'
import { addTensorflowCommands } from './tensorflow.js'

/** Adds commands with their help, arguments and options to the program; each ends by `exit`. */
export type AddCommands = (program: Command, exit: (code: number) => void) => void

/** Every command, in the order of the help; docs/CLI.md follows from it. */
export const COMMANDS: readonly AddCommands[] = [
  addRunCommands,
  addReproCommand,
  addRunsCommands,
  addCompareCommand,
  addEditCommands,
  addHistoryCommands,
  addExportCommand,
  addImportCommand,
  addModelCommands,
  addFigureCommand,
  addDataCommands,
  addRobustnessCommands,
  addSpectrumCommand,
  addPlaneCommand,
  addSettingsCommand,
  addServeCommand,
  addDoctorCommand,
  addTensorflowCommands,
]
