import type { Command } from './command.js'
import type { WireError } from './errors.js'
import type { ReplayReport } from './replayReport.js'
import type { ReproScale } from './replayScale.js'
import type { SweepId } from './robustness.js'
import type { RunId } from './runId.js'

/** What a replay follows from besides its images. */
export interface ReplayRequest {
  scale: ReproScale
  /** Of weights, shuffling, noise, image and plane; 0 to 2³² - 1. */
  seed: number
}

/** Scale and seed, `demo-seed1`: the same request is the same replay. */
export type ReplayId = string

/** `paused`: it continues when it is started again; `interrupted`: the program was closed or died meanwhile. */
export const REPLAY_STATES = ['running', 'paused', 'interrupted', 'finished', 'failed'] as const
export type ReplayState = (typeof REPLAY_STATES)[number]

/** Where a replay is, or where it was when it ended. */
export interface ReplayProgress {
  /** The step in words: `Robustness, fgsm`. */
  label: string
  /** Number of the step, from 1, and of all. */
  number: number
  total: number
  /** Share of the reckoned work that is done, in [0, 1]. */
  fraction: number
  secondsLeft: number
  /** The run or sweep of the archive that the step waits for. */
  work: RunId | SweepId | null
}

/** A replay in the archive. Times are ISO 8601. */
export interface ReplayRecord extends ReplayRequest {
  id: ReplayId
  version: 1
  state: ReplayState
  /** Root of its file tree. */
  folder: string
  createdAt: string
  changedAt: string
  /** Null before its first step and once it is finished. */
  progress: ReplayProgress | null
  /** What it last reported, or why it is paused. */
  note: string | null
  error: WireError | null
}

/** What a scale costs and whether it can start. */
export interface ReplayScale {
  scale: ReproScale
  /** Reckoned for two quiet cores; null where it cannot start. */
  seconds: number | null
  /** Which images it takes. */
  note: string
  /** Why it cannot start. */
  missing: WireError | null
}

/** Commands of the paper's replay. One computes at a time. */
export interface ReplayCommands {
  'replay.scales': Command<null, ReplayScale[]>
  /** The last changed first. */
  'replay.list': Command<null, ReplayRecord[]>
  /** `report` null until there is one. */
  'replay.get': Command<{ id: ReplayId }, { record: ReplayRecord; report: ReplayReport | null }>
  /** Begins, or goes on with what is there. */
  'replay.start': Command<ReplayRequest, ReplayRecord>
  /** Ends the current step where it can continue; answers when the replay has ended. */
  'replay.pause': Command<{ id: ReplayId }, ReplayRecord>
  /** The bytes of a file of its tree, such as `report.html`, for the browser. */
  'replay.readFile': Command<{ id: ReplayId; path: string }, Uint8Array>
}

/** At most four a second while a step is in progress. */
export interface ReplayEvents {
  'replay.changed': { record: ReplayRecord }
}
