import type {
  LabError,
  ArrayName,
  ArrayRecord,
  ExperimentSpec,
  LabSettings,
  LayerOrigin,
  MetricColumns,
  MetricName,
  MetricRecord,
  RunFile,
  RunGroup,
  RunId,
  RunNotice,
  RunRecord,
} from '../../contract/index.js'
import type { LockOwner } from './lock/owner.js'
import type { ArchiveProblems } from './problems.js'

/** What a checkpoint holds on disk; the same as the engine's, which the lab may not import. */
export interface StoredCheckpoint {
  epoch: number
  step: number
  tensors: Record<string, { data: Float32Array; shape: readonly number[] }>
  state: Record<string, unknown>
}

/** What a run begins with besides its spec. */
export interface RunBeginning {
  group?: RunGroup | null
  /** Where the layer under a hybrid came from, and its file. */
  layer?: { origin: LayerOrigin; file: Uint8Array } | null
}

/**
 * The runs on disk (docs/ARCHITECTURE.md, "A run on disk"). Every write is atomic or append-only; a line cut short by a
 * crash is dropped on reading, with a notice. One archive has one owner at a time.
 */
export interface Archive {
  readonly folder: string
  /** All runs, newest first. A run whose `run.json` cannot be read is listed as failed, with the reason; it is never hidden, and its record is never written over. */
  list(): Promise<RunRecord[]>
  /** Makes `runs/<id>/` with spec.json, the files that it starts from, and run.json last, state queued. */
  create(spec: ExperimentSpec, versions: Record<string, string>, beside?: RunBeginning): Promise<RunRecord>
  /**
   * Makes the runs of a group, which differ in their seeds: all of them, or none after a failure or a crash.
   *
   * @param specs - one for each run; a single one makes no group
   * @returns their records in this order
   */
  createGroup(
    specs: readonly ExperimentSpec[],
    versions: Record<string, string>,
    beside?: Pick<RunBeginning, 'layer'>,
  ): Promise<RunRecord[]>
  /** @throws LabError `run.missing`, `file.damaged`, `archive.newerVersion` */
  read(id: RunId): Promise<{ record: RunRecord; spec: ExperimentSpec }>
  /** Writes run.json with these fields changed; calls for one run are carried out one after the other. @throws LabError `file.damaged`, `file.unreadable`, `archive.newerVersion` for a record that cannot be read */
  update(id: RunId, changes: Partial<Omit<RunRecord, 'id' | 'version'>>): Promise<RunRecord>
  remove(id: RunId): Promise<void>
  /** @throws LabError `run.missing` */
  expectRun(id: RunId): void
  /** Lists and returns records through this function, with the names and tags that users gave; what is on disk stays. */
  showAs(shown: (record: RunRecord) => RunRecord): void

  appendMetrics(id: RunId, records: readonly MetricRecord[]): Promise<void>
  readMetrics(id: RunId, names: readonly MetricName[] | null): Promise<Partial<Record<MetricName, MetricColumns>>>
  appendNotice(id: RunId, notice: RunNotice): Promise<void>
  readNotices(id: RunId): Promise<RunNotice[]>
  writeArray(id: RunId, array: ArrayRecord): Promise<void>
  /** @throws LabError `run.nothingToShow` */
  readArray(id: RunId, name: ArrayName, epoch: number | null): Promise<ArrayRecord>
  arrayEpochs(id: RunId, name: ArrayName): Promise<number[]>

  /** Safetensors beside a JSON file of plain values; keeps the last `keep` and removes older ones after the new one is safe. */
  writeCheckpoint(id: RunId, checkpoint: StoredCheckpoint, keep: number): Promise<void>
  /** The last checkpoint that reads whole; a damaged one is passed over with a notice. Null when there is none. */
  readLastCheckpoint(id: RunId): Promise<StoredCheckpoint | null>
  /** Removes metrics and arrays measured after this step, so that a resumed run has one joined curve. */
  rewindTo(id: RunId, step: number, epoch: number): Promise<void>

  /** Any other file of a run (`model.pty`, `figures/…`), atomically. `path` is relative and stays inside the run's folder. */
  writeFile(id: RunId, path: string, bytes: Uint8Array): Promise<void>
  readFile(id: RunId, path: string): Promise<Uint8Array>
  files(id: RunId): Promise<RunFile[]>
  /** The absolute path of a file of a run. @throws LabError `file.unreadable` for a path that leaves the run's folder */
  pathOf(id: RunId, path: string): string

  readSettings(): Promise<LabSettings>
  /** Writes the settings with these changed, one caller after the other, and returns all of them. */
  changeSettings(changes: Partial<LabSettings>): Promise<LabSettings>
  /** Order of the waiting runs, kept over restarts. */
  readQueue(): Promise<RunId[]>
  writeQueue(ids: readonly RunId[]): Promise<void>

  /** What is wrong with files of the archive, in sentences: files that were damaged and kept under another name, results that cannot be read. */
  readonly problems: ArchiveProblems

  /** For whoever writes into the archive's folder by itself. @throws LabError `archive.lost` when another program has taken it over */
  expectOwned(): Promise<void>
  /** Calls back once when another program has taken the archive over; every writing method then refuses with `archive.lost`. */
  onLost(listener: (error: LabError) => void): void
  /** Tells other programs where this one answers their commands (lab/owner); null takes that back, `none` says that it cannot. */
  announce(socket: LockOwner['socket']): Promise<void>
  /** Lets go of the lock. */
  close(): Promise<void>
}
