import { asLabError } from '../contract/index.js'
import type { LabCore } from '../lab/core.js'
import { createOutput, reportFailure, type Output } from './output.js'
import { openSession, type CommandSession, type Session } from './session.js'
import { INTERRUPTED } from './terminal/endSignals.js'
import { untilSignal } from './untilSignal.js'

/** What every command has at hand. */
export interface CommandContext {
  lab: LabCore
  output: Output
  /** Whether another program, which has the archive open, carries the command out. */
  beside: boolean
}

/** Other programs have their commands carried out by this one, and end with it. */
async function waitForCallers({ callers }: Session, output: Output): Promise<void> {
  if (callers === null || callers.callers === 0) return
  const count = callers.callers
  const [what, them] = count === 1 ? ['another command', 'it'] : [`${count} other commands`, 'them']
  output.note(`Waiting for ${what} on this archive. Press Ctrl-C to interrupt ${them}.`)
  await untilSignal(
    () => undefined,
    (signal) => callers.idle(signal),
  )
}

/**
 * Finds a lab, runs one command and lets go of the lab again, whatever happens.
 *
 * @param options - where data and archive are, and whether a JSON document is wanted
 * @param action - what the command does; its result becomes the JSON document
 * @returns the exit code: 0 done, 1 failed, 2 bad usage or input, 130 interrupted
 */
export async function runCommand(
  options: CommandSession & { json?: boolean },
  action: (context: CommandContext) => Promise<unknown>,
): Promise<number> {
  const json = options.json === true
  const output = createOutput(json)
  let session: Session | null = null
  let code = 0
  try {
    session = await openSession(options)
    const { lab, lost } = session
    const work = action({ lab, output, beside: lost !== null })
    output.result(await (lost === null ? work : Promise.race([work, lost])))
  } catch (thrown) {
    output.close()
    code = reportFailure(asLabError(thrown), json)
  }
  try {
    if (session !== null && code !== INTERRUPTED) await waitForCallers(session, output)
  } finally {
    await session?.close()
  }
  return code
}
