import { CommanderError } from 'commander'
import { LabError } from '../contract/index.js'
import { writeErrorDocument } from './output.js'
import { createProgram } from './program.js'
import { keepStandardStreams } from './terminal/standardStreams.js'

const BAD_USAGE = 2

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
