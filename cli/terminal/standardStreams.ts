/** What became of standard output. */
export interface StandardStreams {
  /** Why standard output cannot be written; null while it can, and when its reader merely went away. */
  failure(): Error | null
}

/** A reader that went away (`| head`, a pager that was quit) or a terminal that was closed. */
const READER_GONE = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED', 'ECONNRESET'])

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '')

/**
 * Lets the program go on when nobody reads its output.
 *
 * Without a listener the first write to a closed pipe ends the process with a stack trace, and hours of computing with it.
 * A closed pipe is no failure: what is written after it is dropped. Anything else, such as a full disk behind `>`, is kept,
 * so that the command can end with a message and an exit code.
 *
 * @param streams - standard output and standard error
 */
export function keepStandardStreams({
  stdout,
  stderr,
}: Pick<NodeJS.Process, 'stdout' | 'stderr'> = process): StandardStreams {
  let failure: Error | null = null
  stdout.on('error', (error: Error) => {
    if (!READER_GONE.has(codeOf(error))) failure ??= error
  })
  // Nothing can be reported when standard error itself is gone.
  stderr.on('error', () => undefined)
  return { failure: () => failure }
}
