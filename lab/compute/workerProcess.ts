import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { entryFile } from '../entryFile.js'
import { createJobBoard } from './jobBoard.js'
import type { JobInput, JobName, JobOutput } from './jobTable.js'
import type { FromProcess, ToProcess } from './processMessages.js'
import type { JobOptions, RunningJob, WorkerOptions, WorkerThread } from './workerThread.js'

/** Details of an error that say that a compute process ended: work can continue in a new one. */
export const LOST_PROCESS = { process: 'lost' } as const

/** Starts a compute process. Typed arrays travel as such. */
function startProcess(computeThread: URL, threads: number | null): ChildProcess {
  return fork(
    fileURLToPath(entryFile('computeProcess', './compute/computeProcess.mjs')),
    [computeThread.href, threads === null ? '' : String(threads)],
    {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    },
  )
}

/**
 * A compute slot in a process of its own, with the interface of a thread. A native crash or `kill -9` ends its jobs with `executor.failed`, and nothing else.
 *
 * @param computeThread - entry of the thread that computes in the process
 */
export function createWorkerProcess(computeThread: URL, { threads = null, onFree }: WorkerOptions = {}): WorkerThread {
  let child: ChildProcess | null = null
  const board = createJobBoard('compute process', () => {
    if (board.awaited === 0) rest()
    onFree?.()
  })
  /** A process that only waits must not keep a command line alive. */
  const rest = (): void => {
    child?.unref()
    child?.channel?.unref()
  }
  const send = (message: ToProcess): void => void child?.send(message, () => undefined)
  const running = (): ChildProcess => {
    if (child !== null) return child
    const started = startProcess(computeThread, threads)
    // Standard output belongs to the command line's results.
    started.stdout?.pipe(process.stderr, { end: false })
    child = started
    const forget = (reason: string): void => {
      if (child !== started) return
      child = null
      board.loseAll(reason, undefined, LOST_PROCESS)
    }
    started.on('message', (message) => {
      if (child === started) board.receive(message as FromProcess)
    })
    started.on('error', (error) => forget(error.message))
    started.on('exit', (code, signal) => forget(signal === null ? `exit code ${code}` : `signal ${signal}`))
    return started
  }
  const start = <Name extends JobName>(
    name: Name,
    input: JobInput<Name>,
    options: JobOptions<Name> = {},
  ): RunningJob<Name> => {
    let id: number | null = null
    const request: RunningJob<Name>['request'] = (requested) => {
      if (id !== null) send({ tag: 'request', id, request: requested })
    }
    const opened = board.open(
      name,
      {
        request,
        handled: () => {
          if (id !== null) send({ tag: 'handled', id })
        },
      },
      options,
    )
    id = opened.id
    if (id !== null) {
      const used = running()
      used.ref()
      used.channel?.ref()
      send({ tag: 'job', id, name, input })
    }
    return { result: opened.result as Promise<JobOutput<Name>>, request }
  }
  return {
    start,
    ask: (name, input, options) => start(name, input, options).result,
    get load() {
      return board.load
    },
    terminate: async () => {
      const ending = child
      child = null
      board.loseAll('it was terminated')
      if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return
      const ended = new Promise((resolve) => ending.once('exit', resolve))
      ending.kill('SIGKILL')
      await ended
    },
  }
}
