import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import {
  DATASETS,
  DATASET_KINDS,
  asLabError,
  type DatasetKind,
  type DatasetStatus,
  type LabError,
  type LabProgress,
} from '../../contract/index.js'
import { useLink } from '../composables/useLink.js'
import { useLabStore } from './lab.js'

/** Work on a set that is in progress, and how far it is. */
export interface DatasetWork {
  topic: LabProgress['topic']
  progress: LabProgress | null
}

/** State of the datasets, and imports, downloads and checks in progress. */
export const useDatasetsStore = defineStore('datasets', () => {
  const link = useLink()
  const lab = useLabStore()
  const statuses = shallowRef<ReadonlyMap<DatasetKind, DatasetStatus>>(new Map())
  const work = shallowRef<ReadonlyMap<DatasetKind, DatasetWork>>(new Map())
  const failures = shallowRef<ReadonlyMap<DatasetKind, LabError>>(new Map())
  const error = shallowRef<LabError | null>(null)

  const withEntry = <Value>(
    map: ReadonlyMap<DatasetKind, Value>,
    kind: DatasetKind,
    value: Value | null,
  ): ReadonlyMap<DatasetKind, Value> => {
    const next = new Map(map)
    if (value === null) next.delete(kind)
    else next.set(kind, value)
    return next
  }
  const take = (status: DatasetStatus): void => {
    statuses.value = withEntry(statuses.value, status.kind, status)
  }
  const refresh = async (): Promise<void> => {
    try {
      statuses.value = new Map((await link.call('dataset.list', null)).map((status) => [status.kind, status]))
      error.value = null
    } catch (thrown) {
      error.value = asLabError(thrown)
    }
  }
  /** Runs a long work on one set; its failure stays with the set until the next try. */
  const occupy = async (
    kind: DatasetKind,
    topic: LabProgress['topic'],
    call: () => Promise<DatasetStatus>,
  ): Promise<void> => {
    failures.value = withEntry(failures.value, kind, null)
    work.value = withEntry(work.value, kind, { topic, progress: null })
    try {
      take(await call())
    } catch (thrown) {
      const failure = asLabError(thrown)
      if (failure.code !== 'cancelled') failures.value = withEntry(failures.value, kind, failure)
    } finally {
      work.value = withEntry(work.value, kind, null)
    }
  }

  return {
    statuses,
    work,
    failures,
    error,
    refresh,
    kinds: DATASET_KINDS,
    facts: DATASETS,
    start: (): void => {
      link.listen(
        'dataset.changed',
        ({ status }) => {
          take(status)
          work.value = withEntry(work.value, status.kind, null)
        },
        () => void refresh(),
      )
      link.listen('lab.progress', (progress) => {
        const kind = DATASET_KINDS.find((known) => known === progress.subject)
        if (kind !== undefined) work.value = withEntry(work.value, kind, { topic: progress.topic, progress })
      })
      lab.onMended(() => void refresh())
      void refresh()
    },
    importFrom: (kind: DatasetKind, path: string) =>
      occupy(kind, 'dataset.import', () => link.call('dataset.import', { kind, path })),
    download: (kind: DatasetKind) => occupy(kind, 'dataset.download', () => link.call('dataset.download', { kind })),
    verify: (kind: DatasetKind) => occupy(kind, 'dataset.verify', () => link.call('dataset.verify', { kind })),
    cancelDownload: async (kind: DatasetKind) => take(await link.call('dataset.cancelDownload', { kind })),
  }
})
