import type {
  CommandInput,
  CommandName,
  CommandOutput,
  LabInfo,
  ModelSpectrum,
  PlaneResult,
  Preset,
} from '../contract/index.js'
import type { ActivityList } from './jobs/activity.js'
import type { Archive } from './archive/archive.js'
import type { DataPlaces } from './compute/jobTable.js'
import type { PredictionCache } from './compute/predictionCache.js'
import type { ModelReader } from './compute/modelReader.js'
import type { WorkerThread } from './compute/workerThread.js'
import type { DatasetStore } from './datasets/storeFolder.js'
import type { EventBus } from './eventBus.js'
import type { Labels } from './library/labels.js'
import type { OpenLibrary } from './library/index.js'
import type { Log } from './log/log.js'
import type { LookBook } from './lookBook.js'
import type { Machine } from './machine.js'
import type { ModelRegistry } from './models/registry.js'
import type { Uploads } from './models/uploads.js'
import type { ResultStore } from './probes/resultStore.js'
import type { Sweeps } from './probes/sweeps.js'
import type { Queue } from './jobs/runs/queue.js'
import type { ReproPlan } from './repro/plan.js'

/** How a lab is opened. */
export interface LabOptions {
  /** Where runs are kept; made when absent. One lab at a time has it open. */
  archiveFolder: string
  /** Folders in which datasets are looked for first. */
  dataFolders: readonly string[]
  /** Where imported and downloaded datasets are put. */
  storeFolder: string
  host: LabInfo['host']
  /** Opens the archive without its lock and refuses every command that would change it. */
  readOnly?: boolean
  /** Takes the archive from another workbench that still has it; see `LockOptions`. */
  takeOver?: boolean
  /** Reported why opening takes longer, in words. */
  waiting?: (text: string) => void
  /** `computeThread.mjs`, or its bundle. */
  computeThread: URL
  version: string
  /** Holds `presets/`. */
  resourcesFolder: string
  /** Where the program logs what it does; absent for a command that ends soon. */
  log?: Log
  /** Sets values of the plan of every replay by hand, as `lab repro --set` does; tests make it small. */
  changeReplay?: (plan: ReproPlan) => void
}

/** What the handlers of commands share. */
export interface LabContext {
  options: LabOptions
  archive: Archive
  datasetStore: DatasetStore
  /** Imported models. */
  models: ModelRegistry
  /** Reads model files on a thread of its own. */
  reader: ModelReader
  uploads: Uploads
  /** Where datasets are looked for: shared with the dataset store, and given to the threads with every job. */
  places: DataPlaces & { folders: string[] }
  /** Where the predictions of models on clean images are kept. */
  cache: PredictionCache
  /** The slots that may load the native library, used like one thread; they run experiments and sweeps. */
  compute: WorkerThread
  /** Plain computing beside it: pruning, fits, spectra, figures. */
  analysis: WorkerThread
  /** Matches layers, which takes seconds: tables of the library are read beside it. */
  matcher: WorkerThread
  /** Id of a run or sweep that computes now; null while none does. */
  computing(): string | null
  queue: Queue
  bus: EventBus
  presets: readonly Preset[]
  machine: Machine
  /** Long commands that compute now. */
  activity: ActivityList
  /** The runs as a table, and what users have set of them. */
  library: OpenLibrary['library']
  labels: Labels
  /** Runs of other programs, and all runs of the library. */
  imported: OpenLibrary['imported']
  source: OpenLibrary['source']
  /** Colours and dashes of runs and models. */
  looks: LookBook
  sweeps: Sweeps
  spectra: ResultStore<ModelSpectrum>
  planes: ResultStore<PlaneResult>
  /** Program, node, platform, libraries, as results record them. */
  versions: Record<string, string>
}

/** What a handler knows of its caller. */
export interface CallContext {
  signal: AbortSignal
}

/** One handler for each command. */
export type Handlers = {
  [Name in CommandName]: (input: CommandInput<Name>, call: CallContext) => Promise<CommandOutput<Name>>
}
export type SomeHandlers<Names extends CommandName> = Pick<Handlers, Names>
