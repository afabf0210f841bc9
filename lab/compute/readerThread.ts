import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { LabError, tensorShapes, toWireError, type ModelRecord, type ModelTensorSummary } from '../../contract/index.js'
import { allowInheritedStreams, asUserError, readUserFile } from '../files/userFile.js'
import { readModelFile, writeModelFile } from '../formats/index.js'
import { modelHash } from '../formats/modelHash.js'
import {
  LARGEST_MODEL_FILE,
  type FromReader,
  type ReaderSetting,
  type ReadJob,
  type ReadResult,
  type ToReader,
} from './readerJob.js'

const port = parentPort
if (port === null) throw new LabError('internal', 'readerThread.ts must be started as a worker')
if ((workerData as ReaderSetting | null)?.streams === true) allowInheritedStreams()

function summariesOf(record: ModelRecord): ModelTensorSummary[] {
  return [...tensorShapes(record.facts)].map(([name, shape]) => {
    const data = record.tensors[name] ?? new Float32Array(0)
    let [smallest, largest, sum] = [Infinity, -Infinity, 0]
    for (const value of data) {
      if (value < smallest) smallest = value
      if (value > largest) largest = value
      sum += value
    }
    return { name, shape, smallest, largest, mean: sum / data.length }
  })
}

async function bytesOf({ source }: ReadJob): Promise<{ bytes: Uint8Array; modifiedAt: string | null }> {
  if ('bytes' in source) return { bytes: source.bytes, modifiedAt: null }
  const { bytes, modifiedAt } = await readUserFile(source.path, LARGEST_MODEL_FILE)
  return { bytes, modifiedAt: modifiedAt.toISOString() }
}

async function work(job: ReadJob): Promise<ReadResult> {
  const { bytes, modifiedAt } = await bytesOf(job)
  const record = ((): ModelRecord => {
    try {
      return readModelFile(bytes)
    } catch (error) {
      throw job.own ? error : asUserError(job.name, error)
    }
  })()
  return {
    facts: record.facts,
    bytes: bytes.length,
    modifiedAt,
    sha256: job.wants.sha256 === true ? createHash('sha256').update(bytes).digest('hex') : null,
    hash: job.wants.hash === true ? modelHash(record) : null,
    tensors: job.wants.tensors === true ? record.tensors : null,
    summaries: job.wants.summaries === true ? summariesOf(record) : null,
    file: job.wants.file === undefined ? null : writeModelFile(record, job.wants.file),
  }
}

/** Buffers that can be handed over; a part of a larger one is copied. */
function buffersOf({ tensors, file }: ReadResult): ArrayBuffer[] {
  const arrays = [...Object.values(tensors ?? {}), ...(file === null ? [] : [file])].filter(
    (array) => array !== undefined,
  )
  return [
    ...new Set(
      arrays
        .filter(({ buffer, byteLength }) => buffer instanceof ArrayBuffer && buffer.byteLength === byteLength)
        .map(({ buffer }) => buffer as ArrayBuffer),
    ),
  ]
}

port.on('message', ({ id, job }: ToReader) => {
  const post = (message: FromReader, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)
  work(job).then(
    (result) => post({ id, result }, buffersOf(result)),
    (error: unknown) => post({ id, error: toWireError(error) }),
  )
})
