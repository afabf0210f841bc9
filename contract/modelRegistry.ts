import type { DatasetSpec, DatasetSplit } from './dataset.js'
import type { ExecutorName } from './common.js'
import type { ModelFacts, ModelFormat, ModelTensorName } from './model.js'
import type { RunId } from './runId.js'

/** How the lab lists a model: one that was imported, or one of a finished run. */
export interface ModelEntry {
  /** What commands take: the imported name, a run's id, or the id with `/pruned`. */
  name: string
  /** What a person reads: the imported name, or the run's. */
  label: string
  origin: 'imported' | 'run'
  run: RunId | null
  /** Null when the file cannot be read; `note` then says why. */
  facts: ModelFacts | null
  note: string | null
  /** Name of the file that was imported, and the sha256 of its bytes. */
  source: string | null
  sha256: string | null
  bytes: number
  addedAt: string
}

/** One tensor of a model in numbers. */
export interface ModelTensorSummary {
  name: ModelTensorName
  shape: readonly number[]
  smallest: number
  largest: number
  mean: number
}

/** A model to look at: its tensors in numbers, and the first layer, units x inputs. */
export interface ModelView {
  entry: ModelEntry
  facts: ModelFacts
  tensors: ModelTensorSummary[]
  weights: Float32Array
}

/** Where an import comes from: a file of this machine, bytes that were dropped into a browser, or parts that it sent with `model.upload`. */
export type ModelSource =
  { path: string } | { fileName: string; bytes: Uint8Array } | { fileName: string; upload: string }

/** A larger file is sent in parts of this size. */
export const UPLOAD_PART_BYTES = 16 * 2 ** 20

/** A model as a file. */
export interface ExportedModel {
  fileName: string
  format: ModelFormat
  size: number
  /** Where it was written; null when the bytes were asked for. */
  path: string | null
  bytes: Uint8Array | null
}

/** What an evaluation takes. */
export interface EvaluationRequest {
  /** Imported name, run, or path of a model file. */
  model: string
  dataset: DatasetSpec
  split: DatasetSplit
  /** Number of images from the start; null means all. */
  images: number | null
  /** p of the images' norm; null takes the layer's own, and 3 where the model knows none. */
  lebesgueNorm: number | null
  executor: ExecutorName | 'auto'
  /** How many rows of logits are handed back. */
  logits: number
}

/** A model in evaluation mode over images in their order. */
export interface ModelEvaluation {
  images: number
  correct: number
  /** A fraction. */
  accuracy: number
  /** The class with the largest logit, one an image. */
  predictions: Int32Array
  /** The first rows, K x C, row by row. */
  logits: Float32Array
  classes: number
  lebesgueNorm: number
  executor: ExecutorName
}

/** How a name of a model is spelt: letters of any script with their marks, digits, spaces, dots, dashes and underscores; nothing that looks like a run or a file. */
export const MODEL_NAME =
  /^(?!r-[0-9a-f]{8}$)(?!.*\.(?:pty|pt|pth|safetensors|npz)$)[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,99}$/iu

/** Names that Windows keeps for devices, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i
/** File systems allow 255 bytes; the longest ending of a model file is `.safetensors`. */
const MOST_BYTES = 255 - '.safetensors'.length

/** Bytes of a text in UTF-8. */
function bytesOf(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}

/** Why a model cannot be called so; null when it can. Models of older archives may have names that are refused now. */
export function modelNameFault(name: string): string | null {
  if (!MODEL_NAME.test(name))
    return 'expected a name of letters, digits, spaces, dots, dashes and underscores that is not the name of a run or a file'
  if (RESERVED.test(name)) return 'expected a name that Windows does not reserve for a device'
  if (/[. ]$/.test(name)) return 'expected a name that does not end in a dot or a space'
  return bytesOf(name) > MOST_BYTES
    ? `expected a name of at most ${MOST_BYTES} bytes in UTF-8, the limit for file names; this one has ${bytesOf(name)}`
    : null
}

/** A text cut to what a model may be called, at a whole character. */
export function cutName(text: string): string {
  let cut = [...text].slice(0, 100)
  while (bytesOf(cut.join('')) > MOST_BYTES) cut = cut.slice(0, -1)
  return cut.join('').replace(/[. ]+$/, '')
}

/** The name of a model without the ending of a model file. */
export const withoutModelEnding = (name: string): string => name.replace(/\.(pty|pt|pth|safetensors|npz)$/i, '')
