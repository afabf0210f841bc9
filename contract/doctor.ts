import type { ExecutorName } from './common.js'

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
}

export interface DoctorReport {
  checks: DoctorCheck[]
  /** The executor that `auto` takes here. */
  executor: ExecutorName
  executorNote: string
}

/** What the status bar and the frame need once. */
export interface LabInfo {
  version: string
  archiveFolder: string
  shelfFolder: string
  executor: ExecutorName
  executorNote: string
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
}

/** What the user chose to keep; stored in the archive's folder. */
export interface LabSettings {
  theme: 'system' | 'light' | 'dark'
  density: 'compact' | 'normal' | 'comfortable'
  railLabels: boolean
  /** Whether queued runs start by themselves. */
  queueHeld: boolean
}
