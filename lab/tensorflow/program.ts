import { spawn } from 'node:child_process'
import { LabError } from '../../contract/index.js'

/** How a program ended. */
export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  /** Standard output and standard error, as they came. */
  output: string
}

export interface ProgramOptions {
  environment: NodeJS.ProcessEnv
  signal?: AbortSignal | undefined
  /** Reported with everything that has come so far. */
  onOutput?: (output: string) => void
}

/**
 * Runs a program to its end.
 *
 * @returns null when there is no such program
 * @throws LabError `cancelled`
 */
export function runProgram(
  program: string,
  words: readonly string[],
  { environment, signal, onOutput }: ProgramOptions,
): Promise<Ended | null> {
  return new Promise((resolve, reject) => {
    const cancelled = (): void => reject(new LabError('cancelled', `${program} was stopped`))
    if (signal?.aborted === true) return cancelled()
    const child = spawn(program, words, {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal === undefined ? {} : { signal }),
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        onOutput?.(output)
      })
    }
    child.on('error', (error) => {
      if (signal?.aborted === true) return cancelled()
      if ('code' in error && (error.code === 'ENOENT' || error.code === 'EACCES')) resolve(null)
      else reject(error)
    })
    child.on('close', (code, killedBy) =>
      signal?.aborted === true ? cancelled() : resolve({ code, signal: killedBy, output }),
    )
  })
}

/** The last lines of what a program said: enough to know why it failed. */
export const lastLines = (output: string, count = 4): string =>
  output
    .trim()
    .split('\n')
    .slice(-count)
    .map((line) => line.trim())
    .join(' | ')
    .slice(0, 800)
