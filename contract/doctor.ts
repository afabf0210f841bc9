import type { ExecutorName } from './common.js'
import type { ComputeDevice } from './device.js'

/** One line of the check list, with one remedy when something is missing. */
export interface DoctorCheck {
  id: string
  group: 'executors' | 'gpu' | 'datasets' | 'hosts' | 'archive' | 'system'
  label: string
  state: 'good' | 'missing' | 'warning' | 'bad'
  /** What was found. */
  detail: string
  /** What to do, as one sentence or one command; null when nothing is to be done. */
  remedy: string | null
  /** A folder that the window can show; absent: none. */
  folder?: string
}

/** Whether one executor works on this machine. */
export interface ExecutorStatus {
  name: ExecutorName
  works: boolean
  /** What runs, `WebAssembly, 1 thread`; or why it does not start. */
  detail: string
  /** What to do when it does not start. */
  remedy: string | null
  /** What it computes on; null when it does not start. */
  device: ComputeDevice | null
}

export interface DoctorReport {
  checks: DoctorCheck[]
  /** The executor that `auto` takes here. */
  executor: ExecutorName
  /** Why that one, and which faster ones should have started and did not. */
  executorNote: string
  /** All of them, in the order of `EXECUTORS`; empty when none could be tried. */
  executors: ExecutorStatus[]
}

/** What the status bar and the frame need once. */
export interface LabInfo {
  version: string
  archiveFolder: string
  storeFolder: string
  /** Where logs are kept; absent where none is written. */
  logFolder?: string
  /** What `auto` takes here, and why. */
  executor: ExecutorName
  executorNote: string
  executors: ExecutorStatus[]
  threads: number
  platform: string
  /** `electron`, `browser` or `command line`. */
  host: 'electron' | 'browser' | 'terminal'
  totalMemoryBytes: number
}

/** Refreshed every few seconds for the status bar. */
export interface LabVitals {
  processMemoryBytes: number
  totalMemoryBytes: number
  freeDiskBytes: number
  runningRun: string | null
  queuedRuns: number
  /** What is wrong with files of the archive, in sentences; empty when all is well. */
  archiveProblems: string[]
}

/** What the user chose to keep; stored in the archive's folder. */
export interface LabSettings {
  theme: 'system' | 'light' | 'dark'
  density: 'compact' | 'normal' | 'comfortable'
  railLabels: boolean
  /** Whether queued runs start by themselves. */
  queueHeld: boolean
  /** What runs that leave the choice open compute with; `auto` is the fastest. */
  executor: ExecutorName | 'auto'
  /** Number of runs that compute at once, 1 to {@link MOST_SLOTS}. */
  slots: number
  /** Threads of each of them, >= 1; null divides the processors evenly. */
  threadsPerSlot: number | null
  /** Where the first run computes, see {@link SLOT_KINDS}; absent: `thread`. */
  slotKind?: SlotKind
  /** Keys of shortcuts that were changed, by the id of the shortcut (`Run: C`); absent: none. */
  shortcuts?: Readonly<Record<string, string>>
}

/**
 * `thread`: in the program itself. `process`: in a process of its own, so that a crash of a native library costs a run only time;
 * runs after the first always compute in one.
 */
export const SLOT_KINDS = ['thread', 'process'] as const
export type SlotKind = (typeof SLOT_KINDS)[number]

/** More jobs at once than this need a cluster. */
export const MOST_SLOTS = 16
