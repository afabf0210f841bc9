import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const LAB = join(ROOT, 'cli', 'lab.mjs')

/** How a program ended. */
export interface Ended {
  /** Null for a program that was killed. */
  code: number | null
  /** What it had printed on both streams. */
  printed: string
  seconds: number
}

/** A program that runs, in a group of its own: its compute processes are killed with it, as by a power failure. */
export interface Program {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  printed(): string
  kill(): void
}

/** Starts a program of Node with a home of its own. */
export function startNode(values: readonly string[], home: string): Program {
  const temporary = join(home, 'tmp')
  mkdirSync(temporary, { recursive: true })
  const child = spawn(process.execPath, [...values], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      LOCALLEARNING_HOME: home,
      TMPDIR: temporary,
      // Compiled sources are kept over all starts.
      TSX_CACHE: join(tmpdir(), 'workbench-kills-tsx'),
    },
  })
  const startedMs = performance.now()
  let printed = ''
  const take = (chunk: Buffer): void => void (printed += chunk.toString())
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code, printed, seconds: (performance.now() - startedMs) / 1000 })),
  )
  return {
    child,
    ended,
    printed: () => printed,
    kill: () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    },
  }
}

/** Starts `lab` with these arguments. */
export const startLab = (values: readonly string[], home: string): Program => startNode([LAB, ...values], home)

/** Starts a program of the tests, written in TypeScript. */
export const startTest = (script: string, values: readonly string[], home: string): Program =>
  startNode(['--import', 'tsx', join(ROOT, 'tests', script), ...values], home)

/** Lets a program run to its end. @throws Error when it fails */
export async function whole(program: Program, what: string): Promise<Ended> {
  const ended = await program.ended
  if (ended.code !== 0) throw new Error(`${what} ended with ${ended.code}:\n${ended.printed}`)
  return ended
}

/** Kills a program after a time, unless it ends before. @returns how it ended */
export async function killedAfter(program: Program, seconds: number): Promise<Ended> {
  const timer = setTimeout(() => program.kill(), seconds * 1000)
  const ended = await program.ended
  clearTimeout(timer)
  return ended
}
