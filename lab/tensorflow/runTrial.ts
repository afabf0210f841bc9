import { fileURLToPath } from 'node:url'
import { LabError } from '../../contract/index.js'
import { entryFile } from '../entryFile.js'
import { lastLines, runProgram, type ProgramOptions } from './program.js'

/** The line by which the trial's program reports success. */
export const TRIAL_WORD = 'tensorflow-trial:'

/**
 * Loads an installation in a process of its own and lets it multiply: a library that ends the process ends only that one.
 *
 * @throws LabError `tensorflow.install` with what went wrong
 */
export async function runTrial(folder: string, { environment, signal }: ProgramOptions): Promise<void> {
  const program = fileURLToPath(entryFile('tensorflowTrial', './compute/executors/tensorflowTrial.mjs'))
  const ended = await runProgram(process.execPath, [program], {
    environment: { ...environment, LOCALLEARNING_TENSORFLOW: folder },
    signal,
  })
  if (ended?.code === 0 && ended.output.includes(TRIAL_WORD)) return
  const how =
    ended === null || ended.signal === null
      ? ''
      : ` (the process was ended by ${ended.signal}; this CPU may lack instructions that the library uses)`
  throw new LabError(
    'tensorflow.install',
    `TensorFlow does not work on this machine${how}: ${lastLines(ended?.output ?? '')}`,
  )
}
