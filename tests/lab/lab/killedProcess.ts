import { spawn } from 'node:child_process'

/**
 * Starts a script in a process of its own, waits until what it has printed says so, and kills it without warning.
 *
 * @param script - TypeScript, run with these arguments
 * @param reached - looks at all that was printed so far
 * @returns what was printed until then
 */
export async function killedProcess(
  script: string,
  inputs: readonly string[],
  reached: (text: string) => boolean,
): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...inputs], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const printed = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (reached(text)) resolve(text)
    })
    child.on('exit', (code) => reject(new Error(`${script} ended with ${code} before it was killed:\n${text}`)))
  })
  child.kill('SIGKILL')
  await ended
  return printed
}

/** It has printed a whole line. */
export const aLine = (text: string): boolean => text.includes('\n')
