import { statfs } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { asLabError } from '../../contract/index.js'
import type { LabContext, SomeHandlers } from '../context.js'
import { examine } from '../doctor/index.js'

/** What the frame, the status bar and the check list ask. */
export function labHandlers(
  context: LabContext,
): SomeHandlers<
  'lab.info' | 'lab.vitals' | 'activity.list' | 'lab.doctor' | 'settings.get' | 'settings.set' | 'preset.list'
> {
  const { activity, archive, bus, machine, options, presets, queue } = context
  return {
    'lab.info': async () => {
      // The frame must come up even where the compute thread cannot; the note then says why.
      const { chosen, note, executors } = await machine
        .executors()
        .catch((error: unknown) => ({ chosen: 'cpu' as const, note: asLabError(error).message, executors: [] }))
      return {
        version: options.version,
        archiveFolder: archive.folder,
        storeFolder: options.storeFolder,
        ...(options.log === undefined ? {} : { logFolder: options.log.folder }),
        executor: chosen,
        executorNote: note,
        executors,
        threads: availableParallelism(),
        platform: `${process.platform} ${process.arch}`,
        host: options.host,
        totalMemoryBytes: totalmem(),
      }
    },
    'lab.vitals': async () => {
      const disk = await statfs(archive.folder)
      return {
        processMemoryBytes: process.memoryUsage.rss(),
        totalMemoryBytes: totalmem(),
        freeDiskBytes: disk.bavail * disk.bsize,
        runningRun: queue.runningIds[0] ?? null,
        queuedRuns: queue.ids.length,
        archiveProblems: archive.problems.list(),
      }
    },
    'activity.list': async () => [...activity.activities],
    'lab.doctor': () => examine(context),
    'settings.get': () => archive.readSettings(),
    'settings.set': async (changes) => {
      const settings = await archive.changeSettings(changes)
      bus.emit('settings.changed', settings)
      if (settings.queueHeld !== queue.held) await queue.hold(settings.queueHeld)
      return settings
    },
    'preset.list': async () => [...presets],
  }
}
