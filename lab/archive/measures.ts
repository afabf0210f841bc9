import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError, type ArrayName, type ArrayRecord, type RunId, type RunNotice } from '../../contract/index.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import { ifMissing } from '../files/missing.js'
import { readNpy, writeNpy } from '../formats/index.js'
import type { Archive } from './archive.js'
import { readLastCheckpointFiles, writeCheckpointFiles } from './checkpoints.js'
import { appendLines, lineOf, mendLastLine, numberOf, readLines } from './lines.js'
import { createMetricCache } from './metricCache.js'
import { loadMetrics } from './metrics.js'
import { runFolder } from './paths.js'

/** What runs measure and log. */
export interface MeasureStore extends Pick<
  Archive,
  | 'appendMetrics'
  | 'readMetrics'
  | 'appendNotice'
  | 'readNotices'
  | 'writeArray'
  | 'readArray'
  | 'arrayEpochs'
  | 'writeCheckpoint'
  | 'readLastCheckpoint'
  | 'rewindTo'
> {
  /** Forgets what is remembered of a run. */
  forget(id: RunId): void
}

const cutShort = (dropped: number, wall: number): RunNotice => ({
  wall,
  level: 'warning',
  topic: 'archive',
  text: `${dropped} ${dropped === 1 ? 'line' : 'lines'} of the log were cut short by a crash and cannot be read`,
  epoch: null,
})

/** @param expectKnown - @throws LabError `run.missing` */
export function openMeasures(
  folder: string,
  { readOnly, expectKnown }: { readOnly: boolean; expectKnown: (id: RunId) => void },
): MeasureStore {
  const at = (id: RunId, ...path: string[]): string => join(runFolder(folder, id), ...path)
  const metrics = createMetricCache(async (id) => {
    if (!readOnly) await mendLastLine(at(id, 'metrics.jsonl'))
    return loadMetrics(at(id, 'metrics.jsonl'))
  })
  const appendNotice = async (id: RunId, notice: RunNotice): Promise<void> => {
    await mendLastLine(at(id, 'notices.jsonl'))
    await appendLines(at(id, 'notices.jsonl'), [notice])
  }
  const arrayEpochs = async (id: RunId, name: ArrayName): Promise<number[]> => {
    expectKnown(id)
    const names = await readdir(at(id, 'arrays', name)).catch(ifMissing([]))
    return names
      .filter((file) => /^\d+\.npy$/.test(file))
      .map((file) => Number(file.slice(0, -4)))
      .sort((a, b) => a - b)
  }
  return {
    appendNotice,
    arrayEpochs,
    forget: metrics.forget,
    appendMetrics: async (id, batch) => {
      expectKnown(id)
      await metrics.append(id, batch, () =>
        appendLines(
          at(id, 'metrics.jsonl'),
          batch.map(({ step, epoch, name, value, wall }) => ({ step, epoch, name, value, wall })),
        ),
      )
    },
    readMetrics: async (id, names) => {
      expectKnown(id)
      return (await metrics.of(id)).columns(names)
    },
    readNotices: async (id) => {
      expectKnown(id)
      const { lines, dropped } = await readLines(at(id, 'notices.jsonl'))
      const notices = lines as RunNotice[]
      return dropped === 0 ? notices : [...notices, cutShort(dropped, notices.at(-1)?.wall ?? 0)]
    },
    writeArray: async (id, { name, epoch, shape, data }) => {
      expectKnown(id)
      await writeFileAtomically(at(id, 'arrays', name, `${epoch}.npy`), writeNpy({ data, shape }))
    },
    readArray: async (id, name, epoch): Promise<ArrayRecord> => {
      const wanted = epoch ?? (await arrayEpochs(id, name)).at(-1)
      const bytes =
        wanted === undefined ? null : await readFile(at(id, 'arrays', name, `${wanted}.npy`)).catch(ifMissing(null))
      if (wanted === undefined || bytes === null)
        throw new LabError(
          'run.nothingToShow',
          `${id} has not stored ${name}${epoch === null ? '' : ` at epoch ${epoch}`}`,
          { run: id, name },
        )
      return { name, epoch: wanted, ...readNpy(bytes) }
    },
    writeCheckpoint: async (id, checkpoint, keep) => {
      expectKnown(id)
      await writeCheckpointFiles(at(id, 'checkpoints'), checkpoint, keep)
    },
    readLastCheckpoint: async (id) => {
      expectKnown(id)
      return readLastCheckpointFiles(at(id, 'checkpoints'), async (name) => {
        if (!readOnly)
          await appendNotice(id, {
            wall: Date.now(),
            level: 'warning',
            topic: 'archive',
            text: `skipped the damaged checkpoint ${name}`,
            epoch: null,
          })
      })
    },
    rewindTo: async (id, step, epoch) => {
      expectKnown(id)
      const path = at(id, 'metrics.jsonl')
      const { lines } = await readLines(path)
      const kept = lines.filter((line) => numberOf((line as { step?: unknown }).step) <= step)
      if (kept.length !== lines.length)
        await writeFileAtomically(path, new TextEncoder().encode(kept.map(lineOf).join('')))
      metrics.forget(id)
      for (const name of await readdir(at(id, 'arrays')).catch(ifMissing([]))) {
        for (const stored of await arrayEpochs(id, name as ArrayName))
          if (stored > epoch) await rm(at(id, 'arrays', name, `${stored}.npy`), { force: true })
      }
    },
  }
}
