import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { FromOurs } from './ours.js'
import { STAGES, type Sizes, type StageName } from './stages/index.js'

// The stages load ONNX Runtime without the worker threads that switch its reports off.
process.env['ORT_DISABLE_TELEMETRY'] = '1'

/** Times of one stretch of steps, in milliseconds. */
export interface Stretch {
  times: number[]
  beside: number[]
  rssMb: number
}

/** A process that is asked for one stretch at a time, so that others can be measured in between. */
export interface Runner {
  time(steps: number): Promise<Stretch>
  stop(): void
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** Starts a stage of the workbench. */
export async function startOurs(
  stage: StageName,
  sizes: Sizes,
  executor: string,
): Promise<Runner & { executor: string; note: string | null }> {
  const child = fork(here('ours.ts'), [stage, JSON.stringify(sizes), executor], { execArgv: ['--import', 'tsx'] })
  const ended = once(child, 'exit').then(([code]) => [{ failed: `the process of ${stage} ended with ${code}` }])
  const next = async (): Promise<Exclude<FromOurs, { failed: string }>> => {
    const stopped = new AbortController()
    const [message] = (await Promise.race([once(child, 'message', { signal: stopped.signal }), ended])) as [FromOurs]
    stopped.abort()
    if ('failed' in message) throw new Error(message.failed)
    return message
  }
  const first = await next()
  if (!('ready' in first)) throw new Error(`the process of ${stage} did not say that it is ready`)
  return {
    ...first.ready,
    time: async (steps) => {
      child.send({ steps })
      return (await next()) as Stretch
    },
    stop: () => void child.kill(),
  }
}

/** One way of computing a stage in PyTorch: what its steps are, on how many threads, in which environment. */
export interface PeerWay {
  way: string
  threads: number
}

/** A peer with its ways. */
export interface Peer {
  ways: readonly string[]
  /** Whether OpenBLAS computes, whose kernels a variable chooses. */
  openBlas: boolean
  versions: Record<string, string>
  time(way: PeerWay, steps: number): Promise<Stretch>
  stop(): void
}

/**
 * Starts the peer of a stage.
 *
 * @param python - a python3 with torch
 * @param environment - variables that choose its kernels
 * @returns null when this python has no torch
 */
export async function startPeer(
  python: string,
  stage: StageName,
  sizes: object,
  environment: Record<string, string>,
): Promise<Peer | null> {
  const child = spawn(python, [here('peer.py'), STAGES[stage].file, JSON.stringify(sizes)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000)
  })
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = new Promise<never>((_, reject) => {
    child.on('error', reject)
    child.on('close', () => reject(new Error(`${python}: ${complaint.trim().split('\n').pop() ?? 'ended'}`)))
  })
  ended.catch(() => {})
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next()
    return done === true ? ended : (JSON.parse(String(value)) as unknown)
  }
  try {
    const first = (await next()) as Pick<Peer, 'ways' | 'versions' | 'openBlas'>
    return {
      ...first,
      time: async (way, steps) => {
        child.stdin.write(`${JSON.stringify({ ...way, steps })}\n`)
        return { beside: [], ...((await next()) as Omit<Stretch, 'beside'>) }
      },
      stop: () => void child.kill(),
    }
  } catch (error) {
    child.kill()
    if (/No module named '(torch|numpy)'|ENOENT/.test(String(error))) return null
    throw error
  }
}
