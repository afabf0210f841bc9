import { Worker } from 'node:worker_threads'
import { fromWireError, LabError, type ModelRecord } from '../../contract/index.js'
import { entryFile } from '../entryFile.js'
import { inheritedStreamsAllowed } from '../files/userFile.js'
import { createTurns } from '../inTurn.js'
import type { FromReader, ReaderSetting, ReadJob, ReadResult, ToReader } from './readerJob.js'

/** Reads model files on a thread of its own, so that the host goes on answering, and a file that is made to hurt can be left. */
export interface ModelReader {
  /**
   * @param signal - ends the reading at once
   * @throws LabError `file.unreadable`, `file.invalid` or `file.damaged`, `model.foreign`, `model.unsafePickle`, `shape.mismatch`, `value.range`, `cancelled`
   */
  read(job: ReadJob, signal?: AbortSignal): Promise<ReadResult>
  /** The model of a file. */
  record(job: Omit<ReadJob, 'wants'>, signal?: AbortSignal): Promise<ModelRecord>
  close(): Promise<void>
}

/** A file of 2 GB on a slow disk takes a minute. */
const LIMIT_MS = 180_000
/** Objects of JavaScript; the numbers of a model are no part of it. */
const HEAP_MEGABYTES = 768

const COMPUTE_ENTRY = /computeThread(?=\.m?js$)/

/** The entry beside that of the compute thread; tests start other compute threads, which have none beside them. */
function entryBeside(computeThread: URL): URL {
  return COMPUTE_ENTRY.test(computeThread.href)
    ? new URL(computeThread.href.replace(COMPUTE_ENTRY, 'readerThread'))
    : entryFile('readerThread', './compute/readerThread.mjs')
}

/**
 * @param computeThread - entry of the compute thread, or its bundle in Electron; the reader's lies beside it
 * @param limitMs - how long one file may take
 */
export function createModelReader(computeThread: URL, limitMs = LIMIT_MS): ModelReader {
  const inTurn = createTurns()
  let worker: Worker | null = null
  let nextId = 1
  let closed = false

  const running = (): Worker => {
    if (worker !== null) return worker
    const started = new Worker(entryBeside(computeThread), {
      name: 'workbench-reader',
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
      workerData: { streams: inheritedStreamsAllowed() } satisfies ReaderSetting,
    })
    started.unref()
    started.on('exit', () => {
      if (worker === started) worker = null
    })
    // Without a job nobody else would hear of it.
    started.on('error', () => undefined)
    worker = started
    return started
  }
  const end = async (): Promise<void> => {
    const ending = worker
    worker = null
    await ending?.terminate()
  }
  const readNow = (job: ReadJob, signal: AbortSignal | undefined): Promise<ReadResult> =>
    new Promise((resolve, reject) => {
      if (closed || signal?.aborted === true)
        return reject(new LabError('cancelled', `reading ${job.name} was cancelled`))
      const id = nextId++
      const thread = running()
      const settle = (work: () => void): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        thread.off('message', onMessage).off('error', onError).off('exit', onExit)
        thread.unref()
        work()
      }
      const giveUp = (error: LabError): void =>
        settle(() => {
          void end()
          reject(error)
        })
      const onAbort = (): void => giveUp(new LabError('cancelled', `reading ${job.name} was cancelled`))
      const onMessage = (answer: FromReader): void => {
        if (answer.id === id)
          settle(() => ('result' in answer ? resolve(answer.result) : reject(fromWireError(answer.error))))
      }
      const onError = (error: unknown): void => {
        const memory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        const fact = memory
          ? 'reading it would need more memory than the limit for models'
          : `the reader thread failed: ${error instanceof Error ? error.message : String(error)}`
        giveUp(new LabError(memory ? 'file.invalid' : 'internal', `${job.name}: ${fact}`, {}, error))
      }
      const onExit = (code: number): void =>
        giveUp(new LabError('internal', `${job.name}: the reader thread exited with code ${code}`))
      const timer = setTimeout(
        () =>
          giveUp(new LabError('file.invalid', `${job.name}: reading took longer than ${Math.round(limitMs / 1000)} s`)),
        limitMs,
      )
      signal?.addEventListener('abort', onAbort)
      thread.on('message', onMessage).on('error', onError).on('exit', onExit)
      thread.ref()
      thread.postMessage({ id, job } satisfies ToReader)
    })
  const read: ModelReader['read'] = (job, signal) => inTurn(() => readNow(job, signal))
  return {
    read,
    record: async (job, signal) => {
      const { facts, tensors } = await read({ ...job, wants: { tensors: true } }, signal)
      if (tensors === null) throw new LabError('internal', 'a model was loaded without its tensors')
      return { facts, tensors }
    },
    close: async () => {
      closed = true
      await end()
    },
  }
}
