import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { LabError, asLabError, type EventName, type Events } from '../contract/index.js'
import { createActivityList } from './jobs/activity.js'
import { openArchive } from './archive/index.js'
import { guarded } from './archive/owned.js'
import { createModelReader } from './compute/modelReader.js'
import { createComputeSlots, type ComputeSlots } from './compute/slots.js'
import { createWorkerThread } from './compute/workerThread.js'
import type { Handlers, LabContext, LabOptions } from './context.js'
import type { LabCore } from './core.js'
import { openDatasetStore } from './datasets/index.js'
import { createEventBus, type EventBus } from './eventBus.js'
import { compareHandlers } from './handlers/compareHandlers.js'
import { datasetHandlers } from './handlers/datasetHandlers.js'
import { figureHandlers } from './handlers/figureHandlers.js'
import { isCommandName, parseInput } from './handlers/inputs.js'
import { labHandlers } from './handlers/labHandlers.js'
import { libraryHandlers } from './handlers/libraryHandlers.js'
import { lookHandlers } from './handlers/lookHandlers.js'
import { measureHandlers } from './handlers/measureHandlers.js'
import { modelHandlers } from './handlers/modelHandlers.js'
import { probeHandlers } from './handlers/probeHandlers.js'
import { pruningHandlers } from './handlers/pruningHandlers.js'
import { replayHandlers } from './handlers/replayHandlers.js'
import { robustnessHandlers } from './handlers/robustnessHandlers.js'
import { runHandlers } from './handlers/runHandlers.js'
import { spectrumHandlers } from './handlers/spectrumHandlers.js'
import { openLibrary } from './library/index.js'
import type { ProbeSources } from './library/probeStore.js'
import { labelledQueue } from './library/labelledQueue.js'
import { labelledBus } from './library/labelledBus.js'
import { logFailure, logJobs } from './log/follow.js'
import { errorText, type Log } from './log/log.js'
import { createLookBook } from './lookBook.js'
import { createMachine } from './machine.js'
import { createMeter } from './jobs/meter.js'
import type { OwnerServer } from './owner/listen.js'
import { openModelRegistry } from './models/registry.js'
import { createUploads } from './models/uploads.js'
import { rankedSpectra } from './probes/rankedSpectra.js'
import { openResultStore, type ResultStore } from './probes/resultStore.js'
import { openSweeps } from './probes/sweeps.js'
import { openSweepStore } from './probes/sweepStore.js'
import { readPresets } from './presets.js'
import { openQueue } from './jobs/runs/queue.js'
import { expectReading, isReading } from './readOnly.js'
import { openReplays } from './repro/replays.js'
import { openReplayStore } from './repro/replayStore.js'
import { programVersions } from './versions.js'

/** A workbench without a window: hosts give it one, or call it themselves. */
export interface Lab extends LabCore {
  /** Lets a running run write a checkpoint of this very step, marks it interrupted, and lets go of the archive; takes seconds. */
  close(): Promise<void>
  /** Other programs that have their commands carried out here; null where none can reach this lab. */
  readonly callers: Pick<OwnerServer, 'callers' | 'idle'> | null
}

/** A checkpoint of the largest layer takes less; a thread that needs longer has died. */
const CLOSE_LIMIT_MS = 20_000

/**
 * Opens a lab on an archive: its queue, its threads, its commands.
 *
 * @param options - folders, host, worker entry and version
 * @throws LabError `archive.busy` when another lab has the archive open, `archive.newerVersion`, `file.unwritable`
 */
export async function createLab(options: LabOptions): Promise<Lab> {
  const presets = await readPresets(options.resourcesFolder)
  const { readOnly = false, takeOver = false, waiting } = options
  const archive = await openArchive(options.archiveFolder, {
    readOnly,
    takeOver,
    ...(waiting === undefined ? {} : { waiting }),
  })
  const slots = createComputeSlots(options.computeThread)
  const { compute } = slots
  const analysis = createWorkerThread(options.computeThread, 'analysis')
  const matcher = createWorkerThread(options.computeThread, 'analysis')
  const reader = createModelReader(options.computeThread)
  // Undone last first: the archive is let go of when nothing computes any more.
  const opened: (() => Promise<unknown>)[] = [
    () => archive.close(),
    () => Promise.all([compute.terminate(), analysis.terminate(), matcher.terminate(), reader.close()]),
  ]
  const guard = archive.expectOwned
  try {
    // Commands of other programs may add folders.
    const places = { folders: [...options.dataFolders], home: options.storeFolder }
    const datasetStore = await openDatasetStore(places)
    const { log } = options
    const events = createEventBus(
      log === undefined ? undefined : (name, error) => log.write('error', name, errorText(error)),
    )
    let probeSources: ProbeSources | null = null
    const { library, labels, imported, source } = await openLibrary(archive, analysis, {
      readOnly,
      sources: () => probeSources,
      changed: (ids) => events.emit('library.changed', { ids, state: labels.state() }),
    })
    opened.push(library.close)
    const bus = labelledBus(events, labels)
    bus.listen('run.changed', ({ record }) => library.touch([record.id]))
    bus.listen('run.removed', ({ id }) => library.touch([id]))
    if (log !== undefined) logStart(options, log, bus)
    slots.use(await archive.readSettings())
    const machine = createMachine(compute, archive.readSettings)
    const interactive = options.host !== 'terminal'
    // Before the queue starts: behind a run the answer would come in hours. A window asks for it at once.
    if (interactive)
      machine.executors().then(
        ({ chosen, note }) => log?.write('info', 'executor', `${chosen} (${note})`),
        (error: unknown) => log?.write('error', 'executor', errorText(error)),
      )
    const plainQueue = await openQueue({
      services: { archive, compute, places, bus, meter: createMeter(bus) },
      versions: programVersions(options.version),
      held: (await archive.readSettings()).queueHeld,
      startOld: interactive,
      readOnly,
      slots: slots.count,
    })
    const queue = labelledQueue(plainQueue, labels)
    opened.push(() => queue.close(CLOSE_LIMIT_MS))
    const versions = programVersions(options.version)
    const cache = { folder: join(archive.folder, 'cache', 'predictions'), versions, writes: !readOnly }
    const models = guarded(openModelRegistry(archive.folder, reader), ['add', 'remove'], guard)
    const store = guarded(
      await openSweepStore(archive.folder, { readOnly }),
      ['create', 'update', 'remove', 'writePass', 'writeProgress', 'removeProgress'],
      guard,
    )
    const sweeps = await openSweeps(
      { store, compute, models: { archive, models, reader }, places, cache },
      { bus, versions, readOnly, slots: slots.count },
    )
    opened.push(() => sweeps.close(CLOSE_LIMIT_MS, () => void compute.terminate()))
    const results = <Result extends { id: string }>(kind: string, letter: string): ResultStore<Result> =>
      guarded(openResultStore<Result>(archive.folder, kind, letter, archive.problems), ['write', 'remove'], guard)
    const context: LabContext = {
      options,
      archive,
      library,
      labels: guarded(labels, ['edit', 'undo', 'redo'], guard),
      imported: guarded(imported, ['add', 'remove'], guard),
      source,
      datasetStore,
      models,
      reader,
      places,
      cache,
      uploads: createUploads(readOnly ? tmpdir() : archive.folder),
      compute,
      analysis,
      matcher,
      queue,
      bus,
      presets,
      machine,
      sweeps,
      versions,
      computing: () => queue.runningIds[0] ?? sweeps.list().find(({ state }) => state === 'running')?.id ?? null,
      looks: guarded(
        createLookBook({ folder: archive.folder, readOnly, problems: archive.problems }),
        ['assign'],
        guard,
      ),
      activity: createActivityList(bus),
      spectra: rankedSpectra(results('spectra', 's'), analysis),
      planes: results('planes', 'p'),
    }
    probeSources = context
    followSlots(context, slots)
    return await openedLab(context)
  } catch (error) {
    for (const undo of opened.reverse()) await undo().catch(() => undefined)
    throw error
  }
}

function logStart({ archiveFolder, host, version }: LabOptions, log: Log, bus: EventBus): void {
  const versions = Object.entries(programVersions(version)).map(([name, value]) => `${name} ${value}`)
  log.write('info', 'start', `${host}, process ${process.pid}, archive ${archiveFolder}, ${versions.join(', ')}`)
  logJobs(log, bus)
}

/** Takes changes of the settings: with more slots, waiting jobs may start at once. */
function followSlots({ bus, queue, sweeps }: LabContext, slots: ComputeSlots): void {
  bus.listen('settings.changed', (settings) => {
    slots.use(settings)
    queue.look()
    sweeps.look()
  })
}

async function openedLab(context: LabContext): Promise<Lab> {
  const { activity, analysis, archive, bus, compute, library, matcher, options, queue, reader, sweeps, uploads } =
    context
  // A replay asks the lab the same commands as any host.
  const core: LabCore = {
    call: (...question) => lab.call(...question),
    listen: (...question) => lab.listen(...question),
  }
  const store = guarded(
    await openReplayStore(archive.folder, { readOnly: options.readOnly === true }),
    ['create', 'update', 'remove'],
    archive.expectOwned,
  )
  const replays = await openReplays({
    lab: core,
    store,
    readOnly: options.readOnly === true,
    changed: (record) => bus.emit('replay.changed', { record }),
    ...(options.changeReplay === undefined ? {} : { change: options.changeReplay }),
  })
  const handlers: Handlers = {
    ...labHandlers(context),
    ...compareHandlers(context),
    ...libraryHandlers(context),
    ...lookHandlers(context),
    ...runHandlers(context),
    ...measureHandlers(context),
    ...spectrumHandlers(context),
    ...pruningHandlers(context),
    ...figureHandlers(context),
    ...datasetHandlers(context),
    ...modelHandlers(context),
    ...robustnessHandlers(context),
    ...probeHandlers(context),
    ...replayHandlers({ lab: core, replays, store }),
  }
  let closing: Promise<void> | null = null
  let callers: OwnerServer | null = null
  let lost: LabError | null = null
  const closeSweeps = (): Promise<void> => sweeps.close(CLOSE_LIMIT_MS, () => void compute.terminate())
  archive.onLost((error) => {
    lost = error
    // Their last writes are refused, and so they end as failed, with this error.
    for (const work of [replays.close(), queue.close(CLOSE_LIMIT_MS), closeSweeps()]) work.catch(() => undefined)
  })
  const lab: Lab = {
    call: async (name, input, { signal = new AbortController().signal } = {}) => {
      if (!isCommandName(name)) throw new LabError('link.unknownCommand', `the command ${String(name)} does not exist`)
      if (closing !== null) throw new LabError('link.lost', 'the workbench is closing')
      if (options.readOnly === true) expectReading(name, input)
      if (lost !== null && !isReading(name, input)) throw lost
      try {
        const parsed = parseInput(name, input)
        return await activity.follow(name, parsed, () => handlers[name](parsed, { signal }))
      } catch (error) {
        const failure = asLabError(error)
        if (options.log !== undefined) logFailure(options.log, name, failure)
        throw failure
      }
    },
    listen: <Name extends EventName>(name: Name, listener: (payload: Events[Name]) => void) =>
      bus.listen(name, listener),
    close: () => {
      closing ??= (async () => {
        await archive.announce(null).catch(() => undefined)
        const replayed = replays.close()
        await Promise.all([queue.close(CLOSE_LIMIT_MS), closeSweeps()])
        // Callers have heard by now what became of their work.
        await callers?.close()
        await Promise.all([compute, analysis, matcher].map((thread) => thread.terminate()))
        await Promise.all([reader.close(), uploads.close()])
        await Promise.all([replayed, library.close()])
        await archive.close()
        options.log?.write('info', 'close', 'the archive is closed')
      })()
      return closing
    },
    get callers() {
      return callers
    },
  }
  if (options.readOnly !== true) {
    // Loaded when it is needed: reading commands start faster without it.
    const { listenToCallers } = await import('./owner/listen.js')
    callers = await listenToCallers(lab, archive.folder)
    // Where that cannot be written, other programs are refused as before.
    await archive.announce(callers === null ? 'none' : callers.socket).catch(() => undefined)
  }
  if (options.host !== 'terminal') library.warm().catch(() => undefined)
  sweeps.begin()
  queue.begin()
  return lab
}
