import { toWireError } from '../../contract/index.js'
import type { JobInput, JobName } from './jobTable.js'
import type { FromProcess, ToProcess } from './processMessages.js'
import { createWorkerThread, type RunningJob } from './workerThread.js'

// A process with a compute thread of its own. It passes the messages of the lab on to the thread, which receives none while it computes.

const [entry = '', threads = ''] = process.argv.slice(2)
const thread = createWorkerThread(new URL(entry), 'compute', { threads: threads === '' ? null : Number(threads) })
const jobs = new Map<number, { job: RunningJob<JobName>; handled: (() => void)[] }>()

const send = (message: FromProcess): void => void process.send?.(message)

function start({ id, name, input }: Extract<ToProcess, { tag: 'job' }>): void {
  const handled: (() => void)[] = []
  const job = thread.start(name, input as JobInput<JobName>, {
    onEvent: (event: unknown) => {
      send({ tag: 'event', id, event })
      return new Promise<void>((resolve) => handled.push(resolve))
    },
  })
  jobs.set(id, { job, handled })
  void job.result
    .then(
      (output) => send({ tag: 'done', id, output }),
      (error: unknown) => send({ tag: 'fail', id, error: toWireError(error) }),
    )
    .finally(() => jobs.delete(id))
}

process.on('message', (message: ToProcess) => {
  if (message.tag === 'job') return start(message)
  const entryOfJob = jobs.get(message.id)
  if (message.tag === 'request') entryOfJob?.job.request(message.request)
  else entryOfJob?.handled.shift()?.()
})
// A terminal or batch system signals every process of a group; the lab still needs this one to store a checkpoint.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.on('disconnect', () => process.exit(0))
