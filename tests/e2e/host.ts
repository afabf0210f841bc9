import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

/** A web host of its own, with its own home folder. */
export interface TestHost {
  url: string
  home: string
  pid: number
  /** As a person would: Ctrl-C. */
  stop(): Promise<void>
  /** As a power cut would. */
  kill(): Promise<void>
}

/** A home folder that is removed with `remove`. */
export function temporaryHome(): { home: string; remove: () => void } {
  const home = mkdtempSync(join(tmpdir(), 'workbench-e2e-'))
  return { home, remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }) }
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once('exit', () => resolve())
  })

/** Starts `lab serve` and waits for the line with its address. */
export async function startHost(home: string, port = 0): Promise<TestHost> {
  const environment: NodeJS.ProcessEnv = { ...process.env, LOCALLEARNING_HOME: home }
  delete environment['LOCALLEARNING_DATA']
  const child = spawn(process.execPath, ['cli/lab.mjs', 'serve', '--port', String(port)], {
    cwd: PROJECT,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      output += chunk.toString()
      const match = /^Workbench: (\S+)$/m.exec(output)
      if (match?.[1] !== undefined) resolve(match[1])
    }
    child.stdout.on('data', look)
    child.stderr.on('data', look)
    child.once('exit', (code) => reject(new Error(`lab serve ended with ${code}:\n${output}`)))
  })
  const end = (signal: NodeJS.Signals) => async (): Promise<void> => {
    child.kill(signal)
    await ended(child)
  }
  return { url, home, pid: child.pid ?? 0, stop: end('SIGINT'), kill: end('SIGKILL') }
}
