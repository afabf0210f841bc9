import { LabError, type DatasetSpec, type DatasetSplit } from '../../contract/index.js'
import type { OpenNoise } from '../../engine/attacks/noiseSource.js'
import type { ImageSource } from '../../engine/datasets/imageSource.js'
import { loadSource } from '../datasets/loadSource.js'
import { createExecutor, type ChosenExecutor } from './executors/index.js'
import { limitThreads } from './executors/threads.js'
import { ON_EVERY_THREAD } from './interactiveThread.js'
import type { DataPlaces, ExecutorChoice } from './jobTable.js'
import { openNoiseAhead, type NoiseAhead } from './noiseAhead.js'
import type { ThreadData } from './workerThread.js'

/** What a worker thread keeps between jobs: its executor and the images it read last. */
export interface WorkerResources {
  readonly role: 'compute' | 'analysis'
  /** The executor of this choice; one lives at a time. */
  executor(choice: ExecutorChoice): Promise<ChosenExecutor>
  /** Lets go of the executor, so that others can be tried; one that is broken goes too. */
  clear(): Promise<void>
  images(dataset: DatasetSpec, split: DatasetSplit, places: DataPlaces): Promise<ImageSource>
  /** Noise that is drawn ahead on a thread of its own, started when it is first asked for; null where none lies beside this thread. */
  openNoise(): OpenNoise | null
}

/** The entry of the compute thread, and that of the noise thread beside it. */
const COMPUTE_ENTRY = /computeThread(?=\.m?js$)/

/** @param role - the analysis thread has `wasm` and `cpu` alone: the native library lives in the compute thread */
export function openWorkerResources({ role, entry, threads }: ThreadData): WorkerResources {
  if (threads !== null) limitThreads(threads)
  let noise: NoiseAhead | null = null
  let held: { key: string; chosen: ChosenExecutor } | null = null
  let kept: { key: string; images: Promise<ImageSource> }[] = []

  const clear = async (): Promise<void> => {
    const old = held
    held = null
    // What its device is gone from cannot be tidied up.
    await old?.chosen.executor.dispose().catch(() => undefined)
  }
  return {
    role,
    clear,
    openNoise: () => {
      if (!COMPUTE_ENTRY.test(entry)) return null
      noise ??= openNoiseAhead(new URL(entry.replace(COMPUTE_ENTRY, 'noiseThread')))
      return noise.open
    },
    executor: async ({ asked, preferred, avoid }) => {
      if (role === 'analysis' && !ON_EVERY_THREAD.has(asked))
        throw new LabError(
          'internal',
          `${asked} was requested of the analysis thread, which computes on WebAssembly alone`,
        )
      const name = role === 'analysis' && asked !== 'cpu' ? 'wasm' : asked
      const key = JSON.stringify([name, preferred, avoid])
      if (held?.key === key) return held.chosen
      await clear()
      held = { key, chosen: await createExecutor(name, { preferred, avoid }) }
      return held.chosen
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
