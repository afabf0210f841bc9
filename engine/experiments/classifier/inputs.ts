import { fillBatch } from '../../datasets/lpUnit.js'
import type { ImageSource } from '../../datasets/imageSource.js'
import type { Executor } from '../../executor/executor.js'
import { specsOf, type HostTree } from '../../executor/tree.js'
import { latentOf, type NetworkOptions, type NetworkParameters } from '../../networks/index.js'
import type { Tensor2D } from '../../tf.js'

/** Rows of float32 that are written once and read in any order; in memory, or on disk where they do not fit. */
export interface RowStore {
  write(firstRow: number, rows: Float32Array): void
  /** Copies rows one after the other into `target`. */
  read(rows: Int32Array, target: Float32Array): void
  close(): void
}

/** What the network is fed with: images, or the latent activations of a frozen first layer. */
export interface NetworkInputs {
  kind: 'images' | 'latent'
  width: number
  count: number
  labels: Uint8Array
  /** Rows of these images as a batch, rows x width. */
  rows(indices: Int32Array): Float32Array
  close(): void
}

/** Images, each scaled to unit Lp norm. */
export function imageInputs(source: ImageSource, imageNorm: number): NetworkInputs {
  const width = source.shape[0] * source.shape[1] * source.shape[2]
  return {
    kind: 'images',
    width,
    count: source.count,
    labels: source.labels,
    rows: (indices) => {
      const batch = new Float32Array(indices.length * width)
      fillBatch(source, indices, imageNorm, batch)
      return batch
    },
    close: () => {},
  }
}

/** The whole numbers from..to-1. */
export const numbers = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: to - from }, (_, index) => from + index)

/**
 * Latent activations of all images, computed once: a frozen first layer need not be computed in every epoch.
 *
 * @param images - what the layer sees
 * @param batchSize - images computed at a time
 * @param openRows - a place for count x width numbers
 * @param cancelled - looked at between batches
 * @returns null when it was cancelled
 */
export async function latentInputs({
  images,
  parameters,
  network,
  batchSize,
  executor,
  openRows,
  cancelled,
}: {
  images: NetworkInputs
  parameters: HostTree<NetworkParameters>
  network: NetworkOptions
  batchSize: number
  executor: Executor
  openRows(rows: number, width: number): RowStore
  cancelled(): boolean
}): Promise<NetworkInputs | null> {
  const width = (parameters['weights'] as { shape: readonly number[] } | undefined)?.shape[0] ?? images.width
  const store = openRows(images.count, width)
  try {
    for (let start = 0; start < images.count; start += batchSize) {
      if (cancelled()) {
        store.close()
        return null
      }
      const chosen = numbers(start, Math.min(images.count, start + batchSize))
      const input = {
        parameters,
        images: { data: images.rows(chosen), shape: [chosen.length, images.width] },
      } as unknown as HostTree<{ parameters: NetworkParameters; images: Tensor2D }>
      const program = await executor.compile(
        latentOf,
        specsOf<{ parameters: NetworkParameters; images: Tensor2D }>(input),
        network,
      )
      store.write(start, (await program.run(input)).latent.data as Float32Array)
    }
  } catch (error) {
    store.close()
    throw error
  }
  return {
    kind: 'latent',
    width,
    count: images.count,
    labels: images.labels,
    rows: (indices) => {
      const batch = new Float32Array(indices.length * width)
      store.read(indices, batch)
      return batch
    },
    close: store.close,
  }
}

/** Rows in memory. */
export function memoryRows(rows: number, width: number): RowStore {
  const all = new Float32Array(rows * width)
  return {
    write: (first, values) => all.set(values, first * width),
    read: (indices, target) =>
      indices.forEach((row, place) => target.set(all.subarray(row * width, (row + 1) * width), place * width)),
    close: () => {},
  }
}
