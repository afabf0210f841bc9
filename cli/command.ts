import type { Lab } from '../lab/lab.js'
import { createOutput, reportFailure, type Output } from './output.js'
import { openLab, type SessionOptions } from './session.js'

/** What every command has at hand. */
export interface CommandContext {
  lab: Lab
  output: Output
}

/**
 * Opens the lab, runs one command and closes the lab again, whatever happens.
 *
 * @param options - where data and archive are, and whether a JSON document is wanted
 * @param action - what the command does; its result becomes the JSON document
 * @returns the exit code: 0 done, 1 failed, 2 bad usage or input, 130 interrupted
 */
export async function runCommand(options: SessionOptions & { json?: boolean }, action: (context: CommandContext) => Promise<unknown>): Promise<number> {
  const json = options.json === true
  let lab: Lab | null = null
  try {
    lab = await openLab(options)
    const output = createOutput(json)
    output.result(await action({ lab, output }))
    return 0
  } catch (error) {
    return reportFailure(error, json)
  } finally {
    await lab?.close()
  }
}
