import { LabError, type DatasetKind, type DatasetStatus, type LabProgress } from '../../contract/index.js'
import type { LabContext, SomeHandlers } from '../context.js'
import type { ProgressListener } from '../datasets/storeFolder.js'

/** Progress goes to screens at most so often. */
const PROGRESS_EVERY_MS = 100

/** The dataset store of datasets: looked at, imported, downloaded, verified. */
export function datasetHandlers({
  bus,
  places,
  datasetStore,
}: LabContext): SomeHandlers<
  | 'dataset.list'
  | 'dataset.addFolders'
  | 'dataset.samples'
  | 'dataset.images'
  | 'dataset.import'
  | 'dataset.download'
  | 'dataset.cancelDownload'
  | 'dataset.verify'
> {
  const busy = new Map<DatasetKind, { topic: string; cancel: AbortController }>()

  const report = (topic: LabProgress['topic'], kind: DatasetKind): ProgressListener => {
    let reported = -Infinity
    return (progress) => {
      const now = performance.now()
      if (now - reported < PROGRESS_EVERY_MS && progress.done !== progress.total) return
      reported = now
      bus.emit('lab.progress', { topic, subject: kind, ...progress })
    }
  }
  /** One long work on a set at a time; whatever its end, screens receive the state of the set. */
  const occupy = async (
    topic: LabProgress['topic'],
    kind: DatasetKind,
    work: (onProgress: ProgressListener, signal: AbortSignal) => Promise<DatasetStatus>,
  ): Promise<DatasetStatus> => {
    const other = busy.get(kind)
    if (other !== undefined)
      throw new LabError('value.range', `${kind} is busy: a ${other.topic.replace('dataset.', '')} is in progress`, {
        dataset: kind,
      })
    const cancel = new AbortController()
    busy.set(kind, { topic, cancel })
    try {
      return await work(report(topic, kind), cancel.signal)
    } finally {
      busy.delete(kind)
      bus.emit('dataset.changed', { status: await datasetStore.status(kind) })
    }
  }
  return {
    'dataset.list': () => datasetStore.list(),
    'dataset.addFolders': async ({ folders }) => {
      for (const folder of folders) if (!places.folders.includes(folder)) places.folders.push(folder)
      for (const status of await datasetStore.list()) bus.emit('dataset.changed', { status })
      return [...places.folders]
    },
    'dataset.samples': ({ dataset, split, offset, count, label }) =>
      datasetStore.samples(dataset, split, offset, count, label),
    'dataset.images': ({ dataset, split, indices }) => datasetStore.images(dataset, split, indices),
    'dataset.import': ({ kind, path }) =>
      occupy('dataset.import', kind, (onProgress) => datasetStore.importArchive(kind, path, onProgress)),
    // A download outlives the window that asked for it; dataset.cancelDownload ends it.
    'dataset.download': ({ kind }) =>
      occupy('dataset.download', kind, (onProgress, signal) => datasetStore.download(kind, onProgress, signal)),
    'dataset.cancelDownload': async ({ kind }) => {
      const work = busy.get(kind)
      if (work?.topic === 'dataset.download') work.cancel.abort()
      return datasetStore.status(kind)
    },
    'dataset.verify': ({ kind }) =>
      occupy('dataset.verify', kind, (onProgress) => datasetStore.verify(kind, onProgress)),
  }
}
