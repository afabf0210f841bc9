import type { DatasetSpec, DatasetSplit, ExecutorName, LocalLearningSpec } from '../../contract/index.js'
import type { ImageSource } from '../../engine/datasets/imageSource.js'
import type { Executor } from '../../engine/executor/executor.js'
import { loadSource } from '../datasets/loadSource.js'
import { createExecutor } from './executors/index.js'
import type { DataPlaces } from './jobTable.js'

/** What a worker thread keeps between jobs: its executor and the images it read last. */
export interface Bench {
  readonly role: 'compute' | 'analysis'
  /** The executor of this name, or what `auto` takes; one lives at a time. */
  executor(name: LocalLearningSpec['executor']): Promise<{ executor: Executor; note: string }>
  /** Lets go of the executor, so that others can be tried. */
  clear(): Promise<void>
  images(dataset: DatasetSpec, split: DatasetSplit, places: DataPlaces): Promise<ImageSource>
}

/** @param role - the analysis thread takes `wasm` whatever is asked: the native library lives in the compute thread alone */
export function openBench({ role }: { role: 'compute' | 'analysis' }): Bench {
  let held: { asked: string; executor: Executor; note: string } | null = null
  let kept: { key: string; images: Promise<ImageSource> }[] = []

  const clear = async (): Promise<void> => {
    const old = held
    held = null
    await old?.executor.dispose()
  }
  return {
    role,
    clear,
    executor: async (name) => {
      const asked: ExecutorName | 'auto' = role === 'analysis' && name !== 'cpu' ? 'wasm' : name
      if (held?.asked === asked) return held
      await clear()
      held = { asked, ...(await createExecutor(asked)) }
      return held
    },
    images: (dataset, split, places) => {
      const key = JSON.stringify([dataset, split, places])
      const known = kept.find((entry) => entry.key === key)
      if (known !== undefined) return known.images
      const images = loadSource(dataset, split, places)
      // Two: the images of a run, and the noise that they are compared with.
      kept = [{ key, images }, ...kept].slice(0, 2)
      // A set that could not be read may be there the next time.
      images.catch(() => {
        kept = kept.filter((entry) => entry.images !== images)
      })
      return images
    },
  }
}
