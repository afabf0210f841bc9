import type { ModelFacts, ModelFormat, ModelTensors, ModelTensorSummary, WireError } from '../../contract/index.js'

/** The largest file that Node reads at once; 20 000 units over CIFAR-10 are 246 MB. */
export const LARGEST_MODEL_FILE = 2 ** 31 - 1

/** A model file to read, and what is wanted of it. */
export interface ReadJob {
  source: { path: string } | { bytes: Uint8Array }
  /** What messages call the file. */
  name: string
  /** Whether the file is one of the archive: damage then has another advice than that of a person's own file. */
  own: boolean
  wants: {
    tensors?: boolean
    summaries?: boolean
    sha256?: boolean
    /** Of the model, not of the file. */ hash?: boolean
    /** The model written in this format. */ file?: ModelFormat
  }
}

/** What was read; null for what was not wanted. */
export interface ReadResult {
  facts: ModelFacts
  /** Size of the file. */
  bytes: number
  /** When the file was changed last; null for bytes. */
  modifiedAt: string | null
  sha256: string | null
  hash: string | null
  tensors: ModelTensors | null
  summaries: ModelTensorSummary[] | null
  file: Uint8Array | null
}

/** What a reader is started with. */
export interface ReaderSetting {
  /** Whether it may read the streams of the command line. */
  streams: boolean
}

export interface ToReader {
  id: number
  job: ReadJob
}
export type FromReader = { id: number; result: ReadResult } | { id: number; error: WireError }
